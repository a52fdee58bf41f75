import { createHash, type Hash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import type { RequestManifest } from '@blindmatch/protocol';
import type { RequestRecord } from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import { unsealStream } from './age.ts';
import { parseHeader, parseLater, type EvidenceHeader } from './evidence-lines.ts';
import { linesOf } from './lines.ts';
import type { StoredRequest } from './stored-request.ts';

/** Far above what a record of the largest size gives; it bounds the memory that a made-up file can take. */
const MAX_LINE_BYTES = 1024 * 1024;

/** How far the age header may go: a few lines for each reader. It too bounds the memory that a made-up file can take. */
const MAX_AGE_HEADER = 65_536;

/** How much of the file is read at a time. */
const READ_BYTES = 262_144;

/** What the header of an age file ends with: the line of its MAC. */
const AGE_HEADER_END = Buffer.from('\n--- ');

/** Where each reader's share of the file key begins. */
const AGE_RECIPIENT = '\n-> X25519 ';

/**
 * The evidence of a request, opened by somebody for whom it was sealed. Whoever sealed it may have written anything: it is
 * checked to be what the manifest names, and what it says is for the reader to judge.
 */
export class Evidence {
  readonly header: EvidenceHeader;
  readonly #path: string;
  readonly #lines: AsyncGenerator<Buffer, void, undefined>;
  readonly #finish: () => void;

  private constructor(
    path: string,
    header: EvidenceHeader,
    lines: AsyncGenerator<Buffer, void, undefined>,
    finish: () => void,
  ) {
    this.#path = path;
    this.header = header;
    this.#lines = lines;
    this.#finish = finish;
  }

  /**
   * Opens the evidence and checks that it is the one of the manifest.
   *
   * @param identity an age identity: secret text
   * @throws CommandError `evidence_missing`, `evidence_mismatch`, `evidence_sealed`, `evidence_damaged`
   */
  static async open(stored: StoredRequest, identity: string): Promise<Evidence> {
    const { files } = stored;
    const digest = requireEvidence(stored);
    // First of all, so that another file is told as one, and nothing of it is taken for anything.
    if (!isDigest(await hashFile(files.evidence), digest)) throw mismatch(files.evidence);
    const hash = createHash('sha256');
    const damaged = (cause?: unknown): CommandError => evidenceDamaged(files.evidence, cause);
    const lines = linesOf(await unseal(files.evidence, identity, hash), MAX_LINE_BYTES, damaged);
    const header = await readHeader(lines, stored).catch(async (error: unknown) => {
      await lines.return();
      throw error;
    });
    return new Evidence(files.evidence, header, lines, () => {
      // The file may lie where others can change it: what counts is what was read now.
      if (!isDigest(hash, digest)) throw mismatch(files.evidence);
    });
  }

  /**
   * The records in the order of the request, once; `line` counts them from 1. That they are what the manifest names is
   * known only when the last one has been asked for and nothing was thrown.
   *
   * @throws CommandError `evidence_damaged`, `evidence_mismatch`
   */
  async *records(): AsyncGenerator<RequestRecord, void, undefined> {
    const damaged = (cause?: unknown): CommandError => evidenceDamaged(this.#path, cause);
    let count = 0;
    let ended = false;
    for await (const line of naming(damaged, this.#lines)) {
      const read = parseOr(damaged, () => parseLater(line));
      if (ended) throw damaged();
      if ('end' in read) {
        if (read.end !== count) throw damaged();
        ended = true;
      } else {
        count++;
        yield { ...read, line: count };
      }
    }
    if (!ended) throw damaged();
    this.#finish();
  }

  /** Wipes the seed and lets the file go. */
  async close(): Promise<void> {
    this.header.seed.fill(0);
    await this.#lines.return();
  }
}

/** What lies where the evidence of a request belongs: the file that the manifest names, another one, or none. */
export interface EvidenceFile {
  readonly state: 'whole' | 'other' | 'missing';
  /** For how many keys it says that it was sealed. */
  readonly readers: number;
}

/**
 * Looks at the sealed evidence without opening it. For whom it was sealed, and whether it opens, only a reader can tell.
 *
 * @param digest that of the manifest
 * @throws CommandError `evidence_damaged` for something that is no file
 */
export async function lookAtEvidence(path: string, digest: Uint8Array): Promise<EvidenceFile> {
  if (!existsSync(path)) return { state: 'missing', readers: 0 };
  requireFile(path);
  const readers = (await readAgeHeader(path)).split(AGE_RECIPIENT).length - 1;
  return { state: isDigest(await hashFile(path), digest) ? 'whole' : 'other', readers };
}

/** What is read to its end must have one: a device or a pipe may have none. */
function requireFile(path: string): void {
  if (!statSync(path).isFile()) throw evidenceDamaged(path);
}

/** The header, which must be of the same request. */
async function readHeader(
  lines: AsyncGenerator<Buffer, void, undefined>,
  { files, epoch, request }: StoredRequest,
): Promise<EvidenceHeader> {
  const damaged = (cause: unknown): CommandError => evidenceDamaged(files.evidence, cause);
  const first = await lines.next().catch((cause: unknown) => {
    throw damaged(cause);
  });
  const header = parseOr(damaged, () => parseHeader(first.value ?? Buffer.alloc(0)));
  requireSameRequest(files.evidence, header, epoch.descriptor.profile, request.manifest);
  return header;
}

/** The digest of the evidence in the manifest. */
function requireEvidence({ files, request }: StoredRequest): Uint8Array {
  const { evidence } = request.manifest;
  if (evidence !== null && existsSync(files.evidence)) {
    requireFile(files.evidence);
    return evidence;
  }
  throw new CommandError(
    'evidence_missing',
    evidence === null
      ? 'No evidence was sealed when the request was prepared, so its records can not be checked; have it prepared again for a reader (--seal-to).'
      : `${files.evidence} is not here, and only with it the records can be checked; ask the requester for it.`,
  );
}

async function unseal(path: string, identity: string, hash: Hash): Promise<ReadableStream<Uint8Array>> {
  if (!(await readAgeHeader(path)).includes(AGE_HEADER_END.toString('latin1'))) throw evidenceDamaged(path);
  try {
    return await unsealStream(identity, ReadableStream.from(hashedPieces(path, hash)));
  } catch (cause) {
    throw new CommandError(
      'evidence_sealed',
      `${path} can't be opened with this identity; use one that it was sealed for, or report that it was sealed for others.`,
      undefined,
      { cause },
    );
  }
}

async function readAgeHeader(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(MAX_AGE_HEADER);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const end = bytes.subarray(0, bytesRead).indexOf(AGE_HEADER_END);
    return bytes.toString('latin1', 0, end < 0 ? 0 : end + AGE_HEADER_END.length);
  } finally {
    await file.close();
  }
}

async function* hashedPieces(path: string, hash: Hash): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    yield piece;
  }
}

async function hashFile(path: string): Promise<Hash> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: READ_BYTES }), hash, { end: false });
  return hash;
}

function isDigest(hash: Hash, digest: Uint8Array): boolean {
  return Buffer.compare(hash.digest(), digest) === 0;
}

function requireSameRequest(
  path: string,
  { epochId, holder, profile, created }: EvidenceHeader,
  { id, hash }: { readonly id: string; readonly hash: string },
  manifest: RequestManifest,
): void {
  const same =
    Buffer.compare(epochId, manifest.epochId) === 0 &&
    holder === manifest.holder &&
    created.getTime() === manifest.created.getTime() &&
    profile.id === id &&
    profile.hash === hash;
  if (!same) throw mismatch(path);
}

async function* naming(
  damaged: (cause: unknown) => CommandError,
  lines: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* lines;
  } catch (cause) {
    throw cause instanceof CommandError ? cause : damaged(cause);
  }
}

function parseOr<Value>(damaged: (cause: unknown) => CommandError, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw damaged(cause);
  }
}

function mismatch(path: string): CommandError {
  return new CommandError(
    'evidence_mismatch',
    `${path} is not the evidence that the request names; ask the requester for the one that belongs to it.`,
  );
}

function evidenceDamaged(path: string, cause?: unknown): CommandError {
  return new CommandError(
    'evidence_damaged',
    `${path} does not hold what evidence holds, as the requester sealed it; have the request prepared again.`,
    undefined,
    { cause },
  );
}
