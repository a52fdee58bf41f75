import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CHUNK_CANARIES,
  encodeEnvelope,
  openEpochDescriptor,
  openRequest,
  PAYLOAD_TYPES,
  parseEnvelope,
  REQUESTER_FRAME_MAX,
  SET_READ_MAX,
  type OpenEpoch,
  type RequestManifest,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type RunningDaemon } from './programs.ts';
import { RawRequester, type Refusal } from './raw-requester.ts';
import {
  blindedElements,
  buildSet,
  handmadeRequest,
  makeHolder,
  type HandmadeRequest,
  type SmallHolder,
} from './small-holder.ts';
import { encodeFrame, OPCODE } from './websocket-frames.ts';

const MAX_RECORDS = 5;
const HOUR_MS = 3_600_000;
const hello: RequesterMessage = { type: 'hello', version: 1, logSize: 0 };

const home = mkdtempSync(join(tmpdir(), 'hostile-requester-'));
let holder: SmallHolder;
let daemon: RunningDaemon;
let epoch: OpenEpoch;
let elements: Uint8Array;

beforeAll(async () => {
  holder = await makeHolder(home, MAX_RECORDS);
  await buildSet(holder, home);
  daemon = await startDaemon(holder.path, home);
  epoch = openEpochDescriptor(readFileSync(join(holder.path, 'epochs/1/epoch.dsse.json')), {
    holder: holder.fingerprint,
  });
  elements = await blindedElements(MAX_RECORDS + CHUNK_CANARIES);
});

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
  expect(daemon.output.stderr).not.toContain('internal error');
  rmSync(home, { recursive: true, force: true });
});

// Whatever a hostile requester did, the daemon goes on serving an honest one.
afterEach(async () => {
  const requester = await accepted(request());
  requester.send(request.last.chunk);
  expect(await requester.next()).toMatchObject({ type: 'evaluated', index: 0 });
  requester.send({ type: 'finish' });
  expect(await requester.next()).toMatchObject({ type: 'receipt' });
  requester.send({ type: 'setRead', offset: 0, length: epoch.descriptor.tokenSet.bytes });
  expect(await requester.next()).toMatchObject({ type: 'setData', offset: 0 });
  requester.close();
});

/** A request that the daemon would accept but for the changes. */
function request(
  changes: Partial<RequestManifest> = {},
  signers: readonly KeyObject[] = [holder.official],
  over: Uint8Array = elements,
): HandmadeRequest {
  request.last = handmadeRequest(epoch, holder.fingerprint, over, signers, changes);
  return request.last;
}
request.last = undefined as unknown as HandmadeRequest;

/** A connection that is past `hello`. */
async function greeted(): Promise<RawRequester> {
  const requester = await RawRequester.connect(daemon.url);
  requester.send(hello);
  expect(await requester.next()).toMatchObject({ type: 'epoch' });
  return requester;
}

/** A connection whose request the daemon has accepted. */
async function accepted({ envelope }: HandmadeRequest): Promise<RawRequester> {
  const requester = await greeted();
  requester.send({ type: 'request', envelope });
  expect(await requester.next()).toMatchObject({ type: 'accepted' });
  return requester;
}

/** How the daemon answers a request. */
async function refusalOf(envelope: Uint8Array): Promise<Refusal> {
  const requester = await greeted();
  requester.send({ type: 'request', envelope });
  return await requester.refusal();
}

/** How the daemon answers messages that follow an accepted request, sent together. */
async function refusalAfterAcceptance(
  made: HandmadeRequest,
  ...messages: readonly RequesterMessage[]
): Promise<Refusal> {
  const requester = await accepted(made);
  requester.send(...messages);
  return await requester.refusal();
}

describe('a request that must not be answered', () => {
  it('is refused without a signature', async () => {
    const refusal = await refusalOf(request({}, []).envelope);
    expect(refusal).toMatchObject({ code: 'official_unknown', closeCode: 1008 });
    expect(refusal.sentence).toContain('not signed');
  });

  it('is refused when a stranger signed it', async () => {
    const stranger = generateKeyPairSync('ed25519').privateKey;
    expect(await refusalOf(request({}, [stranger]).envelope)).toMatchObject({ code: 'official_unknown' });
  });

  it("is refused under the official's signature of another request", async () => {
    const signatures = openRequest(request().envelope).envelope.signatures;
    const other = parseEnvelope(request().envelope, PAYLOAD_TYPES.requestManifest);
    expect(await refusalOf(encodeEnvelope({ ...other, signatures }))).toMatchObject({
      code: 'official_unknown',
    });
  });

  it('is refused when its manifest was altered after signing', async () => {
    const signed = parseEnvelope(request().envelope, PAYLOAD_TYPES.requestManifest);
    const payload = Buffer.from(Buffer.from(signed.payload).toString().replace('of June', 'of July'));
    expect(await refusalOf(encodeEnvelope({ ...signed, payload }))).toMatchObject({
      code: 'official_unknown',
    });
  });

  it('is refused with more records than the official may ask for', async () => {
    expect(
      await refusalOf(request({ records: MAX_RECORDS + 1, elements: MAX_RECORDS + 3 }).envelope),
    ).toMatchObject({
      code: 'records_over_cap',
    });
  });

  it('is refused with more elements than its records can give', async () => {
    // One record's match keys, a chunk's two canaries, and one more.
    const elements = epoch.descriptor.profile.maxKeys + 3;
    expect(await refusalOf(request({ records: 1, elements }).envelope)).toMatchObject({
      code: 'elements_over_cap',
    });
  });

  it('is refused for another epoch', async () => {
    const refusal = await refusalOf(request({ epochId: new Uint8Array(32).fill(1) }).envelope);
    expect(refusal).toMatchObject({ code: 'epoch_unknown' });
  });

  it('is refused for another holder', async () => {
    const refusal = await refusalOf(request({ holder: `sha256:${'11'.repeat(32)}` }).envelope);
    expect(refusal).toMatchObject({ code: 'holder_unexpected' });
  });

  it('is refused once it has expired', async () => {
    const times = { created: new Date(Date.now() - 2 * HOUR_MS), expires: new Date(Date.now() - HOUR_MS) };
    expect(await refusalOf(request(times).envelope)).toMatchObject({ code: 'manifest_expired' });
  });

  it('is refused when it is dated in the future', async () => {
    const times = { created: new Date(Date.now() + HOUR_MS), expires: new Date(Date.now() + 2 * HOUR_MS) };
    expect(await refusalOf(request(times).envelope)).toMatchObject({ code: 'manifest_expired' });
  });

  it('is refused with the nonce of another request', async () => {
    const nonce = new Uint8Array(randomBytes(32));
    (await accepted(request({ nonce }))).close();
    const refusal = await refusalOf(request({ nonce, reason: 'Final orders of August' }).envelope);
    expect(refusal).toMatchObject({ code: 'nonce_reused', closeCode: 1008 });
  });

  it('is accepted again when it is the same to the byte, so that it can be resumed', async () => {
    const made = request();
    (await accepted(made)).close();
    (await accepted(made)).close();
  });

  it('is refused when it is no envelope', async () => {
    expect(await refusalOf(Buffer.from('{"payload":1}'))).toMatchObject({ code: 'manifest_malformed' });
  });
});

describe('a chunk that must not be evaluated', () => {
  it('is refused when it is not in the signed tree', async () => {
    const made = request();
    const swapped = Buffer.concat([
      elements.subarray(32, 64),
      elements.subarray(0, 32),
      elements.subarray(64),
    ]);
    const refusal = await refusalAfterAcceptance(made, { ...made.chunk, elements: swapped });
    expect(refusal).toMatchObject({ code: 'chunk_mismatch', closeCode: 1008 });
  });

  it('is refused when it has fewer elements than the manifest says', async () => {
    const made = request();
    const refusal = await refusalAfterAcceptance(made, {
      ...made.chunk,
      elements: elements.subarray(0, 128),
    });
    expect(refusal).toMatchObject({ code: 'chunk_mismatch' });
  });

  it('is refused with a path that leads elsewhere', async () => {
    const made = request();
    const refusal = await refusalAfterAcceptance(made, { ...made.chunk, path: new Uint8Array(32) });
    expect(refusal).toMatchObject({ code: 'chunk_mismatch' });
  });

  it('is refused beyond the last one', async () => {
    const made = request();
    const refusal = await refusalAfterAcceptance(made, { ...made.chunk, index: 1 });
    expect(refusal).toMatchObject({ code: 'chunk_out_of_range' });
  });

  it('is refused while it is under way already', async () => {
    const made = request();
    const refusal = await refusalAfterAcceptance(made, made.chunk, made.chunk);
    expect(refusal).toMatchObject({ code: 'message_unexpected', closeCode: 1002 });
  });

  it('is evaluated again once it was answered, with the same answer', async () => {
    const made = request();
    const requester = await accepted(made);
    requester.send(made.chunk);
    const first = await requester.next();
    requester.send(made.chunk);
    const second = await requester.next();
    requester.close();
    if (first.type !== 'evaluated' || second.type !== 'evaluated')
      throw new Error('the chunk was not evaluated');
    expect(second.elements).toEqual(first.elements);
  });

  it.each([
    ['is not canonical', 3, new Uint8Array(32).fill(0xff)],
    ['is no point', 0, Uint8Array.of(2, ...new Uint8Array(31))],
    ['is the identity', 4, new Uint8Array(32)],
  ])('is refused for an element that %s, named by its index', async (_, at, element) => {
    const bad = Uint8Array.from(elements);
    bad.set(element, 32 * at);
    const made = request({}, [holder.official], bad);
    const refusal = await refusalAfterAcceptance(made, made.chunk);
    expect(refusal).toMatchObject({ code: 'element_invalid', closeCode: 1008 });
    expect(refusal.sentence).toContain(`Element ${at} of chunk 0`);
  });

  it('is refused before the request was accepted', async () => {
    const requester = await greeted();
    requester.send(request().chunk);
    expect(await requester.refusal()).toMatchObject({ code: 'message_unexpected' });
  });
});

describe('a read of the token set that must not be answered', () => {
  it('is refused before a request was accepted', async () => {
    const requester = await greeted();
    requester.send({ type: 'setRead', offset: 0, length: 1 });
    expect(await requester.refusal()).toMatchObject({ code: 'message_unexpected' });
  });

  it.each([
    ['from behind the end', (bytes: number) => ({ offset: bytes, length: 1 })],
    ['across the end', (bytes: number) => ({ offset: bytes - 1, length: 2 })],
    ['from the far end of all numbers', () => ({ offset: Number.MAX_SAFE_INTEGER, length: SET_READ_MAX })],
    ['of more than a read may hold', () => ({ offset: 0, length: SET_READ_MAX + 1 })],
    ['of nothing', () => ({ offset: 0, length: 0 })],
  ])('is refused %s', async (_, rangeOf) => {
    const range = rangeOf(epoch.descriptor.tokenSet.bytes);
    const refusal = await refusalAfterAcceptance(request(), { type: 'setRead', ...range });
    expect(refusal).toMatchObject({ code: 'set_range_invalid' });
  });

  it('is refused as the fifth at once', async () => {
    const reads = [0, 1, 2, 3, 4].map((offset) => ({ type: 'setRead' as const, offset, length: 1 }));
    expect(await refusalAfterAcceptance(request(), ...reads)).toMatchObject({ code: 'too_many_in_flight' });
  });
});

describe('a connection that does not speak the protocol', () => {
  it.each([
    ['a request', (): RequesterMessage => ({ type: 'request', envelope: request().envelope })],
    ['a finish', (): RequesterMessage => ({ type: 'finish' })],
    ['a read', (): RequesterMessage => ({ type: 'setRead', offset: 0, length: 1 })],
  ])('is refused when it begins with %s', async (_, first) => {
    const requester = await RawRequester.connect(daemon.url);
    requester.send(first());
    expect(await requester.refusal()).toMatchObject({ code: 'message_unexpected', closeCode: 1002 });
  });

  it('is refused when it greets twice', async () => {
    const requester = await greeted();
    requester.send(hello);
    expect(await requester.refusal()).toMatchObject({ code: 'message_unexpected' });
  });

  it('is refused when it asks for the receipt with a chunk under way', async () => {
    const made = request();
    const refusal = await refusalAfterAcceptance(made, made.chunk, { type: 'finish' });
    expect(refusal).toMatchObject({ code: 'message_unexpected' });
  });

  it('is refused when it makes a second request', async () => {
    const again: RequesterMessage = { type: 'request', envelope: request().envelope };
    expect(await refusalAfterAcceptance(request(), again)).toMatchObject({ code: 'message_unexpected' });
  });

  it('is refused in version 2', async () => {
    const requester = await RawRequester.connect(daemon.url);
    requester.send({ type: 'hello', version: 2, logSize: 0 });
    expect(await requester.refusal()).toMatchObject({ code: 'version_unsupported', closeCode: 1008 });
  });

  it.each([
    ['text', { opcode: OPCODE.text, payload: Buffer.from('[1,1]') }],
    ['bytes that are no message', { opcode: OPCODE.binary, payload: Buffer.from('deadbeef', 'hex') }],
    ['an empty frame', { opcode: OPCODE.binary, payload: Buffer.alloc(0) }],
  ])('is refused when it sends %s', async (_, frame) => {
    const requester = await greeted();
    requester.sendFrames(frame);
    expect(await requester.refusal()).toMatchObject({ code: 'message_malformed', closeCode: 1002 });
  });

  it('is closed when a frame is larger than any message', async () => {
    const requester = await greeted();
    requester.sendFrames({ opcode: OPCODE.binary, payload: Buffer.alloc(REQUESTER_FRAME_MAX + 1) });
    expect((await requester.refusal()).closeCode).toBe(1009);
  });

  it('is closed when a frame only says that it will be enormous', async () => {
    const requester = await greeted();
    requester.sendBytes(Buffer.from('82ff7fffffffffffffff00000000', 'hex'));
    expect((await requester.refusal()).closeCode).toBe(1009);
  });

  it('is closed when its frames are not masked', async () => {
    const requester = await greeted();
    requester.sendBytes(encodeFrame({ opcode: OPCODE.binary, payload: Buffer.from([0x91, 4]) }, false));
    expect((await requester.refusal()).closeCode).toBe(1002);
  });

  it.each([
    ['another', 'blindmatch.v9'],
    ['none', ''],
    ['a name that only begins the same', 'blindmatch.v1.1'],
  ])('gets no upgrade when it offers %s of the subprotocols', async (_, offered) => {
    const requester = await RawRequester.connect(daemon.url, offered);
    expect(requester.status).toBe('HTTP/1.1 400 Bad Request');
    requester.close();
  });

  it('gets the one subprotocol when it offers several', async () => {
    const requester = await RawRequester.connect(daemon.url, 'chat, blindmatch.v1');
    expect(requester.status).toBe('HTTP/1.1 101 Switching Protocols');
    requester.send(hello);
    expect(await requester.next()).toMatchObject({ type: 'epoch' });
    requester.close();
  });

  it('is told what this is when it speaks plain HTTP', async () => {
    const response = await fetch(`http://${daemon.url.host}/`);
    expect(response.status).toBe(426);
    expect(await response.text()).toContain('blindmatch.v1');
  });

  it('is cut off in the middle of anything without harm', async () => {
    const made = request();
    const requester = await accepted(made);
    requester.send(made.chunk);
    requester.close();
  });
});

describe('connections that say nothing', () => {
  it('do not keep the daemon from stopping', async () => {
    const other = await startDaemon(holder.path, home);
    const silent = connect(Number(other.url.port), other.url.hostname);
    await new Promise((resolve) => silent.once('connect', resolve));
    const begun = connect(Number(other.url.port), other.url.hostname);
    await new Promise<void>((resolve) =>
      begun.write('GET / HTTP/1.1\r\nHost:', () => {
        resolve();
      }),
    );
    const refused = connect({ port: Number(other.url.port), host: other.url.hostname, allowHalfOpen: true });
    refused.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    refused.resume();
    await new Promise((resolve) => refused.once('end', resolve));
    const upgraded = await RawRequester.connect(other.url);
    const stopped = other.stop();
    expect(await upgraded.refusal()).toMatchObject({ code: 'shutting_down', closeCode: 1001 });
    expect(await stopped).toBe(0);
    for (const socket of [silent, begun, refused]) socket.destroy();
  }, 10_000);
});
