import { createHash } from 'node:crypto';
import { toHex } from './published-vectors.ts';

/** Each item of a flat batch in hexadecimal. */
export function items(batch: Uint8Array, width = 32): string[] {
  return Array.from({ length: Math.ceil(batch.length / width) }, (_, i) =>
    toHex(batch.subarray(width * i, width * (i + 1))),
  );
}

export function concat(...batches: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(batches));
}

/**
 * The first item in which two batches differ, with both values; undefined when they are equal. For batches too
 * large to print.
 */
export function firstDifference(
  actual: Uint8Array,
  expected: Uint8Array,
  width = 32,
): { readonly index: number; readonly actual: string; readonly expected: string } | undefined {
  if (Buffer.compare(actual, expected) === 0) return undefined;
  const [left, right] = [items(actual, width), items(expected, width)];
  const index = Array.from({ length: Math.max(left.length, right.length) }).findIndex(
    (_, i) => left[i] !== right[i],
  );
  return { index, actual: left[index] ?? 'nothing', expected: right[index] ?? 'nothing' };
}

/** `length` bytes that look random and are the same in every run. */
export function bytesFromSeed(seed: string, length: number): Uint8Array {
  return new Uint8Array(createHash('shake256', { outputLength: length }).update(seed).digest());
}
