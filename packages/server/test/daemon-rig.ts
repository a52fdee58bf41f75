/**
 * A daemon that listens while a test runs, with a ledger of its own and everything it does with group elements replaced by
 * what the test says. Importing it sets it up before each test of a file.
 */

import { once } from 'node:events';
import { join } from 'node:path';
import { openSqliteLedger, type KnownRequest, type Ledger } from '@blindmatch/ledger';
import type { EvaluatedChunk, Oprf } from '@blindmatch/oprf';
import {
  CHUNK_CANARIES,
  CHUNK_ELEMENTS,
  chunkLeaf,
  ChunkTree,
  decodeHolderMessage,
  digestText,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeLeaf,
  encodeMessage,
  encodeRequestManifest,
  fingerprint,
  generateSigningKey,
  openEpochDescriptor,
  PAYLOAD_TYPES,
  publicKeyToSpki,
  signPayload,
  SUBPROTOCOL,
  SUITE,
  type HolderMessage,
  type LogLeaf,
  type RequestManifest,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { afterEach, beforeEach, expect } from 'vitest';
import { WebSocket } from 'ws';
import type { Holder } from '../src/holder.ts';
import { listen, type Daemon } from '../src/daemon.ts';
import type { ServedEpoch } from '../src/epoch.ts';
import { createLog } from '../src/log.ts';
import { PolicyInForce } from '../src/policy-in-force.ts';
import { announceEpoch, ShownLog } from '../src/shown-log.ts';
import { leavesOf, requestsOf } from './logged-leaves.ts';
import { policyOf, RECIPIENTS, spki, type Entries } from './policy-text.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
export const identity = generateSigningKey().privateKey;
export const officials = Array.from({ length: 5 }, () => generateSigningKey().privateKey);
const LAST_CHUNK_ELEMENTS = 3;
export const CHUNKS = 5;
const ELEMENTS: number = (CHUNKS - 1) * CHUNK_ELEMENTS + LAST_CHUNK_ELEMENTS;
/** Of which two have two match keys each. */
export const RECORDS: number = ELEMENTS - CHUNK_CANARIES * CHUNKS - 2;

/** How many a request may have under the policy; the match keys would do for one more. */
export const RECORDS_CAP: number = RECORDS + 1;

const descriptor = encodeEpochDescriptor({
  holder: { name: 'Tax Agency', key: publicKeyToSpki(identity) },
  epoch: 1,
  created: new Date(),
  suite: SUITE,
  publicKey: new Uint8Array(32).fill(9),
  profile: { id: 'us-name-address/2', hash: `sha256:${'5a'.repeat(32)}`, maxKeys: 2 },
  tiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 0,
  evidenceReaders: [],
  inspector: { name: 'Inspector', recipient: RECIPIENTS[0] },
  tokenSet: { digest: new Uint8Array(32).fill(7), bytes: 1000, tokens: 100, bits: 80 },
  maxElements: 2 ** 20,
  chunkElements: CHUNK_ELEMENTS,
  canaries: { present: 1, absent: 1 },
});
export const open = openEpochDescriptor(
  encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, identity)),
  { holder: fingerprint(identity) },
);

// No group elements: what evaluates them here does not look at them.
export const chunks = Array.from({ length: CHUNKS }, (_, index) => {
  const count = index < CHUNKS - 1 ? CHUNK_ELEMENTS : LAST_CHUNK_ELEMENTS;
  return new Uint8Array(32 * count).fill(index + 1);
});
const tree = new ChunkTree(
  new Uint8Array(Buffer.concat(chunks.map((elements, index) => chunkLeaf(index, elements)))),
);
export const chunk = (index: number): RequesterMessage => ({
  type: 'chunk',
  index,
  elements: chunks[index]!,
  path: tree.path(index),
});

/** A new request of one of the requesters. */
export function requestEnvelope(requester = 0, changes: Partial<RequestManifest> = {}): Uint8Array {
  const manifest = encodeRequestManifest({
    nonce: new Uint8Array(32).fill(++nonces),
    epochId: open.epochId,
    holder: fingerprint(identity),
    created: new Date(Date.now() - 1000),
    expires: new Date(Date.now() + 3_600_000),
    statute: '8 U.S.C. 1253(a)(1)',
    purpose: null,
    reason: 'Final orders of June',
    taxPeriods: [],
    investigators: [],
    orders: null,
    attestation: null,
    evidence: null,
    records: RECORDS,
    elements: ELEMENTS,
    chunks: { count: CHUNKS, root: tree.root },
    ...changes,
  });
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, manifest, officials[requester]!));
}

/** What evaluates here: each call waits until the test answers it. */
interface Evaluation {
  readonly chunkIndex: number;
  readonly answer: (elements: Uint8Array) => void;
  readonly fail: (error: Error) => void;
  readonly signal: AbortSignal | undefined;
  readonly lane: unknown;
}

let nonces = 0;
let ledgers = 0;
export let ledger: Ledger;
export let logged: string[];
export let evaluations: Evaluation[];
export let daemon: Daemon;
/** What throws in place of the daemon's clock, ledger or evaluation, when a test says so. */
let broken:
  | 'clock'
  | 'find'
  | 'accept'
  | 'complete'
  | 'account'
  | 'refuse'
  | 'policy'
  | 'head'
  | 'evaluate'
  | undefined;
export let holder: Holder;
/** How far the daemon's clock is ahead, in milliseconds. */
let later: number;

let fault: Error | undefined;

/** From now on this part throws, this error or one of a fault in the code; none does without an argument. */
export function breakPart(part?: typeof broken, error?: Error): void {
  broken = part;
  fault = error;
}

/** Sets the daemon's clock ahead. */
export function setAhead(milliseconds: number): void {
  later = milliseconds;
}

/** A test has closed the daemon itself. */
export function forgetDaemon(): void {
  daemon = { url: daemon.url, close: () => Promise.resolve() };
}

function breakIf(part: typeof broken): void {
  if (broken === part) throw fault ?? new RangeError(`${part} is broken at /var/holder`);
}

beforeEach(async () => {
  ledger = openSqliteLedger(join(directory, `${++ledgers}.sqlite`));
  logged = [];
  evaluations = [];
  broken = undefined;
  later = 0;
  const evaluate: Oprf['evaluate'] = (_, elements, { chunkIndex }, options) => {
    breakIf('evaluate');
    return new Promise<EvaluatedChunk>((resolve, reject) => {
      evaluations.push({
        chunkIndex,
        answer: (evaluated) => {
          resolve({ evaluated, evaluatedRoots: evaluated.map(() => 7), proof: new Uint8Array(64) });
        },
        fail: reject,
        signal: options?.signal,
        lane: options?.lane,
      });
      expect(elements).toEqual(chunks[chunkIndex]);
    });
  };
  const tokenSet = { read: (_: number, length: number) => Promise.resolve(new Uint8Array(length)) };
  await adopt();
  const epochLeaf = await announceEpoch(ledger, open, new Date());
  const shared = breakable(ledger);
  holder = {
    policies: new PolicyInForce(shared),
    identity,
    epoch: {
      open,
      key: new Uint8Array(32),
      tokenSet,
      close: () => Promise.resolve(),
    } as unknown as ServedEpoch,
    ledger: shared,
    shownLog: new ShownLog(shared.log, identity, epochLeaf),
    oprf: { evaluate } as Oprf,
    log: createLog({ write: (line: string) => logged.push(line) }),
    now: () => new Date(Date.now() + later),
    monotonic: () => {
      breakIf('clock');
      return performance.now();
    },
  };
  daemon = await listen({ host: '127.0.0.1', port: 0 }, undefined, () => Promise.resolve(holder));
});

/** Puts a policy in force under which each of the officials signs for a requester. */
export async function adopt(changes: Entries = {}): Promise<void> {
  const { digest, text } = policyOf({
    max_elements: 2 ** 20,
    requesters: officials.map((official, index) => ({
      name: `Requesting Agency ${index}`,
      required_signatures: '1 of role official',
      caps: { records_per_request: RECORDS_CAP },
      officials: [{ public_key: spki(official) }],
    })),
    ...changes,
  });
  const now = new Date();
  const leaf = encodeLeaf({ type: 'policy', time: now.toISOString(), policy: digestText(digest) });
  await ledger.adoptPolicy({ digest, text, now, leaf });
}

/** The ledger, which throws where a test says so. */
function breakable(real: Ledger): Ledger {
  const breaking = <T extends object>(target: T, parts: readonly string[]): T =>
    new Proxy(target, {
      get: (_, name) => {
        const member: unknown = Reflect.get(target, name);
        if (name === 'log') return breaking(member as object, ['head']);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          if (parts.includes(String(name))) breakIf(name as typeof broken);
          return (member as (...given: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  return breaking(real, ['find', 'accept', 'complete', 'account', 'refuse', 'policy']);
}

/** The leaves of the log that are about requests. */
export async function leaves(): Promise<LogLeaf[]> {
  return await leavesOf(ledger);
}

export async function requests(): Promise<KnownRequest[]> {
  return await requestsOf(ledger);
}

afterEach(async () => {
  await daemon.close();
  await ledger.close();
});

/** A requester whose messages are queued until they are taken. */
export class TestRequester {
  readonly #socket: WebSocket;
  readonly #messages: HolderMessage[] = [];
  readonly closed: Promise<number>;
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#messages.push(decodeHolderMessage(data as Buffer));
      this.#wake();
    });
    this.closed = once(socket, 'close').then(([code]) => code as number);
  }

  static async connect(): Promise<TestRequester> {
    const socket = new WebSocket(daemon.url, SUBPROTOCOL);
    const requester = new TestRequester(socket);
    await once(socket, 'open');
    return requester;
  }

  /** A requester who has said hello. */
  static async greeted(): Promise<TestRequester> {
    const requester = await TestRequester.connect();
    requester.send({ type: 'hello', version: 1, logSize: 0 });
    expect(await requester.next()).toMatchObject({ type: 'epoch' });
    return requester;
  }

  /** A requester whose request was accepted. */
  static async accepted(envelope = requestEnvelope()): Promise<TestRequester> {
    const requester = await TestRequester.greeted();
    requester.send({ type: 'request', envelope });
    expect(await requester.next()).toMatchObject({ type: 'accepted' });
    return requester;
  }

  send(message: RequesterMessage): void {
    this.#socket.send(encodeMessage(message));
  }

  async next(): Promise<HolderMessage> {
    while (this.#messages.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.#messages.shift()!;
  }

  /** What it was told last, when the daemon has closed. */
  async last(): Promise<HolderMessage | undefined> {
    await this.closed;
    return this.#messages.at(-1);
  }

  drop(): void {
    this.#socket.terminate();
  }
}

/** Resolves when that many evaluations are under way; a round trip of reads shows that the daemon has gone on. */
export async function untilUnderWay(requester: TestRequester, count: number): Promise<void> {
  while (evaluations.length < count) {
    requester.send({ type: 'setRead', offset: 0, length: 1 });
    expect(await requester.next()).toMatchObject({ type: 'setData' });
  }
}
