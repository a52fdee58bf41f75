import sodium from 'libsodium-wrappers-sumo';
import { ELEMENT_BYTES, SCALAR_BYTES, UNIFORM_BYTES } from '@blindmatch/group';

/** The three operations of libsodium that are compared, over flat batches, an element at a call. */
export interface LibsodiumWasm {
  /** crypto_scalarmult_ristretto255: decode, multiply by one scalar, encode. */
  evaluate(key: Uint8Array, elements: Uint8Array): Uint8Array;
  /** crypto_core_ristretto255_from_hash: derive from 64 bytes, encode. */
  hashToGroup(uniform: Uint8Array): Uint8Array;
  /** crypto_scalarmult_ristretto255_base: the generator times each scalar, encode. */
  fixedBase(scalars: Uint8Array): Uint8Array;
}

function each(batch: Uint8Array, width: number, element: (item: Uint8Array) => Uint8Array): Uint8Array {
  const count = batch.length / width;
  const elements = new Uint8Array(count * ELEMENT_BYTES);
  for (let i = 0; i < count; i++) {
    elements.set(element(batch.subarray(i * width, (i + 1) * width)), i * ELEMENT_BYTES);
  }
  return elements;
}

/** libsodium compiled to WebAssembly, as the npm registry has it. */
export async function loadLibsodiumWasm(): Promise<LibsodiumWasm> {
  await sodium.ready;
  return {
    evaluate: (key, elements) =>
      each(elements, ELEMENT_BYTES, (element) => sodium.crypto_scalarmult_ristretto255(key, element)),
    hashToGroup: (uniform) =>
      each(uniform, UNIFORM_BYTES, (bytes) => sodium.crypto_core_ristretto255_from_hash(bytes)),
    fixedBase: (scalars) =>
      each(scalars, SCALAR_BYTES, (scalar) => sodium.crypto_scalarmult_ristretto255_base(scalar)),
  };
}
