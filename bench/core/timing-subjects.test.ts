import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ALL_CARRY, ALL_SEVEN, FIXED_SCALARS, SPARSE, type FixedScalar } from './timing-subjects.ts';

/** What of an engine's module is looked at: `prepareDigits(to, scalar)` writes 64 signed integers of 32 bits. */
interface Recoding {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly input: { readonly value: number };
  readonly digits: { readonly value: number };
  readonly prepareDigits: (to: number, scalar: number) => void;
}

// Neither Node's types nor the language's declare WebAssembly.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: Recoding };
  };
};

/** The digits of half the scalar as the engine itself recodes them, the least significant first. */
function digitsOf({ scalar }: FixedScalar): number[] {
  const file = createRequire(import.meta.url).resolve('@blindmatch/group/ristretto255-int.wasm');
  const { memory, input, digits, prepareDigits } = new WebAssembly.Instance(
    new WebAssembly.Module(readFileSync(file)),
  ).exports;
  new Uint8Array(memory.buffer).set(scalar, input.value);
  prepareDigits(digits.value, input.value);
  return [...new Int32Array(memory.buffer, digits.value, 64)];
}

/** The same digits of a half, one after the other with carries. */
function carriedDigits(half: bigint): number[] {
  let rest = half;
  return Array.from({ length: 64 }, () => {
    const unsigned = Number(rest & 15n);
    const digit = unsigned < 8 ? unsigned : unsigned - 16;
    rest = (rest - BigInt(digit)) >> 4n;
    return digit;
  });
}

const HALVES: readonly [FixedScalar, bigint][] = [
  [SPARSE, 1n],
  [ALL_SEVEN, BigInt(`0x${'7'.repeat(63)}`)],
  [ALL_CARRY, BigInt(`0x${'7'.repeat(62)}8`)],
];

describe('the fixed scalars', () => {
  it('are these three, each with the half that its name says, as the engine recodes it', () => {
    expect(HALVES.map(([fixed]) => fixed)).toEqual(FIXED_SCALARS);
    for (const [fixed, half] of HALVES) expect(digitsOf(fixed)).toEqual(carriedDigits(half));
  });

  it('have one whose digits are zero but for the lowest', () => {
    expect(digitsOf(SPARSE)).toEqual([1, ...Array<number>(63).fill(0)]);
  });

  it('have one whose digits are the same everywhere below the highest', () => {
    expect(digitsOf(ALL_SEVEN)).toEqual([...Array<number>(63).fill(7), 0]);
  });

  it('have one whose carry runs through all digits and leaves the lowest everywhere', () => {
    expect(digitsOf(ALL_CARRY)).toEqual([...Array<number>(63).fill(-8), 1]);
  });
});
