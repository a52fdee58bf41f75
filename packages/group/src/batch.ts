import { GroupError } from './errors.ts';

/**
 * How many items of `width` bytes a flat batch holds.
 * @throws GroupError `batch_length` when it isn't a whole number
 */
export function countItems(batch: Uint8Array, width: number, what: string): number {
  if (batch.length % width !== 0) {
    throw new GroupError(
      'batch_length',
      `Give ${what} as whole items of ${width} bytes; got ${batch.length} bytes.`,
    );
  }
  return batch.length / width;
}

/**
 * The number of items in both of two batches of 32-byte items.
 * @throws GroupError `batch_length` when they differ
 */
export function countPairs(elements: Uint8Array, scalars: Uint8Array): number {
  const count = countItems(elements, 32, 'elements');
  if (countItems(scalars, 32, 'scalars') !== count) {
    throw new GroupError(
      'batch_length',
      `Give as many scalars as elements; got ${scalars.length / 32} for ${count}.`,
    );
  }
  return count;
}

/** Item `index` of a flat batch, as a view. */
export function itemAt(batch: Uint8Array, index: number, width: number): Uint8Array {
  return batch.subarray(index * width, (index + 1) * width);
}
