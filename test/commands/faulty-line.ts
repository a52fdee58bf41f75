/** A TCP line between a requester and a holder that breaks where a test says. */

import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * What the two sides say to each other in a submission, in turns: the even ones are the requester's. Requests of one
 * chunk go strictly to and fro, so a turn is a message (the first two are the upgrade to WebSocket).
 */
export const TURNS = {
  upgrade: 0,
  upgraded: 1,
  hello: 2,
  epoch: 3,
  request: 4,
  accepted: 5,
  chunk: 6,
  evaluated: 7,
  finish: 8,
  receipt: 9,
  setRead: 10,
  setData: 11,
} as const;

/** Where the line breaks: after this many bytes of the turn. */
export interface Break {
  readonly turn: number;
  readonly bytes: number;
  /** `cut` ends the connection; `hold` keeps back whatever comes in that direction until `release`. */
  readonly kind: 'cut' | 'hold';
}

/** Forwards connections to a port of this machine. Belongs to the test that opens it, which closes it. */
export class FaultyLine {
  readonly url: string;
  /** Bytes of each turn of the newest connection, as far as they came. */
  turns: number[] = [];
  /** Resolves once the line has broken. */
  readonly broken: Promise<void>;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #break: Break | undefined;
  #released = false;
  #kept: (() => void)[] = [];
  #tellBroken: () => void = () => undefined;

  private constructor(server: Server, port: number, where: Break | undefined) {
    this.#server = server;
    this.#break = where;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.broken = new Promise((resolve) => {
      this.#tellBroken = resolve;
    });
    server.on('connection', (requester) => {
      this.#join(requester, connect(port, '127.0.0.1'));
    });
  }

  /** Opens a line to `port`; without a place to break it is a sound one. */
  static async open(port: number, where?: Break): Promise<FaultyLine> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve();
      });
    });
    return new FaultyLine(server, port, where);
  }

  /** Lets through what was held and all that follows. */
  release(): void {
    this.#released = true;
    for (const pass of this.#kept.splice(0)) pass();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(requester: Socket, holder: Socket): void {
    const turns: number[] = [];
    this.turns = turns;
    for (const [side, from, to] of [
      [0, requester, holder],
      [1, holder, requester],
    ] as const) {
      this.#sockets.add(from);
      let held = false;
      from.on('data', (data) => {
        if (turns.length % 2 === side) turns.push(0);
        const turn = turns.length - 1;
        const before = turns[turn] ?? 0;
        turns[turn] = before + data.length;
        const where = this.#break;
        if (held && !this.#released) {
          this.#kept.push(() => to.write(data));
          return;
        }
        if (held || this.#released || where?.turn !== turn || before + data.length < where.bytes) {
          to.write(data);
          return;
        }
        held = true;
        to.write(data.subarray(0, where.bytes - before));
        if (where.kind === 'cut') {
          // What was let through still arrives; then both sides find the connection ended.
          to.end();
          from.destroy();
        } else {
          this.#kept.push(() => to.write(data.subarray(where.bytes - before)));
        }
        this.#tellBroken();
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroySoon();
      });
    }
  }
}
