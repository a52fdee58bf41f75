import { once } from 'node:events';
import { join } from 'node:path';
import { openSqliteLedger, type Ledger } from '@blindmatch/ledger';
import { GroupError, type EvaluatedChunk, type Oprf } from '@blindmatch/oprf';
import {
  CHUNK_ELEMENTS,
  chunkLeaf,
  ChunkTree,
  decodeHolderMessage,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeMessage,
  encodeRequestManifest,
  fingerprint,
  generateSigningKey,
  openEpochDescriptor,
  parseEnvelope,
  PAYLOAD_TYPES,
  publicKeyToSpki,
  signPayload,
  SUBPROTOCOL,
  SUITE,
  type HolderMessage,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { WAITING_LOCAL_MAX } from '../src/admission.ts';
import type { Holder } from '../src/connection.ts';
import { listen, type Daemon } from '../src/daemon.ts';
import type { ServedEpoch } from '../src/epoch.ts';
import { createLog } from '../src/log.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const identity = generateSigningKey().privateKey;
const officials = Array.from({ length: 5 }, () => generateSigningKey().privateKey);
const LAST_CHUNK_ELEMENTS = 3;
const CHUNKS = 5;
const ELEMENTS = (CHUNKS - 1) * CHUNK_ELEMENTS + LAST_CHUNK_ELEMENTS;

const descriptor = encodeEpochDescriptor({
  holder: { name: 'Tax Agency', key: publicKeyToSpki(identity) },
  epoch: 1,
  created: new Date(),
  suite: SUITE,
  publicKey: new Uint8Array(32).fill(9),
  profile: { id: 'us-name-address/2', hash: `sha256:${'5a'.repeat(32)}`, maxKeys: 2 },
  tiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 0,
  tokenSet: { digest: new Uint8Array(32).fill(7), bytes: 1000, tokens: 100, bits: 80 },
  maxElements: 2 ** 20,
  chunkElements: CHUNK_ELEMENTS,
  canaries: { present: 1, absent: 1 },
});
const open = openEpochDescriptor(
  encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, identity)),
  { holder: fingerprint(identity) },
);

// No group elements: what evaluates them here does not look at them.
const chunks = Array.from({ length: CHUNKS }, (_, index) => {
  const count = index < CHUNKS - 1 ? CHUNK_ELEMENTS : LAST_CHUNK_ELEMENTS;
  return new Uint8Array(32 * count).fill(index + 1);
});
const tree = new ChunkTree(
  new Uint8Array(Buffer.concat(chunks.map((elements, index) => chunkLeaf(index, elements)))),
);
const chunk = (index: number): RequesterMessage => ({
  type: 'chunk',
  index,
  elements: chunks[index]!,
  path: tree.path(index),
});

/** A new request of one of the requesters. */
function requestEnvelope(requester = 0): Uint8Array {
  const manifest = encodeRequestManifest({
    nonce: new Uint8Array(32).fill(++nonces),
    epochId: open.epochId,
    holder: fingerprint(identity),
    created: new Date(Date.now() - 1000),
    expires: new Date(Date.now() + 3_600_000),
    statute: '8 U.S.C. 1253(a)(1)',
    reason: 'Final orders of June',
    records: ELEMENTS,
    elements: ELEMENTS,
    chunks: { count: CHUNKS, root: tree.root },
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
let ledger: Ledger;
let logged: string[];
let evaluations: Evaluation[];
let daemon: Daemon;
/** What throws in place of the daemon's clock, ledger or evaluation, when a test says so. */
let broken: 'clock' | 'accept' | 'complete' | 'evaluate' | undefined;

function breakIf(part: typeof broken): void {
  if (broken === part) throw new RangeError(`${part} is broken at /var/holder`);
}

beforeEach(async () => {
  ledger = openSqliteLedger(join(directory, `${++ledgers}.sqlite`));
  logged = [];
  evaluations = [];
  broken = undefined;
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
  const holder: Holder = {
    policy: {
      name: 'Tax Agency',
      maxElements: 2 ** 20,
      answeredTiers: ['name_address_dob', 'name_address'],
      minimumOrderAgeDays: 0,
      requesters: officials.map((official, index) => ({
        name: `Requesting Agency ${index}`,
        maxRecords: ELEMENTS,
        officials: [{ key: official, fingerprint: fingerprint(official) }],
      })),
    },
    identity,
    epoch: {
      open,
      key: new Uint8Array(32),
      tokenSet,
      close: () => Promise.resolve(),
    } as unknown as ServedEpoch,
    ledger: breakable(ledger),
    oprf: { evaluate } as Oprf,
    log: createLog({ write: (line: string) => logged.push(line) }),
    now: () => new Date(),
    monotonic: () => {
      breakIf('clock');
      return performance.now();
    },
  };
  daemon = await listen({ host: '127.0.0.1', port: 0 }, undefined, holder);
});

function breakable(real: Ledger): Ledger {
  return {
    accept: (request, now) => {
      breakIf('accept');
      return real.accept(request, now);
    },
    complete: (requestId, now) => {
      breakIf('complete');
      return real.complete(requestId, now);
    },
    requests: () => real.requests(),
    close: () => {
      real.close();
    },
  };
}

afterEach(async () => {
  await daemon.close();
  ledger.close();
});

/** A requester whose messages are queued until they are taken. */
class TestRequester {
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
    requester.send({ type: 'hello', version: 1 });
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
async function untilUnderWay(requester: TestRequester, count: number): Promise<void> {
  while (evaluations.length < count) {
    requester.send({ type: 'setRead', offset: 0, length: 1 });
    expect(await requester.next()).toMatchObject({ type: 'setData' });
  }
}

describe('a daemon', () => {
  it('refuses a fifth chunk while four are under way', async () => {
    const requester = await TestRequester.accepted();
    for (let index = 0; index < CHUNKS; index++) requester.send(chunk(index));
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'too_many_in_flight' });
    expect(await requester.closed).toBe(1008);
    expect(evaluations.map(({ chunkIndex }) => chunkIndex)).toEqual([0, 1, 2, 3]);
  });

  it('takes the fifth once one is answered, and answers in any order', async () => {
    const requester = await TestRequester.accepted();
    for (let index = 0; index < 4; index++) requester.send(chunk(index));
    await untilUnderWay(requester, 4);
    evaluations[2]!.answer(chunks[2]!);
    expect(await requester.next()).toMatchObject({
      type: 'evaluated',
      index: 2,
      elements: chunks[2],
      roots: chunks[2]!.map(() => 7),
    });
    requester.send(chunk(4));
    await untilUnderWay(requester, 5);
    for (const index of [4, 0, 3, 1]) {
      evaluations[index]!.answer(chunks[index]!);
      expect(await requester.next()).toMatchObject({ type: 'evaluated', index });
    }
    requester.send({ type: 'finish' });
    expect(await requester.next()).toMatchObject({ type: 'receipt' });
    requester.drop();
  });

  it('tells a requester that the fault is its own when an evaluation fails, and the log why', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new RangeError('broken inside'));
    const refused = await requester.next();
    expect(refused).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(refused).not.toHaveProperty('sentence', expect.stringContaining('broken inside'));
    expect(await requester.closed).toBe(1011);
    expect(logged.join('')).toContain('"error":"RangeError"');
    expect(logged.join('')).not.toContain('broken inside');
  });

  it('names the element of a requester that is not valid', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new GroupError('element_invalid', 'Not valid.', { index: 2 }));
    const refused = await requester.next();
    expect(refused).toMatchObject({ type: 'refused', code: 'element_invalid' });
    expect(JSON.stringify(refused)).toContain('Element 2 of chunk 4');
    expect(await requester.closed).toBe(1008);
  });

  it.each([
    new GroupError('element_invalid', 'An element that was computed here is not valid.'),
    new GroupError('task_failed', 'A task failed in its worker.'),
  ])('blames no element of a requester for $code of its own', async (error) => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(error);
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(await requester.closed).toBe(1011);
  });

  it('tells a requester that it is going away when its workers are stopped under a chunk', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    evaluations[0]!.fail(new GroupError('pool_closed', 'The pool is closed.'));
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect(await requester.closed).toBe(1001);
  });

  it('drops an answer whose requester is gone, and serves the next', async () => {
    const gone = await TestRequester.accepted();
    gone.send(chunk(4));
    await untilUnderWay(gone, 1);
    gone.drop();
    await gone.closed;
    const next = await TestRequester.accepted();
    evaluations[0]!.answer(chunks[4]!);
    next.send(chunk(4));
    await untilUnderWay(next, 2);
    evaluations[1]!.answer(chunks[4]!);
    expect(await next.next()).toMatchObject({ type: 'evaluated', index: 4 });
    next.drop();
    expect(logged.join('')).not.toContain('internal error');
  });

  it('tells every requester that it is going away when it is stopped', async () => {
    const requesters = await Promise.all([TestRequester.connect(), TestRequester.accepted()]);
    const closing = daemon.close();
    for (const requester of requesters) {
      expect(await requester.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
      expect(await requester.closed).toBe(1001);
    }
    await closing;
    daemon = { url: daemon.url, close: () => Promise.resolve() };
  });

  it.each([
    [
      'the clock',
      'clock',
      (requester: TestRequester) => {
        requester.send(chunk(4));
      },
    ],
    ['the ledger, accepting', 'accept', undefined],
    [
      'the ledger, completing',
      'complete',
      (requester: TestRequester) => {
        requester.send({ type: 'finish' });
      },
    ],
    [
      'the evaluation',
      'evaluate',
      (requester: TestRequester) => {
        requester.send(chunk(4));
      },
    ],
  ] as const)('ends one connection only when %s fails under it', async (_, part, act) => {
    const witness = await TestRequester.accepted();
    const requester = act === undefined ? await TestRequester.greeted() : await TestRequester.accepted();
    broken = part;
    if (act === undefined) requester.send({ type: 'request', envelope: requestEnvelope() });
    else act(requester);
    const told = await requester.last();
    broken = undefined;
    expect(told).toMatchObject({ type: 'refused', code: 'internal_error' });
    expect(logged.join('')).toContain('"error":"RangeError"');
    expect(logged.join('')).not.toContain('/var/holder');
    witness.send(chunk(4));
    await untilUnderWay(witness, evaluations.length + 1);
    evaluations.at(-1)!.answer(chunks[4]!);
    expect(await witness.next()).toMatchObject({ type: 'evaluated', index: 4 });
    witness.drop();
  });

  it('goes on when its clock fails under a timer or a new connection', async () => {
    const requester = await TestRequester.accepted();
    broken = 'clock';
    expect(await requester.last()).toMatchObject({ type: 'refused', code: 'internal_error' });
    const refused = new WebSocket(daemon.url, SUBPROTOCOL);
    refused.on('error', () => undefined);
    await once(refused, 'close');
    broken = undefined;
    (await TestRequester.accepted()).drop();
  });

  it('evaluates in a lane of each requester, and nothing more for a connection that has gone', async () => {
    const [gone, kept] = [await TestRequester.accepted(), await TestRequester.accepted()];
    const other = await TestRequester.accepted(requestEnvelope(1));
    gone.send(chunk(4));
    await untilUnderWay(gone, 1);
    kept.send(chunk(4));
    await untilUnderWay(kept, 2);
    other.send(chunk(4));
    await untilUnderWay(other, 3);
    expect(evaluations.map(({ lane }) => lane)).toEqual(
      [0, 0, 1].map((index) => `Requesting Agency ${index}`),
    );
    gone.drop();
    await once(evaluations[0]!.signal!, 'abort');
    expect(evaluations.map(({ signal }) => signal!.aborted)).toEqual([true, false, false]);
    for (const requester of [kept, other]) requester.drop();
  });

  it('takes a request up on its latest connection and drops the work of the one before', async () => {
    const envelope = requestEnvelope();
    const before = await TestRequester.accepted(envelope);
    before.send(chunk(4));
    await untilUnderWay(before, 1);
    const after = await TestRequester.accepted(envelope);
    expect(await before.last()).toMatchObject({
      type: 'refused',
      code: 'message_unexpected',
      sentence: 'The same request was taken up on another connection; this one ends.',
    });
    expect(await before.closed).toBe(1002);
    expect(evaluations[0]!.signal!.aborted).toBe(true);
    after.send(chunk(4));
    await untilUnderWay(after, 2);
    evaluations[1]!.answer(chunks[4]!);
    expect(await after.next()).toMatchObject({ type: 'evaluated', index: 4 });
    expect([...ledger.requests()]).toHaveLength(1);
    after.drop();
  });

  it('does not end a connection for a request that it refuses', async () => {
    const envelope = requestEnvelope();
    const kept = await TestRequester.accepted(envelope);
    const signed = parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest);
    const thief = await TestRequester.greeted();
    thief.send({
      type: 'request',
      envelope: encodeEnvelope(signPayload(PAYLOAD_TYPES.requestManifest, signed.payload, officials[1]!)),
    });
    expect(await thief.next()).toMatchObject({ type: 'refused', code: 'nonce_reused' });
    kept.send(chunk(4));
    await untilUnderWay(kept, 1);
    kept.drop();
  });

  it('serves 16 requests of one requester at once, and those of others beside them', async () => {
    const envelopes = Array.from({ length: 16 }, () => requestEnvelope());
    const requesters: TestRequester[] = [];
    for (const envelope of envelopes) requesters.push(await TestRequester.accepted(envelope));
    const late = await TestRequester.greeted();
    late.send({ type: 'request', envelope: requestEnvelope() });
    expect(await late.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect([...ledger.requests()]).toHaveLength(16);
    requesters.push(await TestRequester.accepted(requestEnvelope(1)));
    requesters.push(await TestRequester.accepted(envelopes[0]));
    for (const requester of requesters) requester.drop();
  });

  it('evaluates nothing more for a requester that it sends away', async () => {
    const requester = await TestRequester.accepted();
    requester.send(chunk(4));
    await untilUnderWay(requester, 1);
    requester.send({ type: 'hello', version: 1 });
    expect(await requester.next()).toMatchObject({ code: 'message_unexpected' });
    expect(evaluations[0]!.signal!.aborted).toBe(true);
    requester.drop();
  });

  it('serves accepted requesters although strangers take all the places that an address has', async () => {
    const strangers = await Promise.all(
      Array.from({ length: WAITING_LOCAL_MAX - 1 }, () => TestRequester.greeted()),
    );
    const first = await TestRequester.accepted();
    strangers.push(await TestRequester.connect());
    expect(await statusOf()).toBe(503);
    // The place of one who waited is free once it is accepted, and the accepted one is served on.
    first.send(chunk(4));
    await untilUnderWay(first, 1);
    for (const stranger of strangers) stranger.drop();
    await Promise.all(strangers.map((stranger) => stranger.closed));
    (await TestRequester.accepted()).drop();
    first.drop();
  });

  it('serves 64 requests at once, sends the next away uncharged and lets one of them be taken up again', async () => {
    const envelopes = Array.from({ length: 64 }, (_, index) => requestEnvelope(index % 4));
    const requesters: TestRequester[] = [];
    for (const envelope of envelopes) requesters.push(await TestRequester.accepted(envelope));
    const late = await TestRequester.greeted();
    late.send({ type: 'request', envelope: requestEnvelope(4) });
    expect(await late.next()).toMatchObject({ type: 'refused', code: 'shutting_down' });
    expect([...ledger.requests()]).toHaveLength(64);
    requesters.push(await TestRequester.accepted(envelopes[0]));
    expect(await requesters[0]!.last()).toMatchObject({ type: 'refused', code: 'message_unexpected' });
    for (const requester of requesters) requester.drop();
  });

  it.each([
    ['another path', '/other', {}, 404],
    ['a web page', '/', { origin: 'https://example.org' }, 403],
  ])('answers %s with a status of its own', async (_, path, headers, status) => {
    expect(await statusOf(path, headers)).toBe(status);
  });

  it('writes no line for a stranger who says nothing and goes, and one for each who is accepted or refused', async () => {
    const stranger = await TestRequester.greeted();
    stranger.drop();
    await stranger.closed;
    const requester = await TestRequester.accepted();
    requester.send({ type: 'hello', version: 1 });
    await requester.closed;
    const messages = logged.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages.slice(0, 2)).toEqual(['request accepted', 'refused']);
  });
});

/** The status that an upgrade is refused with. */
async function statusOf(path = '/', headers: Record<string, string> = {}): Promise<number> {
  const refused = new WebSocket(new URL(path, daemon.url), SUBPROTOCOL, { headers });
  refused.on('error', () => undefined);
  const [, response] = (await once(refused, 'unexpected-response')) as [unknown, { statusCode: number }];
  refused.terminate();
  return response.statusCode;
}
