import type { AcceptedRequest, Ledger } from '@blindmatch/ledger';
import { GroupError, type EvaluatedChunk, type Oprf } from '@blindmatch/oprf';
import {
  digestText,
  encodeMessage,
  fingerprint,
  HolderSession,
  PROBLEMS,
  type HolderEvent,
  type OpenRequest,
  type ProtocolError,
  type ReceiptAnswer,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Place } from './admission.ts';
import {
  decideRequest,
  type DecisionSetting,
  type RequestDecision,
  type RequestToDecide,
} from './decide-request.ts';
import type { ServedEpoch } from './epoch.ts';
import { logFault, toldOf } from './fault.ts';
import { errorText, type Log, type LogFields } from './log.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { finishRequest, keepAccounting, type SignedReceipt } from './receipts.ts';
import { logRefusal } from './refusal-log.ts';
import type { ShownLog } from './shown-log.ts';
import { Standing } from './standing.ts';

/** What all connections of a daemon share. The daemon owns it and closes it after the last connection. */
export interface Holder {
  readonly policies: PolicyInForce;
  readonly identity: KeyObject;
  readonly epoch: ServedEpoch;
  readonly ledger: Ledger;
  readonly shownLog: ShownLog;
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
  /** The request that this connection is for, once it is accepted. */
  #accepted: AcceptedRequest | undefined;
  /** Whether it may still be answered. */
  #standing: Standing | undefined;
  /** The size of the log that the requester was shown last. */
  #shownSize = 0;
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
        if (this.#accepted !== undefined) this.#note('connection closed', { chunks: this.#evaluatedChunks });
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
    const last = events.at(-1);
    if (last?.kind === 'close' && last.request !== undefined && last.problem !== undefined) {
      this.#run(this.#performLogged(events, last.request, last.problem));
      return;
    }
    for (const event of events) this.#act(event);
  }

  /** Tells the requester of a refusal that the session found when the log has it; where it can't have it, nothing is told. */
  async #performLogged(
    events: readonly HolderEvent[],
    request: OpenRequest,
    problem: ProtocolError,
  ): Promise<void> {
    try {
      await logRefusal(request, problem, this.#holder);
    } catch (error) {
      this.#logFault(error);
      // In place of the refusal: the session has ended with that and takes nothing more.
      const told = toldOf(error);
      this.#send(encodeMessage({ type: 'refused', ...told }));
      this.#close(PROBLEMS[told.code].close);
      return;
    }
    for (const event of events) this.#act(event);
  }

  #act(event: HolderEvent): void {
    switch (event.kind) {
      case 'send':
        this.#send(event.frame);
        break;
      case 'openLog':
        this.#run(this.#openLog(event.rememberedSize));
        break;
      case 'authorise':
        this.#run(this.#authorise(event));
        break;
      case 'evaluate':
        this.#run(this.#ifStanding(() => this.#evaluate(event.index, event.elements)));
        break;
      case 'readSet':
        this.#run(this.#ifStanding(() => this.#readSet(event.offset, event.length)));
        break;
      case 'finish':
        this.#run(this.#ifStanding(() => this.#finish()));
        break;
      case 'account':
        this.#run(this.#ifStanding(() => this.#account(event.accounting)));
        break;
      case 'close':
        if (event.problem !== undefined) this.#noteProblem(event.problem);
        this.#close(event.closeCode);
        break;
    }
  }

  async #openLog(rememberedSize: number): Promise<void> {
    const { size, ...view } = await this.#holder.shownLog.open(rememberedSize);
    this.#shownSize = size;
    this.#perform(this.#session.logOpened(view));
  }

  async #authorise(asked: RequestToDecide): Promise<void> {
    const { request } = asked;
    let decision: RequestDecision;
    try {
      decision = await decideRequest(asked, this.#settingFor(request));
      if (decision.outcome === 'accepted') this.#begin(request, decision.accepted, decision.resumed);
    } finally {
      // No longer needed, or taken by now.
      this.#place.release();
    }
    if (decision.outcome === 'pending') {
      this.#note('request waits', {
        request: digestText(request.requestId),
        requester: decision.requester,
        records: request.manifest.records,
      });
    }
    this.#perform(this.#session.authorised(decision));
  }

  #settingFor({ requestId }: OpenRequest): DecisionSetting {
    const { ledger, policies, identity, epoch, now } = this.#holder;
    const { descriptor } = epoch.open;
    return {
      ledger,
      policies,
      holder: fingerprint(identity),
      epoch: descriptor.epoch,
      hasInspector: descriptor.inspector !== null,
      now,
      reserve: (requester) => this.#place.reserve({ requestId: digestText(requestId), requester }),
    };
  }

  #begin(request: OpenRequest, accepted: AcceptedRequest, resumed: boolean): void {
    // The requester may have gone meanwhile: it comes back for what it was charged with.
    if (this.#session.closed) return;
    this.#place.accept(() => {
      this.#endForAnother();
    });
    this.#accepted = accepted;
    const { ledger, policies, now } = this.#holder;
    this.#standing = new Standing({ ledger, policies, now, request, requester: accepted.requester });
    const { requestId, requester, officials, records, elements } = accepted;
    this.#note('request accepted', {
      request: digestText(requestId),
      requester,
      officials,
      records,
      elements,
      resumed,
    });
  }

  /** Does a step for the accepted request, unless its signatures count no more: then the connection ends. */
  async #ifStanding(step: () => Promise<void>): Promise<void> {
    const refusal = await this.#standing?.check();
    if (this.#session.closed) return;
    if (refusal === undefined) await step();
    else this.#perform(this.#session.fail(refusal.code, refusal.sentence));
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
        lane: this.#accepted?.requester,
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

  async #finish(): Promise<void> {
    const accepted = this.#accepted;
    if (accepted === undefined) return;
    const answer = await this.#provedToGrow(await finishRequest(accepted, this.#holder));
    const { requestId, elements } = accepted;
    this.#note('request finished', { request: digestText(requestId), elements });
    this.#perform(this.#session.receipt(answer));
  }

  async #account(sealed: Uint8Array): Promise<void> {
    const accepted = this.#accepted;
    if (accepted === undefined) return;
    const receipt = await keepAccounting(accepted, sealed, this.#holder);
    if (receipt === undefined) {
      const sentence =
        'Another accounting of this request is kept already, and the first one stays; send that one.';
      this.#perform(this.#session.fail('accounting_invalid', sentence));
      return;
    }
    const answer = await this.#provedToGrow(receipt);
    this.#note('accounting kept', { request: digestText(accepted.requestId) });
    this.#perform(this.#session.accounted(answer));
  }

  /** A receipt with the proof that the log in it continues the one that the requester was shown last. */
  async #provedToGrow({ envelopeBytes, size }: SignedReceipt): Promise<ReceiptAnswer> {
    const consistency = await this.#holder.shownLog.growth(this.#shownSize, size);
    this.#shownSize = size;
    return { envelopeBytes, consistency };
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
      const { code, sentence } = toldOf(error);
      this.#perform(this.#session.fail(code, sentence));
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
    logFault(this.#holder.log, error, { connection: this.#id });
  }

  #note(message: string, fields: LogFields = {}): void {
    this.#holder.log.info(message, { connection: this.#id, ...fields });
  }
}
