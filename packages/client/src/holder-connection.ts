import type { IncomingMessage } from 'node:http';
import {
  HOLDER_FRAME_MAX,
  PING_INTERVAL_MS,
  PROBLEMS,
  ProtocolError,
  RequesterSession,
  SUBPROTOCOL,
  type OpenEpoch,
  type RequesterEvent,
} from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import { CommandError, EXIT } from '@blindmatch/terminal';
import { WebSocket } from 'ws';

/** Which holder to talk to, and how to know it. */
export interface HolderAddress {
  readonly server: URL;
  /** The fingerprint of the holder's identity key. */
  readonly holder: string;
  /** PEM certificates to trust in place of the system's, for a holder with a certificate of its own. */
  readonly ca?: string;
}

/** The holder's own `refused`, as against a problem that this side found. */
export class HolderRefusal extends ProtocolError {}

type EventOf<Kind extends RequesterEvent['kind']> = Extract<RequesterEvent, { readonly kind: Kind }>;

interface Waiter {
  readonly wants: (event: RequesterEvent) => boolean;
  readonly resolve: (event: RequesterEvent) => void;
  readonly reject: (error: unknown) => void;
}

const CONNECT_DEADLINE_MS = 15_000;
const TICK_MS = 1000;

/** How long a holder may take to answer a close before it is cut off. */
const CLOSE_GRACE_MS = 2000;

/**
 * A connection to a holder: carries frames between the socket and a RequesterSession, and turns the session's events
 * into answers that are awaited. The first failure (the network's, the holder's refusal, an answer that must not be)
 * ends it and rejects everything that is awaited.
 */
export class HolderConnection {
  readonly epoch: OpenEpoch;
  readonly #wire: Wire;

  private constructor(wire: Wire, epoch: OpenEpoch) {
    this.#wire = wire;
    this.epoch = epoch;
  }

  /**
   * Connects and reads the holder's epoch, which only the pinned holder can have signed.
   *
   * @param epochId where the request is prepared already, the epoch that it is for
   * @throws CommandError `holder_unreachable`, `holder_gone` (exit code 3), `not_a_holder`; ProtocolError
   */
  static async open(address: HolderAddress, epochId?: Uint8Array): Promise<HolderConnection> {
    const session = new RequesterSession({
      holder: address.holder,
      profiles: (id) => profileById(id)?.hash,
      now: () => new Date(),
      ...(epochId === undefined ? {} : { epochId }),
    });
    const wire = new Wire(await connect(address), session);
    const epoch = wire.next('epoch', () => true);
    wire.send(session.start());
    return new HolderConnection(wire, (await epoch).epoch);
  }

  /** Makes the request; resolves once the holder has accepted it. */
  async request(envelope: Uint8Array): Promise<void> {
    await this.#wire.ask(
      () => this.#wire.session.request(envelope),
      'accepted',
      () => true,
    );
  }

  /** Has a chunk evaluated. The proof that comes back is not verified yet. At most MAX_IN_FLIGHT at once. */
  async evaluate(index: number, elements: Uint8Array, path: Uint8Array): Promise<EventOf<'evaluated'>> {
    return await this.#wire.ask(
      () => this.#wire.session.chunk(index, elements, path),
      'evaluated',
      (event) => event.index === index,
    );
  }

  /** Asks for the receipt once no chunk is under way. */
  async finish(): Promise<EventOf<'receipt'>> {
    return await this.#wire.ask(
      () => this.#wire.session.finish(),
      'receipt',
      () => true,
    );
  }

  /** Reads a piece of the token set. Its content is not verified yet. At most MAX_IN_FLIGHT at once. */
  async readSet(offset: number, length: number): Promise<Uint8Array> {
    const { bytes } = await this.#wire.ask(
      () => this.#wire.session.readSet(offset, length),
      'setData',
      (event) => event.offset === offset,
    );
    return bytes;
  }

  /** Bytes of messages so far. */
  get traffic(): { readonly sent: number; readonly received: number } {
    return { sent: this.#wire.sent, received: this.#wire.received };
  }

  close(): void {
    this.#wire.close();
  }
}

/** The socket, the session and those who wait for an answer. */
class Wire {
  readonly session: RequesterSession;
  sent = 0;
  received = 0;
  readonly #socket: WebSocket;
  readonly #waiters = new Set<Waiter>();
  readonly #ticking: NodeJS.Timeout;
  readonly #pinging: NodeJS.Timeout;
  #failure: unknown;
  #hungUp = false;

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

  send(frame: Uint8Array): void {
    this.sent += frame.length;
    this.#socket.send(frame, () => undefined);
  }

  /** Sends the frame that `make` gives and resolves with the answer. */
  async ask<Kind extends RequesterEvent['kind']>(
    make: () => Uint8Array,
    kind: Kind,
    matches: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>> {
    const frame = make();
    const answer = this.next(kind, matches);
    this.send(frame);
    return await answer;
  }

  next<Kind extends RequesterEvent['kind']>(
    kind: Kind,
    matches: (event: EventOf<Kind>) => boolean,
  ): Promise<EventOf<Kind>> {
    if (this.#failure !== undefined) return Promise.reject(asError(this.#failure));
    return new Promise((resolve, reject) => {
      this.#waiters.add({
        wants: (event) => event.kind === kind && matches(event as EventOf<Kind>),
        resolve: (event) => {
          resolve(event as EventOf<Kind>);
        },
        reject,
      });
    });
  }

  /** Closes the connection; whatever is still awaited is rejected. */
  close(): void {
    this.#fail(holderGone());
    this.#hangUp(1000);
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#failure !== undefined) return;
    this.received += data.length;
    this.#guard(() => {
      if (!isBinary) throw new ProtocolError('message_malformed');
      for (const event of this.session.receive(data)) this.#deliver(event);
    });
  }

  #deliver(event: RequesterEvent): void {
    if (event.kind === 'refused') {
      throw new HolderRefusal(event.code, `The holder refuses: ${event.sentence}`);
    }
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

async function connect({ server, ca }: HolderAddress): Promise<WebSocket> {
  const socket = new WebSocket(server, SUBPROTOCOL, {
    perMessageDeflate: false,
    maxPayload: HOLDER_FRAME_MAX,
    maxFragments: 64,
    maxBufferedChunks: 1024,
    handshakeTimeout: CONNECT_DEADLINE_MS,
    followRedirects: false,
    minVersion: 'TLSv1.3',
    ...(ca === undefined ? {} : { ca }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, response) => {
      reject(refusedUpgrade(server, response));
      socket.terminate();
    });
    socket.on('error', (cause: Error) => {
      reject(unreachable(server, cause));
    });
  });
  socket.removeAllListeners('error');
  return socket;
}

function refusedUpgrade(server: URL, { statusCode }: IncomingMessage): CommandError {
  if (statusCode === 503) {
    return new CommandError(
      'holder_busy',
      `${server.host} serves as many requesters as it can; try again later.`,
      EXIT.network,
    );
  }
  return notAHolder(server);
}

function notAHolder(server: URL, cause?: Error): CommandError {
  return new CommandError(
    'not_a_holder',
    `${server.host} is not a holder that speaks ${SUBPROTOCOL}; check the address and that both sides run matching releases.`,
    EXIT.network,
    { cause },
  );
}

/** What ws says, without a code, of an answer to the upgrade that no holder gives. */
const WRONG_UPGRADE = /subprotocol|Sec-WebSocket|Upgrade header/i;

function unreachable(server: URL, cause: Error): CommandError {
  const code = 'code' in cause ? String(cause.code) : '';
  const untrusted = /CERT|SELF_SIGNED|ISSUER|ALTNAME/.test(code);
  if (untrusted) {
    return new CommandError(
      'certificate_untrusted',
      `The certificate of ${server.host} can't be trusted (${code}); name its issuer with --ca, or ask the holder for one that is valid for this address.`,
      EXIT.network,
      { cause },
    );
  }
  if (code.startsWith('HPE_') || (code === '' && WRONG_UPGRADE.test(cause.message)))
    return notAHolder(server, cause);
  const why = code === '' ? cause.message : code;
  return new CommandError(
    'holder_unreachable',
    `No holder answers at ${server.host} (${why}); check the address and that its daemon runs.`,
    EXIT.network,
    { cause },
  );
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
