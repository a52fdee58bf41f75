import type { EngineName } from '@blindmatch/group';

/** What is timed: an engine, or a build of libsodium. */
export type ContestantName = EngineName | 'libsodium-wasm' | 'libsodium-native';

/** Elements of one call, so that most calls take some ten milliseconds. */
export interface Sizes {
  /** For the operations of the group. */
  readonly batch: number;
  /** For those of the function, which work on a chunk. */
  readonly chunk: number;
}

export interface SizeOptions {
  /** Tiny ones, only to see that it works. */
  readonly quick: boolean;
  /** Elements of a chunk for the fast engines; undefined for the largest that the protocol has. */
  readonly chunk: number | undefined;
}

export interface ChunkOptions extends SizeOptions {
  /** Whether answers are verified with the roots of both lists, as the programs do. */
  readonly roots: boolean;
}

const CHUNK = 4096;
const QUICK: Sizes = { batch: 4, chunk: 4 };

export function sizesOf(name: ContestantName, { quick, chunk = CHUNK }: SizeOptions): Sizes {
  if (quick) return QUICK;
  switch (name) {
    case 'wasm':
      return { batch: 1024, chunk };
    case 'libsodium-native':
      return { batch: 512, chunk };
    case 'wasm-int':
    case 'libsodium-wasm':
      return { batch: 256, chunk };
    case 'noble':
      return { batch: 16, chunk: 16 };
  }
}
