import {
  PING_INTERVAL_MS,
  PROBLEMS,
  ProtocolError,
  type RequesterEvent,
  type RequesterSession,
} from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';
import { WebSocket } from 'ws';

/** The holder's own `refused`, as against a problem that this side found. */
export class HolderRefusal extends ProtocolError {
  /** Whether the request had been accepted, and so counted, by then. */
  readonly afterAcceptance: boolean;

  constructor(refusal: EventOf<'refused'>, afterAcceptance: boolean) {
    // A holder that goes away has nothing against the request.
    const does = PROBLEMS[refusal.code].exit === EXIT.network ? 'ends the exchange' : 'refuses';
    super(refusal.code, `The holder ${does}: ${refusal.sentence}`);
    this.afterAcceptance = afterAcceptance;
  }
}

/** One kind of what a session says. */
export type EventOf<Kind extends RequesterEvent['kind']> = Extract<RequesterEvent, { readonly kind: Kind }>;

interface Waiter {
  readonly wants: (event: RequesterEvent) => boolean;
  readonly resolve: (event: RequesterEvent) => void;
  readonly reject: (error: unknown) => void;
}

const TICK_MS = 1000;

/** How long a holder may take to answer a close before it is cut off. */
const CLOSE_GRACE_MS = 2000;

/**
 * A socket, the session that speaks over it, and those who wait for an answer. The first failure ends it and rejects
 * everything that is awaited, then and later.
 */
export class Wire {
  readonly session: RequesterSession;
  sent = 0;
  received = 0;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<Waiter>();
  #lastFrame: Uint8Array | undefined;
  readonly #ticking: NodeJS.Timeout;
  readonly #pinging: NodeJS.Timeout;
  #failure: unknown;
  #hungUp = false;
  #accepted = false;

  constructor(socket: WebSocket, session: RequesterSession) {
    this.#socket = socket;
    this.session = session;
    socket.on('message', (data, isBinary) => {
      this.#receive(data as Buffer, isBinary);
    });
    socket.on('close', () => {
      this.#fail(holderGone());
    });
    // What follows an error is the close above; a frame that the socket itself refuses is told here.
    socket.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (!code.startsWith('WS_ERR_')) return;
      const tooLarge = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      this.#fail(
        new ProtocolError(tooLarge ? 'frame_too_large' : 'message_malformed', undefined, { cause: error }),
      );
      this.#hangUp(1002);
    });
    this.#ticking = setInterval(() => {
      this.#guard(() => {
        session.tick();
      });
    }, TICK_MS);
    this.#pinging = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, PING_INTERVAL_MS);
  }

  /** Sends the frames that `make` gives and resolves with the answer, which is of one of these kinds and matches. */
  async ask<Kind extends RequesterEvent['kind']>(
    make: () => Uint8Array | readonly Uint8Array[],
    kinds: readonly Kind[],
    matches: (event: EventOf<Kind>) => boolean = () => true,
  ): Promise<EventOf<Kind>> {
    const made = make();
    const answer = this.#next(kinds, matches);
    for (const frame of made instanceof Uint8Array ? [made] : made) this.#send(frame);
    return await answer;
  }

  #send(frame: Uint8Array): void {
    this.sent += frame.length;
    this.#socket.send(frame, () => undefined);
  }

  #next<Kind extends RequesterEvent['kind']>(
    kinds: readonly Kind[],
    matches: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>> {
    if (this.#failure !== undefined) return Promise.reject(asError(this.#failure));
    return new Promise((resolve, reject) => {
      this.#waiters.add({
        wants: (event) => kinds.some((kind) => kind === event.kind) && matches(event as EventOf<Kind>),
        resolve: (event) => {
          resolve(event as EventOf<Kind>);
        },
        reject,
      });
    });
  }

  /** The last frame that came: where it was refused, what the holder can be held to. */
  get lastFrame(): Uint8Array | undefined {
    return this.#lastFrame;
  }

  /** Closes the connection; whatever is still awaited is rejected. */
  close(): void {
    this.#fail(holderGone());
    this.#hangUp(1000);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#failure !== undefined) return;
    this.received += data.length;
    this.#lastFrame = data;
    this.#guard(() => {
      if (!isBinary) throw new ProtocolError('message_malformed');
      for (const event of this.session.receive(data)) this.#deliver(event);
    });
  }

  #deliver(event: RequesterEvent): void {
    if (event.kind === 'refused') throw new HolderRefusal(event, this.#accepted);
    if (event.kind === 'accepted') this.#accepted = true;
    for (const waiter of this.#waiters) {
      if (!waiter.wants(event)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(event);
      return;
    }
    throw new ProtocolError('message_unexpected');
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
      const code = error instanceof ProtocolError ? PROBLEMS[error.code].close : 1011;
      this.#hangUp(code);
    }
  }

  /** Closes the socket; a holder that does not answer the close is cut off, so that nothing waits for it. */
  #hangUp(code: number): void {
    if (this.#hungUp || this.#socket.readyState === WebSocket.CLOSED) return;
    this.#hungUp = true;
    this.#socket.close(code);
    const grace = setTimeout(() => {
      this.#socket.terminate();
    }, CLOSE_GRACE_MS);
    this.#socket.on('close', () => {
      clearTimeout(grace);
    });
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#stop();
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  #stop(): void {
    clearInterval(this.#ticking);
    clearInterval(this.#pinging);
  }
}

function holderGone(): CommandError {
  return new CommandError(
    'holder_gone',
    'The holder went away before all was done; try again, a request that was accepted goes on where it was.',
    EXIT.network,
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
