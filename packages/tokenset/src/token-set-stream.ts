import {
  ENTRY_BYTES,
  FIXED_HEADER_BYTES,
  HASH_BYTES,
  blocksInPage,
  checkHeader,
  headerBytes,
  parseFixedHeader,
  sameBytes,
  sha256,
  tokensInBlock,
} from './header.ts';
import type { TokenSetHeader } from './header.ts';
import { PAGE_BLOCKS } from './block-size.ts';
import { IndexPage, indexCorrupt } from './index-page.ts';
import { TokenSetError } from './token-set-error.ts';

/** A block whose hash leads up to the digest of the file. */
export interface VerifiedBlock {
  /** Its number in the file, from 0. */
  readonly index: number;
  /** Where it starts in the file. */
  readonly offset: number;
  /** How many tokens it holds. */
  readonly count: number;
  /** The coded tokens. May be a view of the bytes pushed: use it before they are overwritten, or copy it. */
  readonly bytes: Uint8Array;
}

type Part =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'header'; readonly header: TokenSetHeader }
  | { readonly kind: 'page'; readonly page: number }
  | { readonly kind: 'block'; readonly index: number; readonly page: IndexPage }
  | { readonly kind: 'end' };

/**
 * Verifies a token set file as its bytes arrive, in order, in any pieces. It keeps the page hashes of the header
 * (32 bytes for 4 million tokens), one index page (36 KiB) and at most one block (under 40 KiB).
 */
export class TokenSetStream {
  readonly #digest: Uint8Array;
  #part: Part = { kind: 'fixed' };
  /** Length of `#part` in bytes. */
  #needed = FIXED_HEADER_BYTES;
  /** Bytes of `#part` that arrived in an earlier push. Owned here; filled up to `#have`. */
  #pending = new Uint8Array(FIXED_HEADER_BYTES);
  #have = 0;
  #verified = 0;
  #failed = false;
  #header: TokenSetHeader | undefined;
  #headerBytes = new Uint8Array(0);

  /** `digest` is the SHA-256 of the header, 32 bytes, from a source that is trusted: the signed epoch descriptor. */
  constructor(digest: Uint8Array) {
    if (digest.length !== HASH_BYTES) {
      throw new TokenSetError('argument_invalid', 'The digest of a token set has 32 bytes.');
    }
    this.#digest = digest.slice();
  }

  /** The header, once it is verified. */
  get header(): TokenSetHeader | undefined {
    return this.#header;
  }

  /** The last boundary (of the header, an index page or a block) up to which every byte is verified. */
  get verifiedLength(): number {
    return this.#verified;
  }

  /** How many bytes are taken in, verified or not yet: the offset in the file of the next byte to push. */
  get receivedLength(): number {
    const headerSoFar = this.#part.kind === 'header' ? FIXED_HEADER_BYTES : 0;
    return this.#verified + headerSoFar + this.#have;
  }

  /** Whether the whole file has arrived and is verified. */
  get complete(): boolean {
    return this.#part.kind === 'end';
  }

  /**
   * Takes the next bytes of the file and gives the blocks that they complete.
   *
   * @throws TokenSetError `not_a_token_set`, `version_unsupported`, `suite_unsupported`, `header_corrupt`, `foreign`,
   *   `index_corrupt`, `block_corrupt` or `trailing_bytes`; then only `rewind` makes it take bytes again
   */
  push(bytes: Uint8Array): VerifiedBlock[] {
    if (this.#failed) {
      throw new TokenSetError('block_corrupt', 'The token set was already refused; rewind before going on.');
    }
    // Holds unless the bytes turn out to be right.
    this.#failed = true;
    const blocks: VerifiedBlock[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#part.kind === 'end') {
        throw new TokenSetError(
          'trailing_bytes',
          'The token set goes on after its end; fetch the file again.',
        );
      }
      const wanted = this.#needed - this.#have;
      if (bytes.length - at < wanted) {
        this.#pending.set(bytes.subarray(at), this.#have);
        this.#have += bytes.length - at;
        break;
      }
      const rest = bytes.subarray(at, at + wanted);
      at += wanted;
      const block = this.#take(this.#join(rest));
      if (block !== undefined) blocks.push(block);
    }
    this.#failed = false;
    return blocks;
  }

  /**
   * Forgets whatever was pushed after `verifiedLength`, also after an error: the next byte to push is the one at
   * that offset.
   */
  rewind(): void {
    if (this.#part.kind === 'header') this.#expect({ kind: 'fixed' }, FIXED_HEADER_BYTES);
    this.#have = 0;
    this.#failed = false;
  }

  /**
   * Says that no byte follows.
   *
   * @throws TokenSetError `truncated` unless the file was whole
   */
  end(): void {
    if (this.#failed || this.#part.kind !== 'end') {
      throw new TokenSetError(
        'truncated',
        `The token set ends early, after ${this.receivedLength} bytes; fetch the rest of it.`,
      );
    }
  }

  /** The whole of the current part: from the push alone when nothing was kept before. */
  #join(rest: Uint8Array): Uint8Array {
    if (this.#have === 0) return rest;
    this.#pending.set(rest, this.#have);
    return this.#pending.subarray(0, this.#needed);
  }

  #take(bytes: Uint8Array): VerifiedBlock | undefined {
    const part = this.#part;
    switch (part.kind) {
      case 'fixed': {
        const header = parseFixedHeader(bytes);
        this.#headerBytes = new Uint8Array(headerBytes(header.pages));
        this.#headerBytes.set(bytes);
        this.#expect({ kind: 'header', header }, this.#headerBytes.length - FIXED_HEADER_BYTES);
        return undefined;
      }
      case 'header':
        this.#headerBytes.set(bytes, FIXED_HEADER_BYTES);
        checkHeader(this.#headerBytes, this.#digest);
        this.#header = part.header;
        this.#verified = this.#headerBytes.length;
        this.#expectPage(part.header, 0);
        return undefined;
      case 'page':
        this.#takePage(bytes, part.page);
        return undefined;
      case 'block':
        return this.#takeBlock(bytes, part.index, part.page);
      case 'end':
        return undefined;
    }
  }

  #takePage(bytes: Uint8Array, number: number): void {
    const header = this.#knownHeader();
    const hashAt = FIXED_HEADER_BYTES + number * HASH_BYTES;
    const page = new IndexPage(
      bytes,
      number,
      header,
      this.#headerBytes.subarray(hashAt, hashAt + HASH_BYTES),
    );
    const end = this.#verified + bytes.length + page.blockBytes;
    const isLast = number === header.pages - 1;
    if (isLast ? end !== header.length : end >= header.length) throw indexCorrupt(number);
    this.#verified += bytes.length;
    this.#expect({ kind: 'block', index: number * PAGE_BLOCKS, page }, page.lengthOf(0));
  }

  #takeBlock(bytes: Uint8Array, index: number, page: IndexPage): VerifiedBlock {
    const header = this.#knownHeader();
    if (!sameBytes(sha256(bytes), page.hashOf(index % PAGE_BLOCKS))) {
      throw new TokenSetError(
        'block_corrupt',
        `Block ${index} of the token set, at byte ${this.#verified}, is damaged; fetch it again.`,
      );
    }
    const block = { index, offset: this.#verified, count: tokensInBlock(header, index), bytes };
    this.#verified += bytes.length;
    const next = index + 1;
    if (next === header.blocks) this.#expect({ kind: 'end' }, 0);
    else if (next % PAGE_BLOCKS === 0) this.#expectPage(header, next / PAGE_BLOCKS);
    else this.#expect({ kind: 'block', index: next, page }, page.lengthOf(next % PAGE_BLOCKS));
    return block;
  }

  #expectPage(header: TokenSetHeader, page: number): void {
    this.#expect({ kind: 'page', page }, blocksInPage(header, page) * ENTRY_BYTES);
  }

  /** The next part. Bytes of a block handed out stay untouched: what is kept of the next goes into new room. */
  #expect(part: Part, needed: number): void {
    this.#part = part;
    this.#needed = needed;
    this.#have = 0;
    this.#pending = new Uint8Array(needed);
  }

  #knownHeader(): TokenSetHeader {
    if (this.#header === undefined) throw new Error('an index page came before the header');
    return this.#header;
  }
}
