import { createHash } from 'node:crypto';
import { nobleEngine, UNIFORM_BYTES } from '@blindmatch/group';
import { packByteStrings, type ByteStrings } from '@blindmatch/oprf';
import type { LibsodiumWasm } from './libsodium-wasm.ts';

/** The same `length` bytes for a label in every run: SHA-512 of the label and a counter. */
export function fixedBytes(label: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let start = 0; start < length; start += 64) {
    const block = createHash('sha512').update(`${label} ${start}`).digest();
    bytes.set(block.subarray(0, Math.min(64, length - start)), start);
  }
  return bytes;
}

/** What all engines work on: the first `count` of the same elements, uniform strings and scalars. */
export interface Inputs {
  readonly count: number;
  /** One secret scalar, 32 bytes. */
  readonly key: Uint8Array;
  /** 32·count bytes. */
  readonly elements: Uint8Array;
  /** 64·count bytes. */
  readonly uniform: Uint8Array;
  /** 32·count bytes. */
  readonly scalars: Uint8Array;
}

export function groupInputs(count: number, libsodium: LibsodiumWasm): Inputs {
  return {
    count,
    key: nobleEngine.scalarsFromWide(fixedBytes('key', 64)),
    elements: libsodium.hashToGroup(fixedBytes('elements', count * UNIFORM_BYTES)),
    uniform: fixedBytes('uniform', count * UNIFORM_BYTES),
    scalars: nobleEngine.scalarsFromWide(fixedBytes('scalars', count * 64)),
  };
}

/** The key of a holder, 32 bytes each. */
export interface HolderKey {
  readonly key: Uint8Array;
  readonly publicKey: Uint8Array;
}

export function holderKey(libsodium: LibsodiumWasm): HolderKey {
  const key = nobleEngine.scalarsFromWide(fixedBytes('key', 64));
  return { key, publicKey: libsodium.fixedBase(key) };
}

/** As many inputs of the function, each about as long as a match key. */
export function matchKeys(count: number): ByteStrings {
  return packByteStrings(
    Array.from(
      { length: count },
      (_, i) => `benchmark-1/full-name|DOE|JANE|${10_000 + i} EXAMPLE STREET|12345`,
    ),
  );
}
