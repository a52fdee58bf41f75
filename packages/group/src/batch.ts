import { SCALAR_BYTES } from './engine.ts';
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
 * Check that there is a scalar for each of `count` points.
 * @throws GroupError `batch_length` when there is not
 */
export function countPairs(count: number, scalars: Uint8Array): void {
  if (countItems(scalars, SCALAR_BYTES, 'scalars') !== count) {
    throw new GroupError(
      'batch_length',
      `Give as many scalars as points; got ${scalars.length / SCALAR_BYTES} for ${count}.`,
    );
  }
}

/** Item `index` of a flat batch, as a view. */
export function itemAt(batch: Uint8Array, index: number, width: number): Uint8Array {
  return batch.subarray(index * width, (index + 1) * width);
}
