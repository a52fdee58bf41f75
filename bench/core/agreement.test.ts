import { describe, expect, it } from 'vitest';
import { checkAgreement, type Results } from './agreement.ts';

const results = (count: number, fill: number): Results => ({
  evaluate: new Uint8Array(32 * count).fill(fill),
  hashToGroup: new Uint8Array(32 * count).fill(fill),
  fixedBase: new Uint8Array(32 * count).fill(fill),
});

describe('the agreement', () => {
  it('is accepted where one side has fewer elements', () => {
    expect(() => {
      checkAgreement('wasm', results(2, 7), results(5, 7));
    }).not.toThrow();
  });

  it('names the operation and the element that differ in one bit', () => {
    const mine = results(3, 7);
    mine.fixedBase[65] = 6;
    expect(() => {
      checkAgreement('wasm', mine, results(3, 7));
    }).toThrow('wasm gives another result than libsodium for fixedBase, element 2');
  });

  it('is refused when there is nothing to compare', () => {
    expect(() => {
      checkAgreement('wasm', results(0, 7), results(3, 7));
    }).toThrow('nothing to compare');
  });
});
