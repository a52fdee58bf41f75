import { nobleEngine } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { checkKey, deriveKeyPair, generateKey, publicKeyOf } from '../src/key.ts';
import { refusal } from './refusal.ts';
import { fromHex, toHex } from './vectors.ts';

const ORDER = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';

describe('keys', () => {
  it('are 64 random bytes modulo the order', () => {
    const five = fromHex('05', '00'.repeat(63));
    expect(toHex(generateKey(nobleEngine, () => five))).toBe(`05${'00'.repeat(31)}`);
    expect(toHex(generateKey(nobleEngine, () => fromHex('ff'.repeat(64))))).not.toBe('ff'.repeat(32));
  });

  it('wipe the random bytes that they were made from', () => {
    const random = fromHex('05', '00'.repeat(63));
    generateKey(nobleEngine, () => random);
    expect(toHex(random)).toBe('00'.repeat(64));
  });

  it('differ from one to the next', () => {
    expect(toHex(generateKey(nobleEngine))).not.toBe(toHex(generateKey(nobleEngine)));
  });

  it('are not made of a broken generator that gives zeros', async () => {
    expect(await refusal(() => generateKey(nobleEngine, () => new Uint8Array(64)))).toMatchObject({
      code: 'key_invalid',
    });
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['the order', ORDER],
    ['all ones', 'ff'.repeat(32)],
    ['31 bytes', '01'.repeat(31)],
    ['two scalars', '01'.repeat(64)],
    ['nothing', ''],
  ])('are refused when they are %s', async (_, key) => {
    expect(
      await refusal(() => {
        checkKey(fromHex(key));
      }),
    ).toMatchObject({ code: 'key_invalid' });
    expect(await refusal(() => publicKeyOf(nobleEngine, fromHex(key)))).toMatchObject({
      code: 'key_invalid',
    });
  });

  it('are derived from 32 bytes of seed and nothing else', async () => {
    expect(
      await refusal(() => deriveKeyPair(nobleEngine, new Uint8Array(31), new Uint8Array())),
    ).toMatchObject({
      code: 'seed_invalid',
    });
    const long = new Uint8Array(65_536);
    expect(await refusal(() => deriveKeyPair(nobleEngine, new Uint8Array(32), long))).toMatchObject({
      code: 'input_too_long',
    });
  });

  it('depend on the seed and on the info', () => {
    const keys = [
      deriveKeyPair(nobleEngine, new Uint8Array(32), Uint8Array.of(1)),
      deriveKeyPair(nobleEngine, new Uint8Array(32), Uint8Array.of(2)),
      deriveKeyPair(nobleEngine, new Uint8Array(32).fill(1), Uint8Array.of(1)),
    ].map(({ key }) => toHex(key));
    expect(new Set(keys).size).toBe(3);
  });
});
