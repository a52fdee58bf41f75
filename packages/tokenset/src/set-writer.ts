import { dirname } from 'node:path';
import { encodeBlock } from './block-encoder.ts';
import { BLOCK_TOKENS } from './block-size.ts';
import {
  HASH_BYTES,
  blockCount,
  blocksInPage,
  encodeHeader,
  headerBytes,
  pageCount,
  sha256,
} from './header.ts';
import type { TokenSetHeader, TokenSetIdentity } from './header.ts';
import { IndexPageWriter } from './index-page.ts';
import type { Storage, StoredFile } from './storage.ts';
import { allocateLimbs, highLimb, lowLimb, middleLimb } from './token-limbs.ts';
import type { TokenLimbs } from './token-limbs.ts';
import { TOKEN_BYTES, riceBits, viewOf } from './token.ts';

/** What is written, apart from the tokens themselves. */
export interface SetPlan extends TokenSetIdentity {
  /** N, the number of distinct tokens of `bits` bits. */
  readonly tokens: number;
  readonly bits: number;
}

/** A written file: its header and the digest that identifies it. */
export interface WrittenSet {
  readonly header: TokenSetHeader;
  readonly digest: Uint8Array;
}

/**
 * Writes a token set file to `path` from ascending 16-byte tokens in batches. The file gets its name only when it is
 * whole and on the disk. Memory: one block and one index page, and the page hashes.
 */
export async function writeSet(
  storage: Storage,
  path: string,
  plan: SetPlan,
  batches: AsyncIterable<Uint8Array>,
): Promise<WrittenSet> {
  const temporary = `${path}.temp`;
  const file = await storage.create(temporary);
  let written: WrittenSet;
  try {
    const writer = new SetWriter(file, plan);
    for await (const batch of batches) await writer.append(batch);
    written = await writer.finish();
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await storage.remove(temporary).catch(() => undefined);
    throw error;
  }
  await storage.rename(temporary, path);
  await storage.syncDirectory(dirname(path));
  return written;
}

class SetWriter {
  readonly #file: StoredFile;
  /** All but the length, which is known at the end. */
  readonly #header: TokenSetHeader;
  readonly #pageHashes: Uint8Array;
  readonly #block: TokenLimbs = allocateLimbs(BLOCK_TOKENS);
  #inBlock = 0;
  #page: IndexPageWriter;
  #pageNumber = 0;
  #pageOffset: number;
  #position: number;
  #tokens = 0;

  constructor(file: StoredFile, plan: SetPlan) {
    this.#file = file;
    this.#header = {
      bits: plan.bits,
      riceBits: riceBits(plan.maxElements),
      tokens: plan.tokens,
      maxElements: plan.maxElements,
      epoch: plan.epoch,
      publicKey: plan.publicKey.slice(),
      blocks: blockCount(plan.tokens),
      pages: pageCount(plan.tokens),
      length: 0,
    };
    this.#pageHashes = new Uint8Array(this.#header.pages * HASH_BYTES);
    this.#page = new IndexPageWriter(blocksInPage(this.#header, 0));
    this.#pageOffset = headerBytes(this.#header.pages);
    this.#position = this.#pageOffset + this.#page.bytes.length;
  }

  /** Cuts the tokens of a batch and adds those that differ from the one before. */
  async append(batch: Uint8Array): Promise<void> {
    const view = viewOf(batch);
    const { bits } = this.#header;
    const { high, middle, low } = this.#block;
    for (let offset = 0; offset < batch.length; offset += TOKEN_BYTES) {
      const h = highLimb(view, offset, bits);
      const m = middleLimb(view, offset, bits);
      const l = lowLimb(view, offset, bits);
      const last = this.#inBlock === 0 ? BLOCK_TOKENS - 1 : this.#inBlock - 1;
      if (this.#tokens > 0 && l === low[last] && m === middle[last] && h === high[last]) continue;
      high[this.#inBlock] = h;
      middle[this.#inBlock] = m;
      low[this.#inBlock] = l;
      this.#tokens++;
      this.#inBlock++;
      if (this.#inBlock === BLOCK_TOKENS) await this.#writeBlock();
    }
  }

  async finish(): Promise<WrittenSet> {
    if (this.#inBlock > 0) await this.#writeBlock();
    if (this.#tokens !== this.#header.tokens) {
      throw new Error(`${this.#tokens} tokens were written and ${this.#header.tokens} counted before`);
    }
    const header = { ...this.#header, length: this.#position };
    const bytes = encodeHeader(header, this.#pageHashes);
    await this.#file.write(bytes, 0);
    return { header, digest: sha256(bytes) };
  }

  async #writeBlock(): Promise<void> {
    if (this.#page.full) this.#startPage();
    const block = encodeBlock(this.#block, this.#inBlock, this.#header);
    this.#page.add(block);
    await this.#file.write(block, this.#position);
    this.#position += block.length;
    this.#inBlock = 0;
    if (this.#page.full) await this.#writePage();
  }

  async #writePage(): Promise<void> {
    this.#pageHashes.set(sha256(this.#page.bytes), this.#pageNumber * HASH_BYTES);
    await this.#file.write(this.#page.bytes, this.#pageOffset);
  }

  #startPage(): void {
    this.#pageNumber++;
    this.#page = new IndexPageWriter(blocksInPage(this.#header, this.#pageNumber));
    this.#pageOffset = this.#position;
    this.#position += this.#page.bytes.length;
  }
}
