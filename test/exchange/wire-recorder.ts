/** A TCP proxy between the two programs that keeps every byte of both directions. */

import { connect, createServer, type AddressInfo } from 'node:net';
import { decodeHolderMessage, decodeRequesterMessage } from '@blindmatch/protocol';
import type { HolderMessage, RequesterMessage } from '@blindmatch/protocol';
import { FrameReader, OPCODE, type Frame } from './websocket-frames.ts';

/** What one TCP connection carried. */
interface Recording {
  readonly sent: Buffer[];
  readonly received: Buffer[];
}

interface Direction<Message> {
  /** As it was on the wire. */
  readonly bytes: Buffer;
  /** The HTTP upgrade that began it. */
  readonly head: string;
  /** Its frames, unmasked. */
  readonly frames: readonly Frame[];
  readonly messages: readonly Message[];
}

/** One connection, taken apart. */
export interface Conversation {
  readonly requester: Direction<RequesterMessage>;
  readonly holder: Direction<HolderMessage>;
}

export interface WireRecorder {
  readonly url: string;
  conversations(): readonly Conversation[];
  close(): Promise<void>;
}

/** Listens on a port of its own and passes everything on to `target`. */
export async function recordWire(target: URL): Promise<WireRecorder> {
  const recordings: Recording[] = [];
  const server = createServer((downstream) => {
    const recording: Recording = { sent: [], received: [] };
    recordings.push(recording);
    const upstream = connect(Number(target.port), target.hostname);
    downstream.on('data', (bytes: Buffer) => recording.sent.push(bytes));
    upstream.on('data', (bytes: Buffer) => recording.received.push(bytes));
    for (const [from, to] of [
      [downstream, upstream],
      [upstream, downstream],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conversations: () =>
      recordings.map(({ sent, received }) => ({
        requester: takeApart(Buffer.concat(sent), decodeRequesterMessage),
        holder: takeApart(Buffer.concat(received), decodeHolderMessage),
      })),
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function takeApart<Message>(bytes: Buffer, decode: (frame: Uint8Array) => Message): Direction<Message> {
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const reader = new FrameReader();
  const frames = reader.push(bytes.subarray(end));
  if (reader.rest > 0) throw new Error('the recording ends in the middle of a frame');
  const messages = frames
    .filter(({ opcode }) => opcode === OPCODE.binary)
    .map(({ payload }) => decode(payload));
  return { bytes, head: bytes.toString('latin1', 0, end), frames, messages };
}
