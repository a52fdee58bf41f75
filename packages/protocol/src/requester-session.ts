/**
 * The requester's side of one connection: frames and a clock in, events out; no socket, no timer, no cryptography
 * on elements. (protocol-spec/exchange.md, "The requester's states".)
 *
 * The caller owns the connection. It sends every frame that a method returns, calls `tick` about once a second,
 * and verifies the proof of every `evaluated` and every byte of `setData` itself. A ProtocolError thrown by
 * `receive` or `tick` ends the session: the caller closes the connection with `PROBLEMS[code].close`.
 */

import { checkChunk } from './chunk-check.ts';
import { decodeHolderMessage, encodeMessage } from './codec.ts';
import type { Checkpoint, TreeHead } from './checkpoint.ts';
import { digestText, equalBytes, sha256 } from './digest.ts';
import { openEpochDescriptor } from './epoch-descriptor.ts';
import type { OpenEpoch } from './epoch-descriptor.ts';
import {
  ACCOUNTING_PIECE_MAX,
  EVALUATION_DEADLINE_MS,
  HANDSHAKE_DEADLINE_MS,
  IDLE_DEADLINE_MS,
  MAX_ACCOUNTING,
  MAX_IN_FLIGHT,
  PROTOCOL_VERSION,
  RETRY_AFTER_MAX_S,
  SET_READ_MAX,
} from './limits.ts';
import { openLogView, requireGrowth } from './log-view.ts';
import { checkManifest, openRequest } from './manifest.ts';
import type { OpenRequest } from './manifest.ts';
import type { HolderMessage } from './messages.ts';
import { ProtocolError } from './problem.ts';
import type { ProblemCode } from './problem.ts';
import { openAccountingReceipt, openReceipt } from './receipt.ts';
import type { AccountingReceipt, Receipt } from './receipt.ts';

/** What the holder has said, checked as far as a session can. */
export type RequesterEvent =
  /**
   * The pinned holder's signed epoch, with a profile and a suite that this side has, and its log, in which the epoch
   * stands and which has only grown. The caller remembers the checkpoint for the next time.
   */
  | { readonly kind: 'epoch'; readonly epoch: OpenEpoch; readonly checkpoint: Checkpoint }
  | { readonly kind: 'accepted'; readonly requestId: Uint8Array }
  /**
   * The request waits for somebody's approval at the holder, who ends the exchange; ask again after so many seconds, from
   * 1 to 3,600 whatever the holder said.
   */
  | { readonly kind: 'pending'; readonly retryAfter: number }
  /** The holder ends the exchange. */
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly sentence: string }
  /** As many elements as the chunk had. The proof is NOT verified yet. */
  | {
      readonly kind: 'evaluated';
      readonly index: number;
      readonly elements: Uint8Array;
      /** As many bytes as the elements, or none. NOT verified, and nothing may depend on them but time. */
      readonly roots: Uint8Array;
      readonly proof: Uint8Array;
    }
  /** The holder's signed receipt, which fits the request. */
  | { readonly kind: 'receipt'; readonly receipt: Receipt; readonly envelopeBytes: Uint8Array }
  /** The holder's signed receipt of exactly the accounting that was sent. */
  | { readonly kind: 'accounted'; readonly receipt: AccountingReceipt; readonly envelopeBytes: Uint8Array }
  /** Exactly the piece that was asked for. Its content is NOT verified yet. */
  | { readonly kind: 'setData'; readonly offset: number; readonly bytes: Uint8Array };

/** What a requester session needs. */
export interface RequesterSessionOptions {
  /** Fingerprint of the one holder to talk to. */
  readonly holder: string;
  /** The hash of this side's profile of that id, `sha256:` and 64 hex, or undefined when it has none. */
  readonly profiles: (id: string) => string | undefined;
  /** The time of day, for the manifest's. */
  readonly now: () => Date;
  /** Milliseconds from any origin, for deadlines: never set back or forward. `performance.now` by default. */
  readonly monotonic?: () => number;
  /** The log as this requester last saw it; undefined for the first time. */
  readonly remembered?: TreeHead;
  /** Where the request is prepared already: its epoch's id. Another epoch is refused with `epoch_changed`. */
  readonly epochId?: Uint8Array;
}

type Phase =
  | { readonly name: 'new' | 'hello' | 'closed' }
  | { readonly name: 'ready'; readonly epoch: OpenEpoch; readonly checkpoint: Checkpoint }
  | {
      readonly name: 'requested' | 'accepted' | 'finishing' | 'finished' | 'accounted';
      readonly epoch: OpenEpoch;
      /** The log as the holder showed it last: in `epoch`, then in the receipt. */
      readonly checkpoint: Checkpoint;
      readonly request: OpenRequest;
    }
  | {
      readonly name: 'accounting';
      readonly epoch: OpenEpoch;
      readonly checkpoint: Checkpoint;
      readonly request: OpenRequest;
      /** Digest of what was sent. */
      readonly accounting: Uint8Array;
    };

/** One connection to a holder, as its requester sees it. */
export class RequesterSession {
  readonly #options: RequesterSessionOptions;
  readonly #monotonic: () => number;
  #phase: Phase = { name: 'new' };
  /** Chunk index → bytes of its elements, from `chunk` to `evaluated`. */
  readonly #chunks = new Map<number, number>();
  /** Offset → length, from `readSet` to `setData`. */
  readonly #reads = new Map<number, number>();
  /** Since when, on the monotonic clock, an answer is awaited without a frame from the holder. */
  #waitingSince = 0;

  constructor(options: RequesterSessionOptions) {
    this.#options = options;
    this.#monotonic = options.monotonic ?? (() => performance.now());
  }

  /** Whether the session has ended. */
  get closed(): boolean {
    return this.#phase.name === 'closed';
  }

  /** How many more chunks may be sent now. */
  get chunkSlots(): number {
    return this.#phase.name === 'accepted' ? MAX_IN_FLIGHT - this.#chunks.size : 0;
  }

  /** How many more reads of the token set may be sent now. */
  get readSlots(): number {
    return this.#readableEpoch() === undefined ? 0 : MAX_IN_FLIGHT - this.#reads.size;
  }

  /** The first frame to send. */
  start(): Uint8Array {
    if (this.#phase.name !== 'new') throw new ProtocolError('message_unexpected');
    this.#wait();
    this.#phase = { name: 'hello' };
    const logSize = this.#options.remembered?.size ?? 0;
    return encodeMessage({ type: 'hello', version: PROTOCOL_VERSION, logSize });
  }

  /**
   * The frame that makes the request, after `epoch`. Throws what the holder would refuse: `manifest_malformed`,
   * `holder_unexpected`, `epoch_changed`, `elements_over_cap`, and `manifest_expired` for one that is dated in the future.
   * One that has expired is sent: only the holder knows whether it was accepted before.
   */
  request(envelopeBytes: Uint8Array): Uint8Array {
    if (this.#phase.name !== 'ready') throw new ProtocolError('message_unexpected');
    const { epoch, checkpoint } = this.#phase;
    const request = openRequest(envelopeBytes);
    if (!equalBytes(request.manifest.epochId, epoch.epochId)) throw new ProtocolError('epoch_changed');
    checkManifest(request.manifest, { ...epoch, now: this.#options.now() });
    this.#wait();
    this.#phase = { name: 'requested', epoch, checkpoint, request };
    return encodeMessage({ type: 'request', envelope: envelopeBytes });
  }

  /**
   * The frame of one chunk, after `accepted`. Throws `too_many_in_flight` (look at `chunkSlots`),
   * `message_unexpected` for a chunk under way, `chunk_out_of_range`, `chunk_mismatch`.
   */
  chunk(index: number, elements: Uint8Array, path: Uint8Array): Uint8Array {
    if (this.#phase.name !== 'accepted' || this.#chunks.has(index))
      throw new ProtocolError('message_unexpected');
    if (this.#chunks.size >= MAX_IN_FLIGHT) throw new ProtocolError('too_many_in_flight');
    checkChunk({ index, elements, path }, this.#phase.request.manifest);
    this.#wait();
    this.#chunks.set(index, elements.length);
    return encodeMessage({ type: 'chunk', index, elements, path });
  }

  /** The frame that asks for the receipt, when no chunk is under way. Throws `message_unexpected`. */
  finish(): Uint8Array {
    if (this.#phase.name !== 'accepted' || this.#chunks.size > 0)
      throw new ProtocolError('message_unexpected');
    this.#wait();
    this.#phase = { ...this.#phase, name: 'finishing' };
    return encodeMessage({ type: 'finish' });
  }

  /**
   * The frame that reads `length` bytes of the token set file at `offset`, any time after `accepted`.
   * Throws `too_many_in_flight` (look at `readSlots`), `set_range_invalid`, `message_unexpected`.
   */
  readSet(offset: number, length: number): Uint8Array {
    const epoch = this.#readableEpoch();
    if (epoch === undefined || this.#reads.has(offset)) throw new ProtocolError('message_unexpected');
    if (this.#reads.size >= MAX_IN_FLIGHT) throw new ProtocolError('too_many_in_flight');
    const size = epoch.descriptor.tokenSet.bytes;
    const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (
      !whole ||
      offset < 0 ||
      offset > size ||
      length < 1 ||
      length > SET_READ_MAX ||
      length > size - offset
    ) {
      throw new ProtocolError('set_range_invalid');
    }
    this.#wait();
    this.#reads.set(offset, length);
    return encodeMessage({ type: 'setRead', offset, length });
  }

  /**
   * The frames that return the sealed accounting of the matches, in order, once the receipt is here. Throws
   * `accounting_invalid` for one that is empty or too large or that the epoch names no inspector for, `message_unexpected`.
   */
  account(accounting: Uint8Array): Uint8Array[] {
    if (this.#phase.name !== 'finished') throw new ProtocolError('message_unexpected');
    if (this.#phase.epoch.descriptor.inspector === null) {
      throw new ProtocolError('accounting_invalid', 'The holder takes no accounting of matches; send none.');
    }
    const total = accounting.length;
    if (total < 1 || total > MAX_ACCOUNTING) throw new ProtocolError('accounting_invalid');
    this.#wait();
    this.#phase = { ...this.#phase, name: 'accounting', accounting: sha256(accounting) };
    return Array.from({ length: Math.ceil(total / ACCOUNTING_PIECE_MAX) }, (_, piece) => {
      const offset = piece * ACCOUNTING_PIECE_MAX;
      const bytes = accounting.subarray(offset, offset + ACCOUNTING_PIECE_MAX);
      return encodeMessage({ type: 'accounting', total, offset, bytes });
    });
  }

  /**
   * Takes one frame. Throws ProtocolError for anything a holder must not send, and `internal_error` with its cause for a
   * fault of this side's own; the session is closed then. Throws nothing else.
   */
  receive(frame: Uint8Array): RequesterEvent[] {
    if (this.closed) return [];
    try {
      const events = this.#take(decodeHolderMessage(frame));
      this.#waitingSince = this.#monotonic();
      return events;
    } catch (error) {
      this.#phase = { name: 'closed' };
      const known = error instanceof ProtocolError;
      throw known ? error : new ProtocolError('internal_error', undefined, { cause: error });
    }
  }

  /** Looks at the clock. Throws `deadline_exceeded` when the holder owes an answer for too long. */
  tick(): void {
    const deadline = this.#deadline();
    if (deadline === undefined || this.#monotonic() - this.#waitingSince <= deadline) return;
    this.#phase = { name: 'closed' };
    throw new ProtocolError(
      'deadline_exceeded',
      'The holder did not answer in time; try again, the request can be resumed.',
    );
  }

  #take(message: HolderMessage): RequesterEvent[] {
    switch (message.type) {
      case 'epoch':
        return this.#takeEpoch(message);
      case 'accepted':
        if (
          this.#phase.name !== 'requested' ||
          !equalBytes(message.requestId, this.#phase.request.requestId)
        ) {
          throw new ProtocolError('message_unexpected');
        }
        this.#phase = { ...this.#phase, name: 'accepted' };
        return [{ kind: 'accepted', requestId: message.requestId }];
      case 'pending':
        if (
          this.#phase.name !== 'requested' ||
          !equalBytes(message.requestId, this.#phase.request.requestId)
        ) {
          throw new ProtocolError('message_unexpected');
        }
        this.#phase = { name: 'closed' };
        return [
          { kind: 'pending', retryAfter: Math.min(Math.max(message.retryAfter, 1), RETRY_AFTER_MAX_S) },
        ];
      case 'refused':
        if (this.#phase.name === 'new') throw new ProtocolError('message_unexpected');
        this.#phase = { name: 'closed' };
        return [{ kind: 'refused', code: message.code, sentence: message.sentence }];
      case 'evaluated': {
        const { index, elements, roots, proof } = message;
        if (this.#chunks.get(index) !== elements.length) throw new ProtocolError('message_unexpected');
        this.#chunks.delete(index);
        return [{ kind: 'evaluated', index, elements, roots, proof }];
      }
      case 'receipt': {
        if (this.#phase.name !== 'finishing') throw new ProtocolError('message_unexpected');
        const { epoch, request, checkpoint } = this.#phase;
        const receipt = openReceipt(message.envelope, { descriptor: epoch.descriptor, request });
        requireGrowth(checkpoint, receipt.checkpoint, message.consistency);
        this.#phase = { name: 'finished', epoch, checkpoint: receipt.checkpoint, request };
        return [{ kind: 'receipt', receipt, envelopeBytes: message.envelope }];
      }
      case 'accounted': {
        if (this.#phase.name !== 'accounting') throw new ProtocolError('message_unexpected');
        const { epoch, request, checkpoint, accounting } = this.#phase;
        const expected = { descriptor: epoch.descriptor, request, accounting };
        const receipt = openAccountingReceipt(message.envelope, expected);
        requireGrowth(checkpoint, receipt.checkpoint, message.consistency);
        this.#phase = { name: 'accounted', epoch, checkpoint: receipt.checkpoint, request };
        return [{ kind: 'accounted', receipt, envelopeBytes: message.envelope }];
      }
      case 'setData': {
        const { offset, bytes } = message;
        if (this.#reads.get(offset) !== bytes.length) throw new ProtocolError('message_unexpected');
        this.#reads.delete(offset);
        return [{ kind: 'setData', offset, bytes }];
      }
    }
  }

  #takeEpoch(message: Extract<HolderMessage, { type: 'epoch' }>): RequesterEvent[] {
    if (this.#phase.name !== 'hello') throw new ProtocolError('message_unexpected');
    const { holder, epochId, remembered } = this.#options;
    const epoch = openEpochDescriptor(message.envelope, { holder });
    // First of all: a holder that shows another log than before is not asked for anything.
    const checkpoint = openLogView(message, epoch, remembered);
    if (epochId !== undefined && !equalBytes(epochId, epoch.epochId)) {
      throw new ProtocolError(
        'epoch_changed',
        `The holder now serves the epoch ${digestText(epoch.epochId)}, but the request was prepared for ` +
          `${digestText(epochId)}; prepare it again.`,
      );
    }
    const { id, hash } = epoch.descriptor.profile;
    const ours = this.#options.profiles(id);
    if (ours === undefined) {
      throw new ProtocolError(
        'profile_unknown',
        `The holder uses the matching profile ${id}, which this release does not have; install a release that has it.`,
      );
    }
    if (ours !== hash) throw new ProtocolError('profile_mismatch');
    this.#phase = { name: 'ready', epoch, checkpoint };
    return [{ kind: 'epoch', epoch, checkpoint }];
  }

  /** The epoch whose token set may be read now. */
  #readableEpoch(): OpenEpoch | undefined {
    const phase = this.#phase;
    return 'request' in phase && phase.name !== 'requested' ? phase.epoch : undefined;
  }

  /** Milliseconds that the holder has for its next frame, or undefined when nothing is awaited. */
  #deadline(): number | undefined {
    if (this.#phase.name === 'closed') return undefined;
    if (this.#phase.name === 'hello') return HANDSHAKE_DEADLINE_MS;
    if (this.#chunks.size > 0) return EVALUATION_DEADLINE_MS;
    const waiting =
      this.#phase.name === 'requested' ||
      this.#phase.name === 'finishing' ||
      this.#phase.name === 'accounting' ||
      this.#reads.size > 0;
    return waiting ? IDLE_DEADLINE_MS : undefined;
  }

  /** Starts the clock of an answer unless one is running. Called before the state changes. */
  #wait(): void {
    if (this.#deadline() === undefined) this.#waitingSince = this.#monotonic();
  }
}
