/** A holder in this process that is honest but for what a test makes of its answers. */

import { createHash, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { createInlineOprf, defaultEngine, packByteStrings, publicKeyOf } from '@blindmatch/oprf';
import {
  decodeRequesterMessage,
  digestText,
  encodeAccountingReceipt,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeMessage,
  encodeReceipt,
  fingerprint,
  openEpochDescriptor,
  openRequest,
  PAYLOAD_TYPES,
  publicKeyToSpki,
  signPayload,
  SUBPROTOCOL,
  SUITE,
  type EpochDescriptor,
  type HolderMessage,
  type LeafOf,
  type LoggedLeaf,
  type OpenEpoch,
  type OpenRequest,
  type ReceiptContents,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { DEFAULT_PROFILE, TIERS } from '@blindmatch/records';
import { openTokenSetBuild } from '@blindmatch/tokenset';
import { FakeLog } from './fake-log.ts';
import { closePayload, encodeFrame, FrameReader, OPCODE, type Frame } from './websocket-frames.ts';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_ELEMENTS = 4096;

/** What a made-up policy file of the holder hashes to. */
const POLICY = `sha256:${'90'.repeat(32)}`;
/** Where the epoch's leaf stands in the log. */
export const EPOCH_AT = 1;

/** One canary of each kind, so that a set is small. */
const CANARIES = { present: 1, absent: 1 };

/** An epoch with all that its holder has of it. */
export interface FakeEpoch {
  readonly identity: KeyObject;
  readonly key: Uint8Array;
  readonly open: OpenEpoch;
  /** The token set file. */
  readonly set: Buffer;
  /** It goes on over all requesters, as a holder's does: the policy, the epoch, then what is asked. */
  readonly log: FakeLog;
}

/** Builds an epoch whose token set holds the tokens of `inputs`, signed as a holder signs it. */
export async function buildFakeEpoch(
  directory: string,
  identity: KeyObject,
  key: Uint8Array,
  inputs: readonly string[],
  changes: Partial<EpochDescriptor> = {},
): Promise<FakeEpoch> {
  const publicKey = publicKeyOf(defaultEngine(), key);
  const build = await openTokenSetBuild(join(directory, 'build'), { source: 'people on file' });
  // Each input belongs to somebody else.
  const owners = new BigUint64Array(inputs.length).map((_, number) => BigInt(number));
  await build.add(
    await createInlineOprf(defaultEngine()).tokens(key, packByteStrings(inputs)),
    new Uint8Array(owners.buffer),
    inputs.length,
  );
  const path = join(directory, 'set.bmts');
  const made = await build.finish(path, { publicKey, epoch: 1, maxElements: MAX_ELEMENTS });
  await build.close();
  const descriptor: EpochDescriptor = {
    holder: { name: 'Tax Agency', key: publicKeyToSpki(identity) },
    epoch: 1,
    created: new Date('2026-11-01T00:00:00Z'),
    suite: SUITE,
    publicKey,
    profile: {
      id: DEFAULT_PROFILE.id,
      hash: DEFAULT_PROFILE.hash,
      maxKeys: DEFAULT_PROFILE.maxKeysPerRequest,
    },
    tiers: TIERS,
    minimumOrderAgeDays: 0,
    evidenceReaders: [],
    inspector: null,
    tokenSet: { digest: made.digest, bytes: made.length, tokens: made.tokens, bits: made.header.bits },
    maxElements: MAX_ELEMENTS,
    chunkElements: 4096,
    canaries: CANARIES,
    ...changes,
  };
  const open = openEpochDescriptor(signedDescriptor(encodeEpochDescriptor(descriptor), identity), {
    holder: fingerprint(identity),
  });
  const time = descriptor.created.toISOString();
  const log = new FakeLog(identity, [
    { type: 'policy', time, policy: POLICY },
    { type: 'epoch', time, epoch: descriptor.epoch, epoch_id: digestText(open.epochId) },
  ]);
  return { identity, key, open, set: readFileSync(path), log };
}

/** The envelope of a descriptor's payload. */
export function signedDescriptor(payload: Uint8Array, identity: KeyObject): Uint8Array {
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, payload, identity));
}

/** What a receipt of the acceptance that stands there in the log proves: it, and the policy, which is the first leaf. */
export function receiptContents(log: FakeLog, index: number, { manifest }: OpenRequest): ReceiptContents {
  return { completed: manifest.created, logged: log.logged(index), policy: log.logged(0) };
}

/** The envelope of a receipt. */
export function signedReceipt(contents: ReceiptContents, identity: KeyObject): Uint8Array {
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, encodeReceipt(contents, identity), identity));
}

/** The envelope of the receipt of an accounting. */
export function signedAccountingReceipt(logged: LoggedLeaf, identity: KeyObject): Uint8Array {
  const payload = encodeAccountingReceipt(logged, identity);
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.accountingReceipt, payload, identity));
}

/** What goes out in place of an honest answer: messages, or frames that no honest holder would send. */
type Answer = HolderMessage | Frame | 'silence' | 'reset';

/** What is known of a connection when something is answered on it. */
interface Asking {
  readonly request: OpenRequest | undefined;
  /** How many leaves of the log the requester was shown last. */
  readonly shownSize: number;
}

/** Makes of an honest answer what is sent instead. */
export type Cheat = (
  honest: HolderMessage,
  asked: RequesterMessage,
  asking: Asking,
) => Answer | readonly Answer[] | Promise<Answer>;

export interface FakeHolder {
  readonly url: URL;
  /** The first close code that a requester sends. */
  readonly closeCode: Promise<number>;
  close(): Promise<void>;
}

/** Serves an epoch on a port of its own. */
export async function serveFakeEpoch(
  epoch: FakeEpoch,
  cheat: Cheat = (honest) => honest,
): Promise<FakeHolder> {
  const sockets = new Set<Duplex>();
  const closeCode = Promise.withResolvers<number>();
  const server = createServer();
  server.on('upgrade', (upgrade, socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const accept = createHash('sha1')
      .update(`${upgrade.headers['sec-websocket-key']!}${WEBSOCKET_GUID}`)
      .digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
    serveRequester(socket, epoch, cheat, closeCode.resolve);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`),
    closeCode: closeCode.promise,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveRequester(
  socket: Duplex,
  epoch: FakeEpoch,
  cheat: Cheat,
  onClose: (code: number) => void,
): void {
  const reader = new FrameReader();
  const requester = new HonestAnswers(epoch);
  let turn = Promise.resolve();
  const answer = async (asked: RequesterMessage): Promise<void> => {
    const asking = requester.take(asked);
    const honest = await requester.answer(asked);
    if (honest === undefined) return;
    const answers = [await cheat(honest, asked, asking)].flat();
    for (const each of answers) {
      if (each === 'silence') continue;
      if (each === 'reset') socket.destroy();
      else socket.write(encodeFrame('opcode' in each ? each : frameOf(each), false));
    }
  };
  socket.on('data', (bytes: Buffer) => {
    for (const { opcode, payload } of reader.push(bytes)) {
      if (opcode === OPCODE.binary) {
        const asked = decodeRequesterMessage(payload);
        turn = turn.then(() => answer(asked));
        // A fault of a test's own must not look like a holder that says nothing.
        turn.catch((error: unknown) => {
          socket.destroy(error instanceof Error ? error : undefined);
        });
      } else if (opcode === OPCODE.close) {
        onClose(payload.readUInt16BE(0));
        socket.end(encodeFrame({ opcode: OPCODE.close, payload }, false));
      }
    }
  });
}

function frameOf(message: HolderMessage): Frame {
  return { opcode: OPCODE.binary, payload: Buffer.from(encodeMessage(message)) };
}

/** A close frame, as a holder that goes away sends it. */
export function closeFrame(code: number): Frame {
  return { opcode: OPCODE.close, payload: closePayload(code) };
}

/** What an honest holder answers on one connection. */
class HonestAnswers {
  readonly #epoch: FakeEpoch;
  #request: OpenRequest | undefined;
  #shownSize = 0;
  #pieces: Uint8Array[] = [];

  constructor(epoch: FakeEpoch) {
    this.#epoch = epoch;
  }

  take(asked: RequesterMessage): Asking {
    if (asked.type === 'request') this.#request = openRequest(asked.envelope);
    return { request: this.#request, shownSize: this.#shownSize };
  }

  /** Undefined where more must come first. */
  async answer(asked: RequesterMessage): Promise<HolderMessage | undefined> {
    const { open, key, set, log } = this.#epoch;
    switch (asked.type) {
      case 'hello': {
        this.#shownSize = log.size;
        return epochMessage(open, log, asked.logSize);
      }
      case 'request':
        log.appendOnce(acceptedLeaf(this.#request!));
        return { type: 'accepted', requestId: this.#request!.requestId };
      case 'chunk': {
        const context = {
          publicKey: open.descriptor.publicKey,
          epochId: open.epochId,
          chunkIndex: asked.index,
        };
        const oprf = createInlineOprf(defaultEngine());
        const { evaluated, evaluatedRoots, proof } = await oprf.evaluate(key, asked.elements, context);
        return { type: 'evaluated', index: asked.index, elements: evaluated, roots: evaluatedRoots, proof };
      }
      case 'finish':
        return this.#receipt(this.#request!);
      case 'accounting':
        this.#pieces.push(asked.bytes);
        return asked.offset + asked.bytes.length < asked.total ? undefined : this.#accounted(this.#request!);
      case 'setRead': {
        const { offset, length } = asked;
        return { type: 'setData', offset, bytes: new Uint8Array(set.subarray(offset, offset + length)) };
      }
    }
  }

  #receipt(request: OpenRequest): HolderMessage {
    const { log, identity } = this.#epoch;
    const accepted = log.appendOnce(acceptedLeaf(request));
    log.appendOnce({ type: 'finished', time: timeOf(request), request: digestText(request.requestId) });
    const envelope = signedReceipt(receiptContents(log, accepted, request), identity);
    return { type: 'receipt', envelope, consistency: this.#grown() };
  }

  #accounted(request: OpenRequest): HolderMessage {
    const { log, identity } = this.#epoch;
    const index = log.appendOnce(accountingLeaf(request, Buffer.concat(this.#pieces)));
    const envelope = signedAccountingReceipt(log.logged(index), identity);
    return { type: 'accounted', envelope, consistency: this.#grown() };
  }

  /** From what the requester was shown last to the log as it is, which counts as shown from then on. */
  #grown(): Uint8Array {
    const { log } = this.#epoch;
    const consistency = log.consistency(this.#shownSize);
    this.#shownSize = log.size;
    return consistency;
  }
}

/** The epoch as a holder with this log shows it to a requester that remembers so many leaves. */
export function epochMessage(
  { envelopeBytes }: Pick<OpenEpoch, 'envelopeBytes'>,
  log: FakeLog,
  rememberedSize: number,
): HolderMessage & { readonly type: 'epoch' } {
  const { leaf, index, path, checkpoint } = log.logged(EPOCH_AT);
  return {
    type: 'epoch',
    envelope: envelopeBytes,
    checkpoint: new Uint8Array(Buffer.from(checkpoint)),
    leafIndex: index,
    leaf,
    path,
    consistency: log.consistency(rememberedSize),
  };
}

/** What a holder that did what it was asked has in its log about it. */
export function acceptedLeaf(request: OpenRequest): LeafOf<'accepted'> {
  const { manifest, requestId, envelope } = request;
  return {
    type: 'accepted',
    time: timeOf(request),
    request: digestText(requestId),
    records: manifest.records,
    elements: manifest.elements,
    policy: POLICY,
    epoch_id: digestText(manifest.epochId),
    requester: 'Requesting Agency',
    officials: envelope.signatures.map(({ keyid }) => keyid),
    certifiers: [],
    statute: manifest.statute,
    purpose: manifest.purpose,
    investigators: manifest.investigators.length,
    approval: null,
  };
}

/** What it has there about a sealed accounting. */
export function accountingLeaf(request: OpenRequest, sealed: Uint8Array): LeafOf<'accounting'> {
  return {
    type: 'accounting',
    time: timeOf(request),
    request: digestText(request.requestId),
    accounting: digestText(createHash('sha256').update(sealed).digest()),
    bytes: sealed.length,
  };
}

/** The time of all that a holder without a clock does for a request. */
function timeOf({ manifest }: OpenRequest): string {
  return manifest.created.toISOString();
}
