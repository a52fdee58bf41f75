import type { Ledger } from '@blindmatch/ledger';
import { GroupError, type EvaluatedChunk, type Oprf } from '@blindmatch/oprf';
import {
  digestText,
  encodeEnvelope,
  encodeReceipt,
  HolderSession,
  PAYLOAD_TYPES,
  signPayload,
  type HolderEvent,
  type OpenRequest,
  type ProblemCode,
  type ProtocolError,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Place } from './admission.ts';
import { authorise, type Decision } from './authorisation.ts';
import type { ServedEpoch } from './epoch.ts';
import { errorText, type Log, type LogFields } from './log.ts';
import type { Policy } from './policy/policy.ts';

/** What all connections of a daemon share. The daemon owns it and closes it after the last connection. */
export interface Holder {
  readonly policy: Policy;
  readonly identity: KeyObject;
  readonly epoch: ServedEpoch;
  readonly ledger: Ledger;
  readonly oprf: Oprf;
  readonly log: Log;
  readonly now: () => Date;
  /** Milliseconds from any origin, for deadlines: never set back or forward. */
  readonly monotonic: () => number;
}

/** No more is read from a requester while this much waits to be sent to it. */
const UNSENT_BYTES_MAX = 1 << 20;

/** How often the session looks at its deadlines. */
const TICK_MS = 1000;

/** How long a requester may take to answer a close before it is cut off. */
const CLOSE_GRACE_MS = 5000;

/** How long a requester may take no byte of what waits for it before it is cut off. */
const STALL_MS = 60_000;

/**
 * Serves one requester: carries frames between its socket and a HolderSession and does what the session asks for.
 *
 * Memory is bounded whatever the other side does: the session admits a fixed number of chunks and reads at once, each
 * of them counts as under way until its answer has left this process, and reading stops while answers pile up.
 *
 * Whatever goes wrong inside ends this connection and no other: everything that an event or a timer starts runs
 * under `#guard` or `#run`.
 */
export class Connection {
  readonly #id: number;
  readonly #socket: WebSocket;
  readonly #holder: Holder;
  readonly #session: HolderSession;
  readonly #place: Place;
  readonly #ticking: NodeJS.Timeout;
  /** Aborted when the requester is gone or was sent away: nothing more is evaluated for it. */
  readonly #gone = new AbortController();
  #decision: (Decision & { readonly accepted: true }) | undefined;
  #evaluatedChunks = 0;
  /** When the socket last took something, or had nothing to take, on the monotonic clock. */
  #sentAt: number;
  /** Answers that wait until the socket has taken enough of what was sent before. */
  #waitingToSend: (() => void)[] = [];

  /** The connection owns its place from now on. */
  constructor(id: number, socket: WebSocket, holder: Holder, place: Place) {
    this.#id = id;
    this.#socket = socket;
    this.#holder = holder;
    this.#place = place;
    const { now, monotonic } = holder;
    this.#session = new HolderSession({ epoch: holder.epoch.open, now, monotonic });
    this.#sentAt = monotonic();
    this.#ticking = setInterval(() => {
      this.#guard(() => {
        this.#tick();
      });
    }, TICK_MS);
    socket.on('message', (data, isBinary) => {
      this.#guard(() => {
        this.#receive(data as Buffer, isBinary);
      });
    });
    socket.on('ping', () => {
      this.#guard(() => {
        this.#session.touch();
      });
    });
    socket.on('error', (error) => {
      this.#guard(() => {
        this.#note('connection failed', { error: errorText(error) });
      });
    });
    socket.on('close', () => {
      clearInterval(this.#ticking);
      place.leave();
      this.#guard(() => {
        this.#session.fail('shutting_down');
        this.#gone.abort();
        this.#releaseAnswers();
        // Strangers who come and go leave no line each.
        if (this.#decision !== undefined) this.#note('connection closed', { chunks: this.#evaluatedChunks });
      });
    });
  }

  /** Tells the requester that the daemon is going away, then closes. */
  shutDown(): void {
    this.#guard(() => {
      this.#perform(this.#session.fail('shutting_down'));
    });
  }

  /** Runs what an event or a timer asks for. A fault of this side's ends this connection, not the process. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#session.closed) return;
    if (!isBinary) {
      this.#perform(this.#session.fail('message_malformed', 'Messages are binary frames; send no text.'));
      return;
    }
    this.#perform(this.#session.receive(data));
  }

  #perform(events: readonly HolderEvent[]): void {
    for (const event of events) {
      switch (event.kind) {
        case 'send':
          this.#send(event.frame);
          break;
        case 'authorise':
          this.#authorise(event.request, event.envelopeBytes);
          break;
        case 'evaluate':
          this.#run(this.#evaluate(event.index, event.elements));
          break;
        case 'readSet':
          this.#run(this.#readSet(event.offset, event.length));
          break;
        case 'finish':
          this.#finish(event.request);
          break;
        case 'close':
          this.#noteProblem(event.problem);
          this.#close(event.closeCode);
          break;
      }
    }
  }

  #authorise(request: OpenRequest, envelopeBytes: Uint8Array): void {
    const { policy, ledger, epoch, now } = this.#holder;
    const requestId = digestText(request.requestId);
    const asked = { request, envelopeBytes, epoch: epoch.open.descriptor.epoch };
    const decision = authorise(asked, policy, ledger, now(), (requester) =>
      this.#place.hasRoomFor({ requestId, requester }),
    );
    if (decision.accepted) {
      this.#place.accept({ requestId, requester: decision.requester }, () => {
        this.#endForAnother();
      });
      this.#decision = decision;
      this.#note('request accepted', {
        request: requestId,
        requester: decision.requester,
        officials: decision.officials,
        records: request.manifest.records,
        elements: request.manifest.elements,
        resumed: decision.resumed,
      });
    }
    this.#perform(this.#session.authorised(decision));
  }

  /** The request goes on over another connection: this one's work is dropped. */
  #endForAnother(): void {
    this.#guard(() => {
      this.#perform(
        this.#session.fail(
          'message_unexpected',
          'The same request was taken up on another connection; this one ends.',
        ),
      );
    });
  }

  async #evaluate(index: number, elements: Uint8Array): Promise<void> {
    const { epoch, oprf } = this.#holder;
    const { descriptor, epochId } = epoch.open;
    const context = { publicKey: descriptor.publicKey, epochId, chunkIndex: index };
    let answer: EvaluatedChunk;
    try {
      answer = await oprf.evaluate(epoch.key, elements, context, {
        signal: this.#gone.signal,
        // Requesters take turns, however many connections each of them has.
        lane: this.#decision?.requester,
      });
    } catch (error) {
      // Without an index it is about no element of the requester's.
      if (!(error instanceof GroupError) || error.code !== 'element_invalid' || error.index === undefined) {
        throw error;
      }
      this.#perform(
        this.#session.fail(
          'element_invalid',
          `Element ${error.index} of chunk ${index} is not a valid group element; prepare the request again.`,
        ),
      );
      return;
    }
    this.#evaluatedChunks++;
    await this.#drained();
    const { evaluated, evaluatedRoots, proof } = answer;
    this.#perform(this.#session.evaluated(index, evaluated, evaluatedRoots, proof));
  }

  async #readSet(offset: number, length: number): Promise<void> {
    const bytes = await this.#holder.epoch.tokenSet.read(offset, length);
    await this.#drained();
    this.#perform(this.#session.setData(offset, bytes));
  }

  #finish(request: OpenRequest): void {
    const decision = this.#decision;
    if (decision === undefined) return;
    const { identity, ledger, epoch, now } = this.#holder;
    const { manifest, requestId } = request;
    const payload = encodeReceipt({
      request: requestId,
      epochId: epoch.open.epochId,
      requester: decision.requester,
      officials: decision.officials,
      statute: manifest.statute,
      records: manifest.records,
      elements: manifest.elements,
      accepted: decision.acceptedAt,
      completed: ledger.complete(requestId, now()),
    });
    this.#note('request finished', { request: digestText(requestId), elements: manifest.elements });
    this.#perform(
      this.#session.receipt(encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, identity))),
    );
  }

  #tick(): void {
    this.#perform(this.#session.tick());
    const now = this.#holder.monotonic();
    if (this.#socket.bufferedAmount === 0) this.#sentAt = now;
    else if (now - this.#sentAt > STALL_MS) {
      this.#note('requester cut off: it takes nothing that is sent to it', { code: 'deadline_exceeded' });
      this.#socket.terminate();
    }
  }

  #send(frame: Uint8Array): void {
    this.#socket.send(frame, (error) => {
      // A failed send is followed by the socket's close, which is where it is dealt with.
      if (error) return;
      this.#guard(() => {
        this.#sent();
      });
    });
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) this.#socket.pause();
  }

  #sent(): void {
    this.#sentAt = this.#holder.monotonic();
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) return;
    if (this.#socket.isPaused) this.#socket.resume();
    this.#releaseAnswers();
  }

  /** Resolves when little enough waits to be sent that one more answer may be queued, or the socket is gone. */
  async #drained(): Promise<void> {
    while (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > UNSENT_BYTES_MAX) {
      await new Promise<void>((resolve) => this.#waitingToSend.push(resolve));
    }
  }

  #releaseAnswers(): void {
    for (const release of this.#waitingToSend.splice(0)) release();
  }

  /** Runs work whose failure is this side's fault: the requester is told so, the log is told why. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  #fail(error: unknown): void {
    try {
      if (this.#session.closed) return;
      this.#logFault(error);
      this.#perform(this.#session.fail(codeOf(error)));
      return;
    } catch {
      // Not even the refusal can be sent: what is left is to cut the connection off.
    }
    this.#gone.abort();
    this.#socket.terminate();
  }

  #close(closeCode: number): void {
    clearInterval(this.#ticking);
    this.#gone.abort();
    this.#socket.close(closeCode);
    setTimeout(() => {
      this.#socket.terminate();
    }, CLOSE_GRACE_MS).unref();
  }

  /** What the log says of the problem that ends a connection; going away is none. */
  #noteProblem({ code, message, cause }: ProtocolError): void {
    if (code === 'shutting_down') return;
    if (code !== 'internal_error') this.#note('refused', { code, error: message });
    // The session's own fault; one from outside it was logged where it was caught.
    else if (cause !== undefined) this.#logFault(cause);
  }

  #logFault(error: unknown): void {
    this.#holder.log.warn('internal error', { connection: this.#id, error: errorText(error) });
  }

  #note(message: string, fields: LogFields = {}): void {
    this.#holder.log.info(message, { connection: this.#id, ...fields });
  }
}

/** A pool that was closed under a request means that the daemon is going away. */
function codeOf(error: unknown): ProblemCode {
  return error instanceof GroupError && error.code === 'pool_closed' ? 'shutting_down' : 'internal_error';
}
