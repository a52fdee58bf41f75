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
  type OpenEpoch,
  type OpenRequest,
  type Receipt,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { DEFAULT_PROFILE, TIERS } from '@blindmatch/records';
import { openTokenSetBuild } from '@blindmatch/tokenset';
import { closePayload, encodeFrame, FrameReader, OPCODE, type Frame } from './websocket-frames.ts';

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const MAX_ELEMENTS = 4096;

/** One canary of each kind, so that a set is small. */
const CANARIES = { present: 1, absent: 1 };

/** An epoch with all that its holder has of it. */
export interface FakeEpoch {
  readonly identity: KeyObject;
  readonly key: Uint8Array;
  readonly open: OpenEpoch;
  /** The token set file. */
  readonly set: Buffer;
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
    tokenSet: { digest: made.digest, bytes: made.length, tokens: made.tokens, bits: made.header.bits },
    maxElements: MAX_ELEMENTS,
    chunkElements: 4096,
    canaries: CANARIES,
    ...changes,
  };
  const open = openEpochDescriptor(signedDescriptor(encodeEpochDescriptor(descriptor), identity), {
    holder: fingerprint(identity),
  });
  return { identity, key, open, set: readFileSync(path) };
}

/** The envelope of a descriptor's payload. */
export function signedDescriptor(payload: Uint8Array, identity: KeyObject): Uint8Array {
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, payload, identity));
}

/** The envelope of a receipt. */
export function signedReceipt(receipt: Receipt, identity: KeyObject): Uint8Array {
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, encodeReceipt(receipt), identity));
}

/** What goes out in place of an honest answer: messages, or frames that no honest holder would send. */
type Answer = HolderMessage | Frame | 'silence' | 'reset';

/** Makes of an honest answer what is sent instead. */
export type Cheat = (
  honest: HolderMessage,
  asked: RequesterMessage,
  request: OpenRequest | undefined,
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
  let request: OpenRequest | undefined;
  let turn = Promise.resolve();
  const answer = async (asked: RequesterMessage): Promise<void> => {
    if (asked.type === 'request') request = openRequest(asked.envelope);
    const answers = [await cheat(await honestAnswer(asked, epoch, request), asked, request)].flat();
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

async function honestAnswer(
  asked: RequesterMessage,
  epoch: FakeEpoch,
  request: OpenRequest | undefined,
): Promise<HolderMessage> {
  const { epochId, descriptor, envelopeBytes } = epoch.open;
  switch (asked.type) {
    case 'hello':
      return { type: 'epoch', envelope: envelopeBytes };
    case 'request':
      return { type: 'accepted', requestId: request!.requestId };
    case 'chunk': {
      const context = { publicKey: descriptor.publicKey, epochId, chunkIndex: asked.index };
      const { evaluated, evaluatedRoots, proof } = await createInlineOprf(defaultEngine()).evaluate(
        epoch.key,
        asked.elements,
        context,
      );
      return { type: 'evaluated', index: asked.index, elements: evaluated, roots: evaluatedRoots, proof };
    }
    case 'finish':
      return { type: 'receipt', envelope: signedReceipt(honestReceipt(request!), epoch.identity) };
    case 'setRead':
      return {
        type: 'setData',
        offset: asked.offset,
        bytes: new Uint8Array(epoch.set.subarray(asked.offset, asked.offset + asked.length)),
      };
  }
}

/** What a holder that did what it was asked says about it. */
export function honestReceipt({ manifest, requestId, envelope }: OpenRequest): Receipt {
  return {
    request: requestId,
    epochId: manifest.epochId,
    requester: 'Requesting Agency',
    officials: envelope.signatures.map(({ keyid }) => keyid),
    statute: manifest.statute,
    records: manifest.records,
    elements: manifest.elements,
    accepted: manifest.created,
    completed: manifest.created,
  };
}
