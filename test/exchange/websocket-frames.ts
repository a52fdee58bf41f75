/**
 * WebSocket frames (RFC 6455 section 5.2) by hand: the tests read what was recorded between two programs, and send
 * what no library would send.
 */

import { randomBytes } from 'node:crypto';

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  /** Unmasked. */
  readonly payload: Buffer;
}

/** One whole frame; a client's is masked (section 5.3), a server's is not. */
export function encodeFrame({ opcode, payload }: Frame, masked: boolean): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = masked ? 0x80 : 0;
  if (length < 126) head[1] |= length;
  else if (length < 65_536) {
    head[1] |= 126;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] |= 127;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (!masked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, unmask(payload, mask)]);
}

/** The payload of a close frame. */
export function closePayload(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}

function unmask(payload: Uint8Array, mask: Uint8Array): Buffer {
  return Buffer.from(payload.map((byte, at) => byte ^ mask[at % 4]!));
}

/** Cuts a stream of bytes into unfragmented frames. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** The frames that are whole with these bytes. */
  push(bytes: Uint8Array): Frame[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const frames: Frame[] = [];
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) frames.push(frame);
    return frames;
  }

  /** How many bytes wait for the rest of their frame. */
  get rest(): number {
    return this.#bytes.length;
  }

  #take(): Frame | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const short = bytes[1]! & 0x7f;
    let at = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (bytes.length < at) return undefined;
    const length =
      short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    const mask = (bytes[1]! & 0x80) === 0 ? undefined : bytes.subarray(at, at + 4);
    if (mask !== undefined) at += 4;
    if (bytes.length < at + length) return undefined;
    if ((bytes[0]! & 0x80) === 0) throw new Error('a fragmented frame');
    const payload = bytes.subarray(at, at + length);
    this.#bytes = bytes.subarray(at + length);
    return {
      opcode: bytes[0]! & 0x0f,
      payload: mask === undefined ? Buffer.from(payload) : unmask(payload, mask),
    };
  }
}
