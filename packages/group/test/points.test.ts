import { describe, expect, it } from 'vitest';
import type { EngineName, Points } from '../src/engine.ts';
import { checkPoints } from '../src/points.ts';
import { refusal } from './refusal.ts';

const points = (engine: EngineName, count: number): Points => ({
  engine,
  count,
  normalized: true,
  bytes: new Uint8Array(32 * count),
});

describe('checkPoints', () => {
  it('gives how many points there are', () => {
    expect(checkPoints(points('wasm', 3), 'wasm')).toBe(3);
    expect(checkPoints(points('noble', 0), 'noble')).toBe(0);
    expect(checkPoints(points('noble', 2), 'noble', points('noble', 2))).toBe(2);
  });

  it.each([
    ['the first', points('wasm-int', 2), points('wasm', 2)],
    ['the second', points('wasm', 2), points('wasm-int', 2)],
    ['the second, of another size too', points('wasm', 2), points('noble', 3)],
  ])('refuses points of another engine: %s', (_, a, b) => {
    expect(refusal(() => checkPoints(a, 'wasm', b))).toEqual({ code: 'points_foreign', index: undefined });
  });

  it('refuses a single batch of another engine', () => {
    expect(refusal(() => checkPoints(points('noble', 1), 'wasm'))).toEqual({
      code: 'points_foreign',
      index: undefined,
    });
  });

  it.each([
    [2, 3],
    [1, 0],
    [0, 1],
  ])('refuses %i points with %i', (left, right) => {
    expect(refusal(() => checkPoints(points('wasm', left), 'wasm', points('wasm', right)))).toEqual({
      code: 'batch_length',
      index: undefined,
    });
  });
});
