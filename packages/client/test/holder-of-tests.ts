import { createHash, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  CHUNK_ELEMENTS,
  digestText,
  encodeAccountingReceipt,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeLeaf,
  encodeReceipt,
  encodeRequestManifest,
  fingerprint,
  generateSigningKey,
  HolderSession,
  openEpochDescriptor,
  parseLeaf,
  PAYLOAD_TYPES,
  publicKeyToSpki,
  signPayload,
  SUBPROTOCOL,
  type Decision,
  type EpochDescriptor,
  type HolderEvent,
  type LogLeaf,
  type OpenEpoch,
  type OpenRequest,
  type RequestManifest,
} from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import type { HolderAddress } from '../src/connect.ts';
import { requestFiles } from '../src/request-directory.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import { LogOfLeaves } from './log-of-leaves.ts';

export const official: KeyObject = generateSigningKey().privateKey;

const PROFILE = 'us-name-address/2';

/** A holder on a port of this machine that keeps a log and evaluates nothing. It lies where a test tells it to. */
export class HolderOfTests {
  readonly identity: KeyObject = generateSigningKey().privateKey;
  /** The epoch that is served; a test may put another one in its place, whose leaf is in the log. */
  epoch: OpenEpoch;
  /** The log that is shown; a test may put another one in its place. */
  log: LogOfLeaves = new LogOfLeaves();
  /** What is decided of the next requests; afterwards all are accepted. */
  readonly decisions: Decision[] = [];
  /** The sizes that requesters remembered, and the accountings that they sent, in turn. */
  readonly rememberedSizes: number[] = [];
  readonly accountings: Uint8Array[] = [];
  /** Called before the log is opened for a requester. */
  beforeLog: () => void = () => undefined;
  /** Called before the receipt of a request and that of an accounting are made. */
  beforeReceipt: () => void = () => undefined;
  beforeAccountingReceipt: () => void = () => undefined;
  readonly #inspector: EpochDescriptor['inspector'];
  readonly #server: WebSocketServer;

  constructor(inspector: EpochDescriptor['inspector'] = null) {
    this.#inspector = inspector;
    this.epoch = this.epochWith({});
    this.startLog();
    this.#server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => SUBPROTOCOL });
    this.#server.on('connection', (socket) => {
      this.#serve(socket);
    });
    afterAll(() => {
      for (const client of this.#server.clients) client.terminate();
      this.#server.close();
    });
  }

  get fingerprint(): string {
    return fingerprint(this.identity);
  }

  /** A signed epoch with the changes of a test. */
  epochWith(changes: Partial<EpochDescriptor>): OpenEpoch {
    const descriptor = encodeEpochDescriptor({
      holder: { name: 'Tax Agency', key: publicKeyToSpki(this.identity) },
      epoch: 1,
      created: new Date('2026-11-01T00:00:00.000Z'),
      suite: 'ristretto255-SHA512',
      publicKey: new Uint8Array(32).fill(9),
      profile: { id: PROFILE, hash: profileById(PROFILE)?.hash ?? '', maxKeys: 8 },
      tiers: ['name_address_dob', 'name_address'],
      minimumOrderAgeDays: 0,
      evidenceReaders: [],
      inspector: this.#inspector,
      tokenSet: { digest: new Uint8Array(32).fill(7), bytes: 1000, tokens: 120, bits: 80 },
      maxElements: 2 ** 20,
      chunkElements: CHUNK_ELEMENTS,
      canaries: { present: 64, absent: 64 },
      ...changes,
    });
    const envelope = signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, this.identity);
    return openEpochDescriptor(encodeEnvelope(envelope), { holder: this.fingerprint });
  }

  /** A log that begins with the epoch's leaf, after so many leaves of other epochs. */
  startLog(before = 0): void {
    this.log = new LogOfLeaves();
    for (let number = 0; number < before; number++) this.appendPolicy(number);
    this.serve(this.epoch);
  }

  /** Serves this epoch from now on. */
  serve(epoch: OpenEpoch): void {
    this.epoch = epoch;
    if (this.#indexOfEpoch() >= 0) return;
    this.append({
      type: 'epoch',
      time: '2026-11-01T00:00:00.000Z',
      epoch: epoch.descriptor.epoch,
      epoch_id: digestText(epoch.epochId),
    });
  }

  append(leaf: LogLeaf): number {
    return this.log.append(encodeLeaf(leaf));
  }

  /** Appends a leaf that says nothing of a request. */
  appendPolicy(number: number): void {
    const policy = `sha256:${number.toString(16).padStart(64, '0')}`;
    this.append({ type: 'policy', time: '2026-11-02T00:00:00.000Z', policy });
  }

  /** The receipt of a request, as of the log's end; its leaf is appended unless it is there. */
  receipt(request: OpenRequest, completed: Date = afterwards(request, 50_000)): Uint8Array {
    const logged = this.#logged(this.#acceptanceOf(request));
    const policy = this.#logged(this.#policyBefore(logged.index) ?? -1);
    const payload = encodeReceipt({ completed, logged, policy }, this.identity);
    return encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, this.identity));
  }

  /** The receipt of an accounting, likewise. */
  accountingReceipt(request: OpenRequest, sealed: Uint8Array): Uint8Array {
    const leaf: LogLeaf = {
      type: 'accounting',
      time: '2026-11-22T14:00:00.000Z',
      request: digestText(request.requestId),
      accounting: digestText(createHash('sha256').update(sealed).digest()),
      bytes: sealed.length,
    };
    const payload = encodeAccountingReceipt(this.#logged(this.#indexOf(leaf)), this.identity);
    return encodeEnvelope(signPayload(PAYLOAD_TYPES.accountingReceipt, payload, this.identity));
  }

  async address(checkpoints: string): Promise<HolderAddress> {
    if (this.#server.address() === null) await once(this.#server, 'listening');
    const { port } = this.#server.address() as AddressInfo;
    return { server: new URL(`ws://127.0.0.1:${port}`), holder: this.fingerprint, checkpoints };
  }

  /** The index of the leaf that accepts a request by the newest policy; both are appended unless they are there. */
  #acceptanceOf({ manifest, requestId }: OpenRequest): number {
    const leaves = this.log.leaves.map(parseLeaf);
    const found = leaves.findIndex(
      (leaf) => leaf.type === 'accepted' && leaf.request === digestText(requestId),
    );
    if (found >= 0) return found;
    const policyAt = this.#policyBefore(leaves.length);
    if (policyAt === undefined) this.appendPolicy(0x90);
    const policy = parseLeaf(this.log.leaves[policyAt ?? leaves.length] ?? new Uint8Array());
    return this.append({
      type: 'accepted',
      time: afterwards({ manifest }, 30_000).toISOString(),
      request: digestText(requestId),
      records: manifest.records,
      elements: manifest.elements,
      policy: policy.type === 'policy' ? policy.policy : '',
      epoch_id: digestText(manifest.epochId),
      requester: 'Requesting Agency',
      officials: [fingerprint(official)],
      certifiers: [],
      statute: manifest.statute,
      purpose: manifest.purpose,
      investigators: manifest.investigators.length,
      approval: null,
    });
  }

  #policyBefore(index: number): number | undefined {
    const found = this.log.leaves.slice(0, index).findLastIndex((leaf) => parseLeaf(leaf).type === 'policy');
    return found < 0 ? undefined : found;
  }

  #indexOf(leaf: LogLeaf): number {
    const bytes = Buffer.from(encodeLeaf(leaf));
    const found = this.log.leaves.findIndex((other) => bytes.equals(other));
    return found < 0 ? this.log.append(bytes) : found;
  }

  #logged(index: number): Parameters<typeof encodeAccountingReceipt>[0] {
    const { note } = this.log.checkpoint(this.identity);
    return {
      leaf: this.log.leaves[index] ?? new Uint8Array(),
      index,
      path: this.log.inclusion(index),
      checkpoint: note,
    };
  }

  #serve(socket: WebSocket): void {
    const session = new HolderSession({ epoch: this.epoch, now: () => new Date() });
    let shown = 0;
    const perform = (event: HolderEvent): void => {
      switch (event.kind) {
        case 'send':
          socket.send(event.frame);
          break;
        case 'openLog': {
          this.rememberedSizes.push(event.rememberedSize);
          this.beforeLog();
          shown = this.log.leaves.length;
          const leafIndex = this.#indexOfEpoch();
          session
            .logOpened({
              checkpoint: this.log.checkpoint(this.identity).note,
              leafIndex,
              leaf: this.log.leaves[leafIndex] ?? new Uint8Array(),
              path: this.log.inclusion(leafIndex),
              consistency: this.log.consistency(event.rememberedSize),
            })
            .forEach(perform);
          break;
        }
        case 'authorise': {
          const decision = this.decisions.shift() ?? { outcome: 'accepted' };
          if (decision.outcome === 'accepted') this.#acceptanceOf(event.request);
          session.authorised(decision).forEach(perform);
          break;
        }
        case 'finish': {
          this.beforeReceipt();
          const envelopeBytes = this.receipt(event.request);
          const consistency = this.log.consistency(shown);
          shown = this.log.leaves.length;
          session.receipt({ envelopeBytes, consistency }).forEach(perform);
          break;
        }
        case 'account': {
          this.accountings.push(event.accounting);
          this.beforeAccountingReceipt();
          const envelopeBytes = this.accountingReceipt(event.request, event.accounting);
          session.accounted({ envelopeBytes, consistency: this.log.consistency(shown) }).forEach(perform);
          break;
        }
        case 'close':
          socket.close(event.closeCode);
          break;
        case 'evaluate':
        case 'readSet':
          throw new Error(`a holder of tests does not ${event.kind}`);
      }
    };
    socket.on('message', (data) => {
      session.receive(data as Buffer).forEach(perform);
    });
  }

  #indexOfEpoch(): number {
    const id = digestText(this.epoch.epochId);
    return this.log.leaves.map(parseLeaf).findIndex((leaf) => leaf.type === 'epoch' && leaf.epoch_id === id);
  }
}

/** So many milliseconds after a request was made. */
function afterwards({ manifest }: Pick<OpenRequest, 'manifest'>, milliseconds: number): Date {
  return new Date(manifest.created.getTime() + milliseconds);
}

/** A signed request of one element as it lies on the disk, without its elements and records. */
export function storeRequest(
  path: string,
  { epoch, fingerprint: holder }: HolderOfTests,
  changes: Partial<RequestManifest> = {},
): StoredRequest {
  const files = requestFiles(path);
  const manifest = encodeRequestManifest({
    nonce: new Uint8Array(32).fill(8),
    epochId: epoch.epochId,
    holder,
    created: new Date(Date.now() - 60_000),
    expires: new Date(Date.now() + 86_400_000),
    statute: '8 U.S.C. 1253(a)(1)',
    purpose: null,
    reason: 'Final orders of October',
    taxPeriods: [],
    investigators: [],
    orders: null,
    attestation: null,
    evidence: null,
    records: 1,
    elements: 3,
    chunks: { count: 1, root: new Uint8Array(32).fill(3) },
    ...changes,
  });
  mkdirSync(files.private.path, { recursive: true });
  writeFileSync(
    files.manifest,
    encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, manifest, official)),
  );
  writeFileSync(files.epoch, epoch.envelopeBytes);
  return readStoredRequest(files);
}
