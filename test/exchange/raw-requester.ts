/** A requester without manners: the real daemon's other end, free to send any bytes at any time. */

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import {
  decodeHolderMessage,
  encodeMessage,
  SUBPROTOCOL,
  type HolderMessage,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { encodeFrame, FrameReader, OPCODE, type Frame } from './websocket-frames.ts';

/** How the daemon ended a connection. */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
  readonly closeCode: number | undefined;
}

/** A connection on which the upgrade was asked for. Frames are queued until they are taken. */
export class RawRequester {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  readonly #frames: Frame[] = [];
  #head: string | undefined;
  #early: Buffer = Buffer.alloc(0);
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#take(bytes);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Connects and asks for the upgrade; `protocols` is the header's value, none where it is ''. */
  static async connect(url: URL, protocols: string = SUBPROTOCOL): Promise<RawRequester> {
    // Without the delay of small writes, each reaches the daemon by itself.
    const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    const requester = new RawRequester(socket);
    await requester.#until(() => socket.readyState === 'open', socket);
    const offered = protocols === '' ? '' : `Sec-WebSocket-Protocol: ${protocols}\r\n`;
    socket.write(
      `GET / HTTP/1.1\r\nHost: ${url.host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${offered}\r\n`,
    );
    await requester.#until(() => requester.#head !== undefined);
    return requester;
  }

  /** The status line of the answer to the upgrade. */
  get status(): string {
    return this.#head?.split('\r\n')[0] ?? '';
  }

  /** Sends messages in one write, so that the daemon sees them together. */
  send(...messages: readonly RequesterMessage[]): void {
    const frames = messages.map((message) => ({
      opcode: OPCODE.binary,
      payload: Buffer.from(encodeMessage(message)),
    }));
    this.sendFrames(...frames);
  }

  sendFrames(...frames: readonly Frame[]): void {
    this.sendBytes(Buffer.concat(frames.map((frame) => encodeFrame(frame, true))));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** The daemon's next message. */
  async next(): Promise<HolderMessage> {
    const frame = await this.#frame();
    if (frame?.opcode !== OPCODE.binary) throw new Error('the daemon closed without a message');
    return decodeHolderMessage(frame.payload);
  }

  /** Waits until the daemon has closed; every message that it still said. */
  async rest(): Promise<readonly HolderMessage[]> {
    return (await this.#untilClosed()).messages;
  }

  /** Waits until the daemon has closed; what it said last. */
  async refusal(): Promise<Refusal> {
    const { messages, closeCode } = await this.#untilClosed();
    const refused = messages.findLast(({ type }) => type === 'refused');
    const { code, sentence } = refused?.type === 'refused' ? refused : { code: '', sentence: '' };
    return { code, sentence, closeCode };
  }

  /** Takes no more bytes from the daemon until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#head === undefined) {
      this.#early = Buffer.concat([this.#early, bytes]);
      const end = this.#early.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#head = this.#early.toString('latin1', 0, end);
      if (this.#head.startsWith('HTTP/1.1 101'))
        this.#frames.push(...this.#reader.push(this.#early.subarray(end + 4)));
      return;
    }
    this.#frames.push(...this.#reader.push(bytes));
  }

  async #untilClosed(): Promise<{ messages: HolderMessage[]; closeCode: number | undefined }> {
    const messages: HolderMessage[] = [];
    for (;;) {
      const frame = await this.#frame();
      if (frame === undefined) return { messages, closeCode: undefined };
      if (frame.opcode === OPCODE.close) {
        this.close();
        return { messages, closeCode: frame.payload.length < 2 ? undefined : frame.payload.readUInt16BE(0) };
      }
      if (frame.opcode === OPCODE.binary) messages.push(decodeHolderMessage(frame.payload));
    }
  }

  async #frame(): Promise<Frame | undefined> {
    await this.#until(() => this.#frames.length > 0);
    return this.#frames.shift();
  }

  /** Resolves when `happened`, or when the connection is gone. */
  async #until(happened: () => boolean, socket?: Socket): Promise<void> {
    socket?.once('connect', () => {
      this.#wake();
    });
    while (!happened() && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
