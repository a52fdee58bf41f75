import { open, stat, type FileHandle } from 'node:fs/promises';
import { CHUNK_ELEMENTS, chunkLength, ELEMENT_BYTES } from '@blindmatch/protocol';

const NONE: Uint8Array = new Uint8Array();

/**
 * The roots of a request's blinded elements (protocol-spec/oprf.md, section 2.1), 32 bytes each, in a file beside them.
 * With them the answers are verified sooner, and nothing else: so whatever is wrong with the file, a request goes on as if it
 * were not there. A root that is not right is found out where it is used.
 */
export class BlindedRoots {
  readonly #file: FileHandle | undefined;
  readonly #elements: number;

  private constructor(file: FileHandle | undefined, elements: number) {
    this.#file = file;
    this.#elements = elements;
  }

  /** @param elements the number of elements of the whole request; a file of another length is left alone */
  static async open(path: string, elements: number): Promise<BlindedRoots> {
    try {
      const found = await stat(path);
      const fits = found.isFile() && found.size === elements * ELEMENT_BYTES;
      return new BlindedRoots(fits ? await open(path, 'r') : undefined, elements);
    } catch {
      return new BlindedRoots(undefined, elements);
    }
  }

  /** The roots of one chunk, as many as its elements; none where they can't be read. */
  async read(index: number): Promise<Uint8Array> {
    if (this.#file === undefined) return NONE;
    const bytes = new Uint8Array(chunkLength(this.#elements, index) * ELEMENT_BYTES);
    try {
      // What a short read leaves is zero, which is nobody's root.
      await this.#file.read(bytes, 0, bytes.length, index * CHUNK_ELEMENTS * ELEMENT_BYTES);
    } catch {
      return NONE;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
