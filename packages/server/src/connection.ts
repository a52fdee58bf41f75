import {
  encodeMessage,
  HolderSession,
  PROBLEMS,
  type HolderEvent,
  type OpenRequest,
  type ProtocolError,
} from '@blindmatch/protocol';
import type { WebSocket } from 'ws';
import type { Place } from './admission.ts';
import { logFault, toldOf } from './fault.ts';
import type { Holder } from './holder.ts';
import { errorText, type LogFields } from './log.ts';
import { PacedSocket } from './paced-socket.ts';
import { logRefusal } from './refusal-log.ts';
import { SessionAnswers } from './session-answers.ts';

/** How often the session looks at its deadlines. */
const TICK_MS = 1000;

/**
 * Serves one requester: carries frames between its socket and a HolderSession and has done what the session asks for.
 * Owns the session, and when the connection ends; what it is for is its SessionAnswers', what is sent its PacedSocket's.
 *
 * Memory is bounded whatever the other side does: the session admits a fixed number of chunks and reads at once, each
 * of them counts as under way until its answer has left this process, and reading stops while answers pile up.
 *
 * Whatever goes wrong inside ends this connection and no other: everything that an event or a timer starts runs
 * under `#guard` or `#run`.
 */
export class Connection {
  readonly #id: number;
  readonly #socket: PacedSocket;
  readonly #holder: Holder;
  readonly #session: HolderSession;
  readonly #answers: SessionAnswers;
  readonly #ticking: NodeJS.Timeout;
  /** Aborted when the requester is gone or was sent away: nothing more is evaluated for it. */
  readonly #gone = new AbortController();

  /** The connection owns its place from now on. */
  constructor(id: number, socket: WebSocket, holder: Holder, place: Place) {
    this.#id = id;
    this.#holder = holder;
    const { now, monotonic } = holder;
    this.#session = new HolderSession({ epoch: holder.epoch.open, now, monotonic });
    this.#socket = new PacedSocket(socket, {
      monotonic,
      guard: (act) => {
        this.#guard(act);
      },
    });
    this.#answers = new SessionAnswers(holder, {
      session: this.#session,
      place,
      gone: this.#gone.signal,
      perform: (events) => {
        this.#perform(events);
      },
      endForAnother: () => {
        this.#endForAnother();
      },
      drained: () => this.#socket.drained(),
      note: (message, fields) => {
        this.#note(message, fields);
      },
    });
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
        this.#socket.release();
        const chunks = this.#answers.evaluatedChunks;
        // Strangers who come and go leave no line each.
        if (chunks !== undefined) this.#note('connection closed', { chunks });
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
      this.#socket.send(encodeMessage({ type: 'refused', ...told }));
      this.#close(PROBLEMS[told.code].close);
      return;
    }
    for (const event of events) this.#act(event);
  }

  #act(event: HolderEvent): void {
    switch (event.kind) {
      case 'send':
        this.#socket.send(event.frame);
        break;
      case 'openLog':
        this.#run(this.#answers.openLog(event.rememberedSize));
        break;
      case 'authorise':
        this.#run(this.#answers.authorise(event));
        break;
      case 'evaluate':
        this.#run(this.#answers.evaluate(event.index, event.elements));
        break;
      case 'readSet':
        this.#run(this.#answers.readSet(event.offset, event.length));
        break;
      case 'finish':
        this.#run(this.#answers.finish());
        break;
      case 'account':
        this.#run(this.#answers.account(event.accounting));
        break;
      case 'close':
        if (event.problem !== undefined) this.#noteProblem(event.problem);
        this.#close(event.closeCode);
        break;
    }
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

  #tick(): void {
    this.#perform(this.#session.tick());
    if (!this.#socket.stalls()) return;
    this.#note('requester cut off: it takes nothing that is sent to it', { code: 'deadline_exceeded' });
    this.#socket.cutOff();
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
    this.#socket.cutOff();
  }

  #close(closeCode: number): void {
    clearInterval(this.#ticking);
    this.#gone.abort();
    this.#socket.close(closeCode);
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

  #note(message: string, fields: LogFields): void {
    this.#holder.log.info(message, { connection: this.#id, ...fields });
  }
}
