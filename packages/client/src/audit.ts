import { existsSync, readFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { Oprf } from '@blindmatch/oprf';
import {
  chunkLeaf,
  ChunkTree,
  ELEMENT_BYTES,
  openReceipt,
  ProtocolError,
  type Receipt,
} from '@blindmatch/protocol';
import { orderOf, type RequestRecord } from '@blindmatch/records';
import { blindChunks, type BlindedPlan } from './blinding.ts';
import { layOutKeys, type Key, type PlannedChunk } from './chunk-plan.ts';
import type { Evidence } from './evidence-opening.ts';
import { recompute, Recount, rulesOf, type CountOfFailures, type ManifestMismatch } from './recomputation.ts';
import { drawSample, type RandomBelow } from './sample.ts';
import { readChunk, readChunkLeaves, type StoredRequest } from './stored-request.ts';

const DIGEST_BYTES = 32;

/** What an audit looks at. */
export interface AuditInput {
  readonly stored: StoredRequest;
  readonly evidence: Evidence;
  /** How many records are drawn, to compute their elements again. */
  readonly sample: number;
  readonly oprf: Pick<Oprf, 'blind'>;
  readonly randomBelow?: RandomBelow;
  /** Called with what fails and why: the id of a record, once for each reason, or a canary. */
  readonly onFailure: (subject: string, code: string) => void;
  /** Called with the records drawn, in the order of the request. */
  readonly onDrawn?: (record: RequestRecord) => void;
  /** Called with the records read so far, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What was found. The request is as it says only if nothing fails, nothing differs, somebody has signed it and no receipt is false. */
export interface AuditOutcome {
  readonly records: number;
  readonly keys: number;
  /** Records whose elements were computed again. */
  readonly sampled: number;
  /** Elements that were computed again: all of the chunks in which a drawn record has one. */
  readonly recomputed: number;
  /** Records that should not have been submitted, or were asked about with other elements than theirs, by code. */
  readonly failures: readonly CountOfFailures[];
  readonly mismatches: readonly ManifestMismatch[];
  /** Signatures on the manifest. Whose they are and whether they hold, only the holder can tell: it knows the keys. */
  readonly signatures: number;
  /** The receipt; undefined where none is here, or the code of what is wrong with it. */
  readonly receipt: Receipt | string | undefined;
}

/** A match key of a record, and whether the record was drawn. */
interface AuditedKey extends Key {
  readonly recordId: string;
  readonly drawn: boolean;
}

/**
 * Audits a request: reads all records of its evidence again and counts them, checks all blinded elements against the
 * manifest's tree, computes the elements of a sample of the records again, and verifies the receipt. Memory grows with the
 * number of records by an order number each, and 32 bytes a chunk.
 *
 * @throws ProtocolError `profile_unknown`, `profile_mismatch`; what the evidence throws; errors of the operating system
 */
export async function auditRequest(input: AuditInput): Promise<AuditOutcome> {
  const { stored, evidence, oprf, onFailure } = input;
  const { manifest } = stored.request;
  const { seed } = evidence.header;
  const drawn = drawSample(manifest.records, input.sample, input.randomBelow);
  const recount = new Recount();
  const leaves = await readChunkLeaves(stored);
  const asSigned = Buffer.compare(new ChunkTree(leaves).root, manifest.chunks.root) === 0;
  const keys = recomputedKeys(input, drawn, recount);
  const chunks = layOutKeys(keys, seed, stored.epoch.descriptor.canaries);
  const comparison = new Comparison(leaves, onFailure);
  const file = await open(stored.files.blinded, 'r');
  try {
    for await (const plan of blindChunks(withDrawn(chunks, comparison), seed, oprf)) {
      await comparison.compare(plan, file, manifest.elements);
    }
  } finally {
    await file.close();
  }
  const elementsFit = asSigned && !comparison.changed && comparison.elements === manifest.elements;
  return {
    records: recount.records,
    keys: recount.keys,
    sampled: Math.min(drawn.size, recount.records),
    recomputed: comparison.recomputed,
    failures: [...recount.failures, ...comparison.failures],
    mismatches: [...recount.mismatches(stored), ...(elementsFit ? [] : ['elements' as const])],
    signatures: stored.request.envelope.signatures.length,
    receipt: readReceipt(stored),
  };
}

async function* recomputedKeys(
  { stored, evidence, onFailure, onDrawn, onProgress }: AuditInput,
  sample: ReadonlySet<number>,
  recount: Recount,
): AsyncGenerator<readonly AuditedKey[], void, undefined> {
  const rules = rulesOf(stored);
  const { manifest } = stored.request;
  const orders = new Set<string>();
  for await (const record of evidence.records()) {
    const { keys, fault: rejected } = recompute(record, rules);
    const fault = rejected ?? orderFault(record, orders);
    const drawn = sample.has(recount.records);
    if (drawn) onDrawn?.(record);
    if (fault !== undefined) onFailure(record.recordId, fault);
    recount.add(record, keys.length, fault);
    onProgress?.(recount.records, manifest.records);
    yield keys.map(({ value }) => ({ value, recordId: record.recordId, drawn }));
  }
}

/** What is wrong with the order that a record names, when these were named before; then it is one of them. */
function orderFault(record: RequestRecord, named: Set<string>): 'order_used_twice' | undefined {
  const number = orderOf(record)?.number;
  if (number === undefined) return undefined;
  if (named.has(number)) return 'order_used_twice';
  named.add(number);
  return undefined;
}

/** The chunks in which a drawn record has an element; the others are only counted. */
async function* withDrawn(
  chunks: AsyncIterable<PlannedChunk<AuditedKey>>,
  comparison: Comparison,
): AsyncGenerator<PlannedChunk<AuditedKey>, void, undefined> {
  for await (const chunk of chunks) {
    comparison.elements += chunk.inputs.length;
    if (chunk.keys.some((key) => key?.drawn)) yield chunk;
  }
}

/** Compares the elements that were computed again with those of the request. */
class Comparison {
  /** Elements that the records of the evidence give. */
  elements = 0;
  recomputed = 0;
  /** Whether a chunk was another one when its elements were compared than when its hash went into the tree. */
  changed = false;
  readonly #leaves: Uint8Array;
  readonly #onFailure: AuditInput['onFailure'];
  #records = 0;
  #canaries = 0;
  #last: string | undefined;

  /** @param leaves the hashes of the chunks, 32 bytes each, as they were checked against the manifest */
  constructor(leaves: Uint8Array, onFailure: AuditInput['onFailure']) {
    this.#leaves = leaves;
    this.#onFailure = onFailure;
  }

  /** Records that were asked about with other elements than theirs, and canaries that are none. */
  get failures(): readonly CountOfFailures[] {
    const counts = [
      { code: 'element_differs', records: this.#records },
      { code: 'canary_differs', records: this.#canaries },
    ];
    return counts.filter(({ records }) => records > 0);
  }

  /** @param elements the number of elements of the whole request */
  async compare(
    { chunk, blinded: { blinded } }: BlindedPlan<AuditedKey>,
    file: FileHandle,
    elements: number,
  ): Promise<void> {
    const signed = await readChunkOrNothing(file, chunk.index, elements);
    // The file may lie where others can change it: what counts is what was checked.
    if (signed.length > 0 && !this.#isAsChecked(chunk.index, signed)) this.changed = true;
    for (const [at, key] of chunk.keys.entries()) {
      const [start, end] = [at * ELEMENT_BYTES, (at + 1) * ELEMENT_BYTES];
      if (Buffer.compare(blinded.subarray(start, end), signed.subarray(start, end)) === 0) continue;
      if (key === undefined) this.#addCanary(chunk.index);
      else this.#addRecord(key.recordId);
    }
    this.recomputed += chunk.inputs.length;
  }

  #isAsChecked(index: number, elements: Uint8Array): boolean {
    const leaf = this.#leaves.subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES);
    return Buffer.compare(chunkLeaf(index, elements), leaf) === 0;
  }

  /** The elements of one record come one after the other, so it is told once. */
  #addRecord(recordId: string): void {
    if (recordId === this.#last) return;
    this.#last = recordId;
    this.#records++;
    this.#onFailure(recordId, 'element_differs');
  }

  #addCanary(chunk: number): void {
    this.#canaries++;
    this.#onFailure(`canary of chunk ${chunk}`, 'canary_differs');
  }
}

/** A chunk of the request; nothing where the records of the evidence give more chunks than the manifest has. */
async function readChunkOrNothing(file: FileHandle, index: number, elements: number): Promise<Uint8Array> {
  try {
    return await readChunk(file, index, elements);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'chunk_out_of_range') return new Uint8Array();
    throw error;
  }
}

function readReceipt({ files, epoch, request }: StoredRequest): Receipt | string | undefined {
  if (!existsSync(files.receipt)) return undefined;
  try {
    return openReceipt(readFileSync(files.receipt), { descriptor: epoch.descriptor, request });
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}
