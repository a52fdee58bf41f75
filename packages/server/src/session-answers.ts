import type { AcceptedRequest } from '@blindmatch/ledger';
import { GroupError, type EvaluatedChunk } from '@blindmatch/oprf';
import {
  digestText,
  fingerprint,
  type HolderEvent,
  type HolderSession,
  type OpenRequest,
  type ReceiptAnswer,
} from '@blindmatch/protocol';
import type { Place } from './admission.ts';
import {
  decideRequest,
  type DecisionSetting,
  type RequestDecision,
  type RequestToDecide,
} from './decide-request.ts';
import type { Holder } from './holder.ts';
import type { LogFields } from './log.ts';
import { finishRequest, keepAccounting, type SignedReceipt } from './receipts.ts';
import { Standing } from './standing.ts';

/** The connection whose session is answered. */
export interface Answered {
  readonly session: HolderSession;
  readonly place: Place;
  /** Aborted when the requester is gone or was sent away: nothing more is evaluated for it. */
  readonly gone: AbortSignal;
  /** Does what the session asks for, at once. */
  readonly perform: (events: readonly HolderEvent[]) => void;
  /** Ends the connection because its request goes on over another one. Must not throw. */
  readonly endForAnother: () => void;
  /** Resolves when one more answer may be queued. */
  readonly drained: () => Promise<void>;
  readonly note: (message: string, fields: LogFields) => void;
}

/**
 * Finds what a session asks its holder for, and gives it to the session. Owns what one connection is for: its accepted
 * request, whether that may still be answered, and what it has been given.
 *
 * Nothing is evaluated, read, finished or kept before a request was accepted, nor once its signatures count no more. An
 * answer is made only when there is room to queue it. What fails is this side's fault; the caller tells the requester.
 */
export class SessionAnswers {
  readonly #holder: Holder;
  readonly #to: Answered;
  /** The request that the connection is for, once it is accepted. */
  #accepted: AcceptedRequest | undefined;
  /** Whether it may still be answered. */
  #standing: Standing | undefined;
  /** The size of the log that the requester was shown last. */
  #shownSize = 0;
  #evaluatedChunks = 0;

  constructor(holder: Holder, to: Answered) {
    this.#holder = holder;
    this.#to = to;
  }

  /** How many chunks were evaluated for the accepted request; undefined where none was accepted. */
  get evaluatedChunks(): number | undefined {
    return this.#accepted === undefined ? undefined : this.#evaluatedChunks;
  }

  async openLog(rememberedSize: number): Promise<void> {
    const { size, ...view } = await this.#holder.shownLog.open(rememberedSize);
    this.#shownSize = size;
    this.#to.perform(this.#to.session.logOpened(view));
  }

  async authorise(asked: RequestToDecide): Promise<void> {
    const { request } = asked;
    let decision: RequestDecision;
    try {
      decision = await decideRequest(asked, this.#settingFor(request));
      if (decision.outcome === 'accepted') this.#begin(request, decision.accepted, decision.resumed);
    } finally {
      // No longer needed, or taken by now.
      this.#to.place.release();
    }
    if (decision.outcome === 'pending') {
      this.#to.note('request waits', {
        request: digestText(request.requestId),
        requester: decision.requester,
        records: request.manifest.records,
      });
    }
    this.#to.perform(this.#to.session.authorised(decision));
  }

  async evaluate(index: number, elements: Uint8Array): Promise<void> {
    await this.#ifStanding(() => this.#evaluate(index, elements));
  }

  async readSet(offset: number, length: number): Promise<void> {
    await this.#ifStanding(() => this.#readSet(offset, length));
  }

  async finish(): Promise<void> {
    await this.#ifStanding((accepted) => this.#finish(accepted));
  }

  async account(sealed: Uint8Array): Promise<void> {
    await this.#ifStanding((accepted) => this.#account(accepted, sealed));
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
      reserve: (requester) => this.#to.place.reserve({ requestId: digestText(requestId), requester }),
    };
  }

  #begin(request: OpenRequest, accepted: AcceptedRequest, resumed: boolean): void {
    // The requester may have gone meanwhile: it comes back for what it was charged with.
    if (this.#to.session.closed) return;
    this.#to.place.accept(this.#to.endForAnother);
    this.#accepted = accepted;
    const { ledger, policies, now } = this.#holder;
    this.#standing = new Standing({ ledger, policies, now, request, requester: accepted.requester });
    const { requestId, requester, officials, records, elements } = accepted;
    this.#to.note('request accepted', {
      request: digestText(requestId),
      requester,
      officials,
      records,
      elements,
      resumed,
    });
  }

  /** Does a step for the accepted request, unless its signatures count no more: then the connection ends. */
  async #ifStanding(step: (accepted: AcceptedRequest) => Promise<void> | void): Promise<void> {
    const accepted = this.#accepted;
    const refusal = await this.#standing?.check();
    const { session } = this.#to;
    if (session.closed || accepted === undefined) return;
    if (refusal === undefined) await step(accepted);
    else this.#to.perform(session.fail(refusal.code, refusal.sentence));
  }

  async #evaluate(index: number, elements: Uint8Array): Promise<void> {
    const { epoch, oprf } = this.#holder;
    const { descriptor, epochId } = epoch.open;
    const { session, gone } = this.#to;
    const context = { publicKey: descriptor.publicKey, epochId, chunkIndex: index };
    let answer: EvaluatedChunk;
    try {
      answer = await oprf.evaluate(epoch.key, elements, context, {
        signal: gone,
        // Requesters take turns, however many connections each of them has.
        lane: this.#accepted?.requester,
      });
    } catch (error) {
      // Without an index it is about no element of the requester's.
      if (!(error instanceof GroupError) || error.code !== 'element_invalid' || error.index === undefined) {
        throw error;
      }
      this.#to.perform(
        session.fail(
          'element_invalid',
          `Element ${error.index} of chunk ${index} is not a valid group element; prepare the request again.`,
        ),
      );
      return;
    }
    this.#evaluatedChunks++;
    await this.#to.drained();
    const { evaluated, evaluatedRoots, proof } = answer;
    // It may have waited for its turn and for the socket.
    await this.#ifStanding(() => {
      this.#to.perform(session.evaluated(index, evaluated, evaluatedRoots, proof));
    });
  }

  async #readSet(offset: number, length: number): Promise<void> {
    const bytes = await this.#holder.epoch.tokenSet.read(offset, length);
    await this.#to.drained();
    this.#to.perform(this.#to.session.setData(offset, bytes));
  }

  async #finish(accepted: AcceptedRequest): Promise<void> {
    const answer = await this.#provedToGrow(await finishRequest(accepted, this.#holder));
    const { requestId, elements } = accepted;
    this.#to.note('request finished', { request: digestText(requestId), elements });
    this.#to.perform(this.#to.session.receipt(answer));
  }

  async #account(accepted: AcceptedRequest, sealed: Uint8Array): Promise<void> {
    const receipt = await keepAccounting(accepted, sealed, this.#holder);
    if (receipt === undefined) {
      const sentence =
        'Another accounting of this request is kept already, and the first one stays; send that one.';
      this.#to.perform(this.#to.session.fail('accounting_invalid', sentence));
      return;
    }
    const answer = await this.#provedToGrow(receipt);
    this.#to.note('accounting kept', { request: digestText(accepted.requestId) });
    this.#to.perform(this.#to.session.accounted(answer));
  }

  /** A receipt with the proof that the log in it continues the one that the requester was shown last. */
  async #provedToGrow({ envelopeBytes, size }: SignedReceipt): Promise<ReceiptAnswer> {
    const consistency = await this.#holder.shownLog.growth(this.#shownSize, size);
    this.#shownSize = size;
    return { envelopeBytes, consistency };
  }
}
