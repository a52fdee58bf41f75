import { describe, expect, it } from 'vitest';
import { dayOf, standingOf, type Validity } from '../../src/policy/key-validity.ts';

const always: Validity = { validFrom: undefined, validUntil: undefined, revoked: undefined };

describe('a key', () => {
  it.each([
    ['at any time', {}, '2026-06-01T00:00:00Z', 'valid'],
    ['before its first day', { validFrom: '2026-06-01' }, '2026-05-31T23:59:59.999Z', 'outside'],
    ['from its first moment on', { validFrom: '2026-06-01' }, '2026-06-01T00:00:00Z', 'valid'],
    ['to its last moment', { validUntil: '2026-06-01' }, '2026-06-01T23:59:59.999Z', 'valid'],
    ['after its last day', { validUntil: '2026-06-01' }, '2026-06-02T00:00:00Z', 'outside'],
    [
      'on its only day',
      { validFrom: '2026-06-01', validUntil: '2026-06-01' },
      '2026-06-01T12:00:00Z',
      'valid',
    ],
    ['before it is revoked', { revoked: '2026-06-01' }, '2026-05-31T23:59:59.999Z', 'valid'],
    ['from the day of its revocation on', { revoked: '2026-06-01' }, '2026-06-01T00:00:00Z', 'revoked'],
    [
      'that was revoked and ended',
      { validUntil: '2026-01-01', revoked: '2026-01-01' },
      '2026-06-01T00:00:00Z',
      'revoked',
    ],
  ] as const)('%s', (_, changes, now, standing) => {
    expect(standingOf({ ...always, ...changes }, new Date(now))).toBe(standing);
  });

  it('lives by days in UTC', () => {
    expect(dayOf(new Date('2026-05-31T22:00:00-04:00'))).toBe('2026-06-01');
  });
});
