import { maxBlockBytes, minBlockBytes } from './block-size.ts';
import { ENTRY_BYTES, HASH_BYTES, blocksInPage, sameBytes, sha256, tokensInBlock } from './header.ts';
import type { TokenSetHeader } from './header.ts';
import { TokenSetError } from './token-set-error.ts';
import { viewOf } from './token.ts';
import { PAGE_BLOCKS } from './block-size.ts';

/** One index page under construction: the hash and the length of each block that follows it in the file. */
export class IndexPageWriter {
  readonly bytes: Uint8Array;
  #entries = 0;

  constructor(entries: number) {
    this.bytes = new Uint8Array(entries * ENTRY_BYTES);
  }

  get full(): boolean {
    return this.#entries * ENTRY_BYTES === this.bytes.length;
  }

  add(block: Uint8Array): void {
    const at = this.#entries * ENTRY_BYTES;
    this.bytes.set(sha256(block), at);
    viewOf(this.bytes).setUint32(at + HASH_BYTES, block.length);
    this.#entries++;
  }
}

/** A verified index page. */
export class IndexPage {
  /** Bytes of all the blocks it lists. */
  readonly blockBytes: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  /**
   * Checks page `page` of `header` against `hash`, and that every block it lists can be as long as it says. The bytes
   * are copied.
   *
   * @throws TokenSetError `index_corrupt`
   */
  constructor(bytes: Uint8Array, page: number, header: TokenSetHeader, hash: Uint8Array) {
    if (!sameBytes(sha256(bytes), hash)) throw indexCorrupt(page);
    this.#bytes = bytes.slice();
    this.#view = viewOf(this.#bytes);
    let sum = 0;
    for (let entry = 0; entry < blocksInPage(header, page); entry++) {
      const length = this.lengthOf(entry);
      const count = tokensInBlock(header, page * PAGE_BLOCKS + entry);
      if (length < minBlockBytes(count, header) || length > maxBlockBytes(count, header))
        throw indexCorrupt(page);
      sum += length;
    }
    this.blockBytes = sum;
  }

  /** Length in bytes of the block of entry `entry`. */
  lengthOf(entry: number): number {
    return this.#view.getUint32(entry * ENTRY_BYTES + HASH_BYTES);
  }

  /** SHA-256 of the block of entry `entry`. */
  hashOf(entry: number): Uint8Array {
    return this.#bytes.subarray(entry * ENTRY_BYTES, entry * ENTRY_BYTES + HASH_BYTES);
  }
}

export function indexCorrupt(page: number): TokenSetError {
  return new TokenSetError(
    'index_corrupt',
    `Index page ${page} of the token set is damaged; fetch the file again.`,
  );
}
