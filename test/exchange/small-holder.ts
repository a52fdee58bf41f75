/** A holder with few people, an official whom it allows, and requests to it that are made by hand. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes, type KeyObject } from 'node:crypto';
import { createInlineOprf, defaultEngine, packByteStrings } from '@blindmatch/oprf';
import {
  addSignature,
  CHUNK_CANARIES,
  chunkLeaf,
  ChunkTree,
  encodeEnvelope,
  encodeRequestManifest,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  unsignedEnvelope,
  type OpenEpoch,
  type RequestManifest,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { PEOPLE_COLUMNS } from '@blindmatch/records';
import { fieldOf, succeed, writeCsv } from './programs.ts';

/** A person whom every small holder has on file, as a row of CSV fields. */
export const personOnFile: Readonly<Record<string, string>> = {
  given_name: 'Ada',
  surname: 'Example',
  street: '12 Main Street',
  city: 'Springfield',
  state: 'IL',
  postcode: '62701',
};

/** A holder's directory as `init` makes it. */
export interface NewHolder {
  readonly path: string;
  readonly fingerprint: string;
}

export interface SmallHolder extends NewHolder {
  /** PEM file of an official of "Requesting Agency". */
  readonly officialPath: string;
  readonly official: KeyObject;
}

/** Makes a holder who allows nobody, by its own program; the token set is for the caller to build. */
export async function initHolder(home: string): Promise<NewHolder> {
  const path = join(home, 'holder');
  const initialised = await succeed('blindmatchd', ['init', path, '--name', 'Tax Agency'], home);
  return { path, fingerprint: fieldOf(initialised, 'initialised', 'fingerprint') };
}

/** Makes a holder and allows an official: init, keygen, allow. */
export async function makeHolder(home: string, maxRecords: number): Promise<SmallHolder> {
  const officialPath = join(home, 'official.pem');
  const made = await initHolder(home);
  await succeed('blindmatch', ['keygen', officialPath], home);
  const requester = ['--requester', 'Requesting Agency', '--max-records', String(maxRecords)];
  await succeed(
    'blindmatchd',
    ['allow', made.path, '--official', join(home, 'official.pub.pem'), ...requester],
    home,
  );
  return { ...made, officialPath, official: privateKeyFromPem(readFileSync(officialPath, 'utf8')) };
}

/** Builds the token set of the one person on file. */
export async function buildSet(holder: NewHolder, home: string): Promise<void> {
  const people = join(home, 'people.csv');
  writeCsv(people, PEOPLE_COLUMNS, [personOnFile]);
  await succeed('blindmatchd', ['build', holder.path, '--source', people, '--workers', '1'], home);
}

/** A request as it goes over the wire. */
export interface HandmadeRequest {
  readonly envelope: Uint8Array;
  readonly manifest: RequestManifest;
  readonly elements: Uint8Array;
  /** The message of its only chunk. */
  readonly chunk: RequesterMessage & { readonly type: 'chunk' };
}

/** `count` valid elements. */
export async function blindedElements(count: number): Promise<Uint8Array> {
  const inputs = Array.from({ length: count }, (_, index) => `input ${index}`);
  const oprf = createInlineOprf(defaultEngine());
  return (await oprf.blind(packByteStrings(inputs), new Uint8Array(randomBytes(32)), 0)).blinded;
}

/**
 * A request of one chunk over `elements`, as if each record had given one match key and the chunk had its canaries, signed
 * by `signers`, with `changes` to what its manifest would say.
 */
export function handmadeRequest(
  epoch: OpenEpoch,
  holder: string,
  elements: Uint8Array,
  signers: readonly KeyObject[],
  changes: Partial<RequestManifest> = {},
): HandmadeRequest {
  const tree = new ChunkTree(chunkLeaf(0, elements));
  const now = Date.now();
  const manifest: RequestManifest = {
    nonce: new Uint8Array(randomBytes(32)),
    epochId: epoch.epochId,
    holder,
    created: new Date(now - 1000),
    expires: new Date(now + 3_600_000),
    statute: '8 U.S.C. 1253(a)(1)',
    purpose: null,
    reason: 'Final orders of June',
    taxPeriods: [],
    investigators: [],
    orders: null,
    attestation: null,
    evidence: null,
    records: elements.length / 32 - CHUNK_CANARIES,
    elements: elements.length / 32,
    chunks: { count: 1, root: tree.root },
    ...changes,
  };
  const unsigned = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, encodeRequestManifest(manifest));
  const envelope = encodeEnvelope(signers.reduce(addSignature, unsigned));
  return { envelope, manifest, elements, chunk: { type: 'chunk', index: 0, elements, path: tree.path(0) } };
}
