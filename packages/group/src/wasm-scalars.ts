import { countItems } from './batch.ts';
import { SCALAR_BYTES } from './engine.ts';
import { checkOneScalar } from './scalars.ts';

const WIDE_BYTES = 2 * SCALAR_BYTES;

interface Constant {
  readonly value: number;
}

/** What the module exports for scalars; `packages/group/wasm/scalars.ts` says what each does. */
export interface ScalarExports {
  readonly reduceWide: (to: number, from: number, count: number) => void;
  readonly subtractProduct: (to: number, a: number, b: number, c: number) => void;
  readonly prepareDigits: (to: number, scalar: number) => void;
  readonly scalarArea: Constant;
  readonly scalarAreaBytes: Constant;
}

/**
 * Reduces integers of 64 bytes modulo ℓ, as `Engine.scalarsFromWide` promises it, in a module that has
 * `addScalars`. Nothing of them stays in the module's memory.
 * @param memory all of the module's memory, which does not grow
 * @returns 32·n bytes
 * @throws GroupError `batch_length`
 */
export function scalarsFromWideIn(exports: ScalarExports, memory: Uint8Array, wide: Uint8Array): Uint8Array {
  const count = countItems(wide, WIDE_BYTES, 'wide scalars');
  const scalars = new Uint8Array(count * SCALAR_BYTES);
  const area = exports.scalarArea.value;
  const most = Math.floor(exports.scalarAreaBytes.value / WIDE_BYTES);
  for (let first = 0; first < count; first += most) {
    const part = wide.subarray(first * WIDE_BYTES, Math.min(first + most, count) * WIDE_BYTES);
    memory.set(part, area);
    exports.reduceWide(area, area, part.length / WIDE_BYTES);
    scalars.set(memory.subarray(area, area + part.length / 2), first * SCALAR_BYTES);
    memory.fill(0, area, area + part.length);
  }
  return scalars;
}

/**
 * a − b·c modulo ℓ, as `Engine.subtractProduct` promises it, in a module that has `addScalars`. Nothing of it
 * stays in the module's memory.
 * @param memory all of the module's memory, which does not grow
 * @throws GroupError `scalar_invalid`, `batch_length`
 */
export function subtractProductIn(
  exports: ScalarExports,
  memory: Uint8Array,
  a: Uint8Array,
  b: Uint8Array,
  c: Uint8Array,
): Uint8Array {
  const operands = [a, b, c];
  for (const scalar of operands) checkOneScalar(scalar);
  const area = exports.scalarArea.value;
  operands.forEach((scalar, i) => {
    memory.set(scalar, area + i * SCALAR_BYTES);
  });
  exports.subtractProduct(area, area, area + SCALAR_BYTES, area + 2 * SCALAR_BYTES);
  const result = memory.slice(area, area + SCALAR_BYTES);
  memory.fill(0, area, area + operands.length * SCALAR_BYTES);
  return result;
}
