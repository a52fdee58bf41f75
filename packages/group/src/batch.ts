import { ELEMENT_BYTES, SCALAR_BYTES, type ByteStrings } from './engine.ts';
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

/**
 * How many elements there are, after checking that there is a root for each.
 * @throws GroupError `batch_length`
 */
export function countRooted(elements: Uint8Array, roots: Uint8Array): number {
  const count = countItems(elements, ELEMENT_BYTES, 'elements');
  if (roots.length !== elements.length) {
    const message = `Give as many roots as elements; got ${roots.length} bytes for ${elements.length}.`;
    throw new GroupError('batch_length', message);
  }
  return count;
}

/** Item `index` of a flat batch, as a view. */
export function itemAt(batch: Uint8Array, index: number, width: number): Uint8Array {
  return batch.subarray(index * width, (index + 1) * width);
}

/**
 * How many strings there are, after checking that the offsets cut all the bytes into strings.
 * @throws GroupError `batch_length` when they don't
 */
export function checkOffsets({ bytes, offsets }: ByteStrings): number {
  let rising = offsets[0] === 0;
  for (let i = 1; i < offsets.length; i++) rising &&= (offsets[i - 1] ?? 0) <= (offsets[i] ?? 0);
  if (!rising || offsets[offsets.length - 1] !== bytes.length) {
    const message = 'Give offsets of strings that start at 0, never fall and end where the bytes end.';
    throw new GroupError('batch_length', message);
  }
  return offsets.length - 1;
}
