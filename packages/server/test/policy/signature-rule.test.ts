import { describe, expect, it } from 'vitest';
import { formatSignatureRule, isMet, parseSignatureRule } from '../../src/policy/signature-rule.ts';

describe('a rule of signatures', () => {
  it.each([
    ['1 of role official', [{ count: 1, role: 'official' }]],
    [
      '1 of role certifier and 2 of role official',
      [
        { count: 1, role: 'certifier' },
        { count: 2, role: 'official' },
      ],
    ],
    ['16 of role deputy_head-2', [{ count: 16, role: 'deputy_head-2' }]],
  ])('%j is read, and written the same', (text, rule) => {
    expect(parseSignatureRule(text)).toEqual(rule);
    expect(formatSignatureRule(rule)).toBe(text);
  });

  it.each([
    ['', 'must be like'],
    ['official', 'must be like'],
    ['0 of role official', 'must be like'],
    ['01 of role official', 'must be like'],
    ['-1 of role official', 'must be like'],
    ['1 of role Official', 'must be like'],
    ['1 of role official ', 'must be like'],
    ['1 of role official or 1 of role head', 'must be like'],
    ['1 of role official and', 'must be like'],
    ['1 of role official and 2 of role official', 'no role twice'],
    ['1 of role certifier', 'must ask for an official'],
    ['9 of role official and 8 of role head', 'at most the 16'],
  ])('%j is refused', (text, told) => {
    expect(() => parseSignatureRule(text)).toThrow(told);
  });

  it('is met only by as many of every role', () => {
    const rule = parseSignatureRule('1 of role certifier and 2 of role official');
    const met = (certifiers: number, officials: number): boolean =>
      isMet(
        rule,
        new Map([
          ['certifier', certifiers],
          ['official', officials],
          ['head', 9],
        ]),
      );
    expect([met(1, 2), met(2, 3), met(0, 9), met(1, 1), met(9, 0)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(isMet(rule, new Map())).toBe(false);
  });
});
