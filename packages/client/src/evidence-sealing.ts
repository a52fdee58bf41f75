import { createHash, type Hash } from 'node:crypto';
import { TransformStream, type ReadableStream, type WritableStreamDefaultWriter } from 'node:stream/web';
import { CommandError } from '@blindmatch/terminal';
import { sealStream } from './age.ts';
import {
  endLine,
  headerLine,
  recordLine,
  type EvidenceHeader,
  type EvidenceRecord,
} from './evidence-lines.ts';
import { SequentialFile } from './sequential-file.ts';

/** How much is gathered before it is sealed, in characters. */
const BLOCK = 65_536;

/**
 * The evidence of a request while it is sealed: the records as they were read, and the seed. What is on the disk is sealed
 * from the first byte on, and memory does not grow with the number of records.
 */
export class EvidenceSealing {
  readonly #plain: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stored: Promise<void>;
  readonly #file: SequentialFile;
  readonly #hash: Hash = createHash('sha256');
  #gathered: string;
  #records = 0;

  /** @param recipients age recipients that were found to be some, at least one */
  constructor(path: string, recipients: readonly string[], header: EvidenceHeader) {
    const plain = new TransformStream<Uint8Array, Uint8Array>();
    this.#plain = plain.writable.getWriter();
    // A failure reaches whoever writes next, through #stored.
    this.#plain.closed.catch(() => undefined);
    this.#file = new SequentialFile(path);
    this.#stored = this.#store(recipients, plain);
    this.#stored.catch(() => undefined);
    this.#gathered = headerLine(header);
  }

  /** Adds the next submitted record. */
  async add(record: EvidenceRecord): Promise<void> {
    this.#gathered += recordLine(record);
    this.#records++;
    if (this.#gathered.length >= BLOCK) await this.#write();
  }

  /** Resolves when all is on the disk, with the digest of the sealed file, 32 bytes. */
  async end(): Promise<Uint8Array> {
    this.#gathered += endLine(this.#records);
    await this.#write();
    await this.#unlessFailed(this.#plain.close());
    await this.#stored;
    return new Uint8Array(this.#hash.digest());
  }

  /** Lets the file go, also in the midst of it. Safe to call after `end`. */
  destroy(): void {
    this.#plain.abort().catch(() => undefined);
    this.#file.destroy();
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#gathered);
    this.#gathered = '';
    await this.#unlessFailed(this.#plain.write(bytes));
  }

  /** Where the disk is full nobody reads any more: what is written would wait for ever, or fail without saying why. */
  async #unlessFailed(written: Promise<void>): Promise<void> {
    try {
      await Promise.race([written, this.#stored]);
    } catch (error) {
      await this.#stored;
      throw error;
    }
  }

  async #store(
    recipients: readonly string[],
    { readable }: TransformStream<Uint8Array, Uint8Array>,
  ): Promise<void> {
    const sealed = await sealFor(recipients, readable);
    for await (const piece of sealed) {
      this.#hash.update(piece);
      await this.#file.write(piece);
    }
    await this.#file.end();
  }
}

/** A recipient of the epoch is the holder's word, and may be none. */
async function sealFor(
  recipients: readonly string[],
  plain: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  try {
    return await sealStream(recipients, plain);
  } catch (cause) {
    throw new CommandError(
      'reader_invalid',
      'One of the readers whom the epoch names has no recipient that anything can be sealed for, so nothing was prepared; report it to the holder.',
      undefined,
      { cause },
    );
  }
}
