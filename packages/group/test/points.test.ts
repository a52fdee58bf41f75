import { describe, expect, it } from 'vitest';
import type { EngineName, Points } from '../src/engine.ts';
import { checkPoints, type PointsLayout } from '../src/points.ts';
import { refusal } from './refusal.ts';

const points = (engine: EngineName, count: number): Points => ({
  engine,
  count,
  normalized: true,
  bytes: new Uint8Array(32 * count),
});

const layout = (engine: EngineName): PointsLayout => ({ engine, bytes: (count) => 32 * count });

describe('checkPoints', () => {
  it('gives how many points there are', () => {
    expect(checkPoints(layout('wasm'), points('wasm', 3))).toBe(3);
    expect(checkPoints(layout('noble'), points('noble', 0))).toBe(0);
    expect(checkPoints(layout('noble'), points('noble', 2), points('noble', 2))).toBe(2);
  });

  it.each([
    ['the first', points('wasm-int', 2), points('wasm', 2)],
    ['the second', points('wasm', 2), points('wasm-int', 2)],
    ['the second, of another size too', points('wasm', 2), points('noble', 3)],
  ])('refuses points of another engine: %s', (_, a, b) => {
    expect(refusal(() => checkPoints(layout('wasm'), a, b))).toEqual({
      code: 'points_foreign',
      index: undefined,
    });
  });

  it('refuses a single batch of another engine', () => {
    expect(refusal(() => checkPoints(layout('wasm'), points('noble', 1)))).toEqual({
      code: 'points_foreign',
      index: undefined,
    });
  });

  it.each([
    [2, 3],
    [1, 0],
    [0, 1],
  ])('refuses %i points with %i', (left, right) => {
    expect(refusal(() => checkPoints(layout('wasm'), points('wasm', left), points('wasm', right)))).toEqual({
      code: 'batch_length',
      index: undefined,
    });
  });

  it('refuses points that are not whole', () => {
    const cut = { ...points('wasm', 2), bytes: new Uint8Array(63) };
    const refused = { code: 'batch_length', index: undefined };
    expect(refusal(() => checkPoints(layout('wasm'), cut))).toEqual(refused);
    expect(refusal(() => checkPoints(layout('wasm'), points('wasm', 2), cut))).toEqual(refused);
    expect(refusal(() => checkPoints(layout('wasm'), { ...cut, count: 1e6 }))).toEqual(refused);
  });
});
