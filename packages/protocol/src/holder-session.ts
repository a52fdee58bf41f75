/**
 * The holder's side of one connection: frames and a clock in, events out; no socket, no timer, no policy.
 * (protocol-spec/exchange.md, "The holder's states".)
 *
 * The caller owns the connection. It acts on each event in order, gives back what `authorise`, `evaluate`,
 * `readSet` and `finish` ask for through the method of that name, calls `tick` about once a second, and after
 * `close` closes the connection and drops the session. A slot in flight is freed when its answer is given, so a
 * caller that waits with the next frame while its socket is full bounds what one connection can hold.
 */

import { checkChunk } from './chunk-check.ts';
import { decodeRequesterMessage, encodeMessage } from './codec.ts';
import { isLine } from './document-fields.ts';
import type { OpenEpoch } from './epoch-descriptor.ts';
import {
  ACCOUNTING_PIECE_MAX,
  HANDSHAKE_DEADLINE_MS,
  IDLE_DEADLINE_MS,
  MAX_ACCOUNTING,
  MAX_IN_FLIGHT,
  PROTOCOL_VERSION,
  REQUEST_DEADLINE_MS,
  SENTENCE_MAX,
  SET_READ_MAX,
} from './limits.ts';
import { checkManifest, openRequest } from './manifest.ts';
import type { OpenRequest } from './manifest.ts';
import type { HolderMessage, RequesterMessage } from './messages.ts';
import { PROBLEMS, ProtocolError } from './problem.ts';
import type { CloseCode, ProblemCode } from './problem.ts';

/** What the caller of a holder session does next. */
export type HolderEvent =
  /** Send this frame. */
  | { readonly kind: 'send'; readonly frame: Uint8Array }
  /** Look up the epoch's leaf and the log as it is now, and prove both, then call `logOpened`. */
  | { readonly kind: 'openLog'; readonly rememberedSize: number }
  /**
   * Judge signatures, policy and nonce, then call `authorised`. The manifest is valid and for this epoch, but may have
   * expired (`isExpired`): then it is to be refused with `manifest_expired` unless it was accepted before.
   */
  | { readonly kind: 'authorise'; readonly request: OpenRequest; readonly envelopeBytes: Uint8Array }
  /** Evaluate and prove, then call `evaluated`. `elements` is the receiver's to keep or transfer. */
  | { readonly kind: 'evaluate'; readonly index: number; readonly elements: Uint8Array }
  /** Read the token set file, then call `setData`. */
  | { readonly kind: 'readSet'; readonly offset: number; readonly length: number }
  /** Make and sign the receipt, then call `receipt`. */
  | { readonly kind: 'finish'; readonly request: OpenRequest }
  /** Log and keep the sealed accounting of the request's matches, then call `accounted`. */
  | { readonly kind: 'account'; readonly request: OpenRequest; readonly accounting: Uint8Array }
  /**
   * Send what is queued and close with this code. The session takes nothing more. Without a problem it is a normal end.
   * With a request, the problem is a refusal of that well-formed manifest, to be logged before the `refused` goes out.
   */
  | {
      readonly kind: 'close';
      readonly closeCode: CloseCode;
      readonly problem: ProtocolError | undefined;
      readonly request?: OpenRequest;
    };

/** The caller's answer to `authorise`. */
export type Decision =
  | { readonly outcome: 'accepted' }
  /** Somebody has to approve it; the requester asks again after that many seconds, on a connection of its own. */
  | { readonly outcome: 'pending'; readonly retryAfter: number }
  | { readonly outcome: 'refused'; readonly code: ProblemCode; readonly sentence?: string };

/** The holder's log as it was when a requester came, with what that requester has to be shown. */
export interface LogView {
  /** A signed note. */
  readonly checkpoint: string;
  /** Where the leaf of the served epoch stands, its bytes, and its inclusion proof, 32 bytes a node. */
  readonly leafIndex: number;
  readonly leaf: Uint8Array;
  readonly path: Uint8Array;
  /** From the size that the requester remembers to the checkpoint's; empty where that size is 0 or beyond the log. */
  readonly consistency: Uint8Array;
}

/** A receipt to send. */
export interface ReceiptAnswer {
  readonly envelopeBytes: Uint8Array;
  /**
   * From the checkpoint that this connection was shown last to the receipt's, 32 bytes a node. The one of `LogView` at
   * first; behind `receipt`, that receipt's.
   */
  readonly consistency: Uint8Array;
}

/** What a holder session needs. */
export interface HolderSessionOptions {
  readonly epoch: OpenEpoch;
  /** The time of day, for the manifest's. */
  readonly now: () => Date;
  /** Milliseconds from any origin, for deadlines: never set back or forward. `performance.now` by default. */
  readonly monotonic?: () => number;
}

type Phase =
  | { readonly name: 'hello' | 'opening' | 'request' | 'closed' }
  | {
      readonly name: 'authorising' | 'accepted' | 'finishing' | 'finished' | 'accounting' | 'accounted';
      readonly request: OpenRequest;
    };

type AccountingPiece = Extract<RequesterMessage, { type: 'accounting' }>;

/** One connection of a requester, as its holder sees it. */
export class HolderSession {
  readonly #epoch: OpenEpoch;
  readonly #now: () => Date;
  readonly #monotonic: () => number;
  #phase: Phase = { name: 'hello' };
  /** Chunk index → bytes of its elements, between `evaluate` and `evaluated`. */
  readonly #evaluating = new Map<number, number>();
  /** Offset → length, between `readSet` and `setData`. */
  readonly #reading = new Map<number, number>();
  /** The accounting while its pieces come: the whole, and how many bytes of it are there. */
  #accounting: { readonly whole: Uint8Array; readonly received: number } | undefined;
  /**
   * On the monotonic clock, the start of the deadline that runs. Until a request: when the connection or `hello`
   * came or `epoch` went. Then: when the requester last did something, or this side last finished something for it.
   */
  #since: number;

  constructor({ epoch, now, monotonic = () => performance.now() }: HolderSessionOptions) {
    this.#epoch = epoch;
    this.#now = now;
    this.#monotonic = monotonic;
    this.#since = monotonic();
  }

  /** Whether the session has ended; nothing it is given has any effect any more. */
  get closed(): boolean {
    return this.#phase.name === 'closed';
  }

  /**
   * Takes one frame. Never throws, whatever the frame: a problem gives `send refused` and `close`. A fault of this side's
   * own is `internal_error` with its cause, so that one connection can't end the others'.
   */
  receive(frame: Uint8Array): HolderEvent[] {
    if (this.closed) return [];
    this.touch();
    try {
      return this.#take(decodeRequesterMessage(frame));
    } catch (error) {
      const known = error instanceof ProtocolError;
      return this.#close(known ? error : new ProtocolError('internal_error', undefined, { cause: error }));
    }
  }

  /** The transport saw a WebSocket ping or pong: the requester is there, working. Without a request it counts nothing. */
  touch(): void {
    if ('request' in this.#phase) this.#since = this.#monotonic();
  }

  /** The answer to `openLog`. Throws RangeError when none is awaited. */
  logOpened({ checkpoint, ...proofs }: LogView): HolderEvent[] {
    if (this.closed) return [];
    if (this.#phase.name !== 'opening') throw new RangeError('nobody waits for the log');
    const envelope = this.#epoch.envelopeBytes;
    const events = send({ type: 'epoch', envelope, checkpoint: Buffer.from(checkpoint), ...proofs });
    this.#phase = { name: 'request' };
    this.#since = this.#monotonic();
    return events;
  }

  /** The answer to `authorise`. Throws RangeError when none is awaited. */
  authorised(decision: Decision): HolderEvent[] {
    if (this.closed) return [];
    if (this.#phase.name !== 'authorising') throw new RangeError('no request waits for a decision');
    if (decision.outcome === 'refused')
      return this.#close(new ProtocolError(decision.code, decision.sentence));
    const { request } = this.#phase;
    if (decision.outcome === 'pending') {
      const { requestId } = request;
      const events = send({ type: 'pending', requestId, retryAfter: decision.retryAfter });
      this.#end();
      return [...events, { kind: 'close', closeCode: 1000, problem: undefined }];
    }
    this.#phase = { name: 'accepted', request };
    return this.#answer({ type: 'accepted', requestId: request.requestId });
  }

  /**
   * The answer to `evaluate`: elements, the root of each (or none) and the proof. Throws RangeError when that chunk
   * is not awaited or the sizes are wrong.
   */
  evaluated(index: number, elements: Uint8Array, roots: Uint8Array, proof: Uint8Array): HolderEvent[] {
    if (this.closed) return [];
    if (this.#evaluating.get(index) !== elements.length)
      throw new RangeError(`chunk ${index} is not awaited`);
    this.#evaluating.delete(index);
    return this.#answer({ type: 'evaluated', index, elements, roots, proof });
  }

  /** The answer to `readSet`. Throws RangeError when exactly that piece is not awaited. */
  setData(offset: number, bytes: Uint8Array): HolderEvent[] {
    if (this.closed) return [];
    if (this.#reading.get(offset) !== bytes.length) throw new RangeError(`no read at ${offset} is awaited`);
    this.#reading.delete(offset);
    return this.#answer({ type: 'setData', offset, bytes });
  }

  /** The answer to `finish`: the signed receipt. Throws RangeError when none is awaited. */
  receipt({ envelopeBytes, consistency }: ReceiptAnswer): HolderEvent[] {
    if (this.closed) return [];
    if (this.#phase.name !== 'finishing') throw new RangeError('no receipt is awaited');
    this.#phase = { name: 'finished', request: this.#phase.request };
    return this.#answer({ type: 'receipt', envelope: envelopeBytes, consistency });
  }

  /** The answer to `account`: the signed receipt of the accounting. Throws RangeError when none is awaited. */
  accounted({ envelopeBytes, consistency }: ReceiptAnswer): HolderEvent[] {
    if (this.closed) return [];
    if (this.#phase.name !== 'accounting') throw new RangeError('no receipt of an accounting is awaited');
    this.#phase = { name: 'accounted', request: this.#phase.request };
    return this.#answer({ type: 'accounted', envelope: envelopeBytes, consistency });
  }

  /** Ends the session for a reason on this side, such as an invalid element or a shutdown. */
  fail(code: ProblemCode, sentence?: string): HolderEvent[] {
    return this.closed ? [] : this.#close(new ProtocolError(code, sentence));
  }

  /**
   * Looks at the clock: a requester that says nothing while nothing is done for it is sent away, and so is one whose
   * `epoch` took longer than it waits for it.
   */
  tick(): HolderEvent[] {
    if (this.closed || this.#busy()) return [];
    if (this.#monotonic() - this.#since <= this.#deadline()) return [];
    const opening = this.#phase.name === 'opening';
    const sentence = opening ? 'The holder could not read its log in time; try again.' : undefined;
    return this.#close(new ProtocolError('deadline_exceeded', sentence));
  }

  #deadline(): number {
    const phase = this.#phase.name;
    if (phase === 'hello' || phase === 'opening') return HANDSHAKE_DEADLINE_MS;
    return phase === 'request' ? REQUEST_DEADLINE_MS : IDLE_DEADLINE_MS;
  }

  #take(message: RequesterMessage): HolderEvent[] {
    switch (message.type) {
      case 'hello':
        if (this.#phase.name !== 'hello') throw new ProtocolError('message_unexpected');
        if (message.version !== PROTOCOL_VERSION) {
          throw new ProtocolError(
            'version_unsupported',
            `The holder speaks version ${PROTOCOL_VERSION} of the protocol; use a release that does.`,
          );
        }
        this.#phase = { name: 'opening' };
        this.#since = this.#monotonic();
        return [{ kind: 'openLog', rememberedSize: message.logSize }];
      case 'request':
        return this.#takeRequest(message.envelope);
      case 'chunk':
        return this.#takeChunk(message);
      case 'setRead':
        return this.#takeSetRead(message.offset, message.length);
      case 'finish':
        if (this.#phase.name !== 'accepted' || this.#evaluating.size > 0) {
          throw new ProtocolError('message_unexpected');
        }
        this.#phase = { name: 'finishing', request: this.#phase.request };
        return [{ kind: 'finish', request: this.#phase.request }];
      case 'accounting':
        return this.#takeAccounting(message);
    }
  }

  /**
   * Every piece but the last is full, in order, and says the same total. So the memory for the whole, which the first
   * piece claims, is at most nine times what has come, and nobody holds it who has not finished an accepted request.
   */
  #takeAccounting({ total, offset, bytes }: AccountingPiece): HolderEvent[] {
    if (this.#phase.name !== 'finished') throw new ProtocolError('message_unexpected');
    if (this.#epoch.descriptor.inspector === null) {
      throw new ProtocolError('accounting_invalid', 'The holder takes no accounting of matches; send none.');
    }
    const expected = Math.min(ACCOUNTING_PIECE_MAX, total - offset);
    if (total > MAX_ACCOUNTING || bytes.length !== expected) throw new ProtocolError('accounting_invalid');
    const { received, whole } = this.#accounting ?? { received: 0, whole: undefined };
    if (offset !== received || (whole !== undefined && whole.length !== total)) {
      throw new ProtocolError('message_unexpected');
    }
    const accounting = whole ?? new Uint8Array(total);
    accounting.set(bytes, offset);
    if (offset + bytes.length < total) {
      this.#accounting = { whole: accounting, received: offset + bytes.length };
      return [];
    }
    this.#accounting = undefined;
    this.#phase = { name: 'accounting', request: this.#phase.request };
    return [{ kind: 'account', request: this.#phase.request, accounting }];
  }

  #takeRequest(envelopeBytes: Uint8Array): HolderEvent[] {
    if (this.#phase.name !== 'request') throw new ProtocolError('message_unexpected');
    const request = openRequest(envelopeBytes);
    try {
      checkManifest(request.manifest, { ...this.#epoch, now: this.#now() });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return this.#close(error, request);
    }
    this.#phase = { name: 'authorising', request };
    return [{ kind: 'authorise', request, envelopeBytes }];
  }

  #takeChunk(chunk: { index: number; elements: Uint8Array; path: Uint8Array }): HolderEvent[] {
    if (this.#phase.name !== 'accepted') throw new ProtocolError('message_unexpected');
    if (this.#evaluating.has(chunk.index)) throw new ProtocolError('message_unexpected');
    // Before the hash, so that a flood costs nothing.
    if (this.#evaluating.size >= MAX_IN_FLIGHT) throw new ProtocolError('too_many_in_flight');
    checkChunk(chunk, this.#phase.request.manifest);
    this.#evaluating.set(chunk.index, chunk.elements.length);
    return [{ kind: 'evaluate', index: chunk.index, elements: chunk.elements }];
  }

  #takeSetRead(offset: number, length: number): HolderEvent[] {
    if (!('request' in this.#phase) || this.#phase.name === 'authorising') {
      throw new ProtocolError('message_unexpected');
    }
    if (this.#reading.has(offset)) throw new ProtocolError('message_unexpected');
    if (this.#reading.size >= MAX_IN_FLIGHT) throw new ProtocolError('too_many_in_flight');
    // offset ≤ 2^53 - 1 and length < 2^32: compared without adding.
    const size = this.#epoch.descriptor.tokenSet.bytes;
    if (length < 1 || length > SET_READ_MAX || offset > size || length > size - offset) {
      throw new ProtocolError('set_range_invalid');
    }
    this.#reading.set(offset, length);
    return [{ kind: 'readSet', offset, length }];
  }

  /** Whether a requester that has said what it asks for waits for this side. */
  #busy(): boolean {
    const phase = this.#phase.name;
    const waitsForUs = phase === 'authorising' || phase === 'finishing' || phase === 'accounting';
    return waitsForUs || this.#evaluating.size > 0 || this.#reading.size > 0;
  }

  #answer(message: HolderMessage): HolderEvent[] {
    this.touch();
    return send(message);
  }

  #end(): void {
    this.#phase = { name: 'closed' };
    this.#evaluating.clear();
    this.#reading.clear();
    this.#accounting = undefined;
  }

  #close(problem: ProtocolError, request?: OpenRequest): HolderEvent[] {
    this.#end();
    // A sentence that the requester's decoder would not take must not hide the code.
    const { code, message } = problem;
    const sentence = isLine(message, SENTENCE_MAX) ? message : PROBLEMS[code].sentence;
    return [
      ...send({ type: 'refused', code, sentence }),
      {
        kind: 'close',
        closeCode: PROBLEMS[code].close,
        problem,
        ...(request === undefined ? {} : { request }),
      },
    ];
  }
}

function send(message: HolderMessage): HolderEvent[] {
  return [{ kind: 'send', frame: encodeMessage(message) }];
}
