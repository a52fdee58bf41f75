/**
 * What becomes of a request: judged by the policy in force, then by what the ledger remembers, then accepted, let wait or
 * refused. Every refusal of what the policy or the ledger decides stands in the log before it is told.
 */

import type {
  AcceptedRequest,
  DecidedRequest,
  JudgedRequest,
  KnownRequest,
  Ledger,
} from '@blindmatch/ledger';
import { digestText, isExpired, openApproval, type OpenRequest } from '@blindmatch/protocol';
import { approves, decides, type ApprovalSetting } from './approval-check.ts';
import { judge, judgeSignatures, type InOrder } from './authorisation.ts';
import { accountingDueOf } from './accounting-owed.ts';
import { chargeOf, limitsOf, quotaSentence } from './charge.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import type { Policy } from './policy/policy.ts';
import { acceptedLeaf, pendingLeaf } from './request-leaves.ts';
import { RequestRefusals, type Refused } from './request-refusals.ts';
import { expireWaiting, overLimit, waitsUntil } from './waiting-requests.ts';

/**
 * A request whose form, epoch and holder the session has checked, with its signed bytes as received. It may have expired:
 * then it goes on where it was accepted before, and is refused otherwise.
 */
export interface RequestToDecide {
  readonly request: OpenRequest;
  readonly envelopeBytes: Uint8Array;
}

/** What a decision is made with. */
export interface DecisionSetting {
  readonly ledger: Ledger;
  readonly policies: Pick<PolicyInForce, 'current'>;
  /** The holder's fingerprint. */
  readonly holder: string;
  /** The number of the epoch that is served. */
  readonly epoch: number;
  /** Whether that epoch names an inspector, for whom accountings can be sealed. */
  readonly hasInspector: boolean;
  readonly now: () => Date;
  /** Keeps room for a request of a requester if there is any, until the decision is given. */
  readonly reserve: (requester: string) => boolean;
}

/** The decision on one request. */
export type RequestDecision =
  | { readonly outcome: 'accepted'; readonly accepted: AcceptedRequest; readonly resumed: boolean }
  | { readonly outcome: 'pending'; readonly requester: string; readonly retryAfter: number }
  | Refused;

/** Seconds after which a requester may ask again whether its request was approved. */
const RETRY_AFTER_S = 10;

/** How often a request is judged again because somebody changed the policy or the approval under it. */
const ATTEMPTS_MAX = 4;

const TRY_AGAIN: RequestDecision = {
  outcome: 'refused',
  code: 'shutting_down',
  sentence: "The holder's policy is being changed; submit the request again in a moment.",
};

const NO_ROOM: RequestDecision = {
  outcome: 'refused',
  code: 'shutting_down',
  sentence:
    'The holder serves as many requests as it can, in all or of one requester; submit the request again later.',
};

/** Decides on a request. */
export async function decideRequest(
  asked: RequestToDecide,
  setting: DecisionSetting,
): Promise<RequestDecision> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const decision = await new Attempt(asked, setting, await setting.policies.current()).decide();
    if (decision !== 'again') return decision;
  }
  return TRY_AGAIN;
}

/** One pass over a request, under one policy and at one time. It may end with `again`, having changed nothing. */
class Attempt {
  readonly #asked: RequestToDecide;
  readonly #setting: DecisionSetting;
  readonly #policy: Policy;
  readonly #now: Date;
  readonly #refusals: RequestRefusals;

  constructor(asked: RequestToDecide, setting: DecisionSetting, policy: Policy) {
    this.#asked = asked;
    this.#setting = setting;
    this.#policy = policy;
    this.#now = setting.now();
    const { request } = asked;
    this.#refusals = new RequestRefusals({ request, ledger: setting.ledger, policy, now: this.#now });
  }

  async decide(): Promise<RequestDecision | 'again'> {
    const { request } = this.#asked;
    const known = await this.#setting.ledger.find(request.requestId);
    if (known?.state !== 'accepted' && isExpired(request.manifest, this.#now)) {
      return await this.#refusals.expired();
    }
    const judged = (this.#isOpen(known) ? judge : judgeSignatures)(this.#policy, request, this.#now);
    if (judged.outcome === 'refused') return await this.#refusals.refuse(judged);
    if (known !== undefined && known.requester !== judged.requester.name) {
      return await this.#refusals.refuseOf(
        judged,
        'nonce_reused',
        'This request came first from another requester, which answers for it; prepare a request of your own.',
      );
    }
    if (known?.state === 'accepted') return this.#resume(known);
    return await this.#decideOnNew(judged, known);
  }

  /**
   * Whether the request may be accepted now for the first time, so that all terms count. One that was accepted is charged
   * already, one that goes on waiting is looked at when somebody has approved it, and one that was decided against stays so.
   */
  #isOpen(known: KnownRequest | undefined): boolean {
    if (known === undefined || known.state === 'approved') return true;
    return known.state === 'waiting' && this.#policy.approval === 'automatic';
  }

  #resume(known: AcceptedRequest): RequestDecision {
    if (!this.#setting.reserve(known.requester)) return NO_ROOM;
    return { outcome: 'accepted', accepted: known, resumed: true };
  }

  async #decideOnNew(
    judged: InOrder,
    known: Exclude<KnownRequest, AcceptedRequest> | undefined,
  ): Promise<RequestDecision | 'again'> {
    // Both stand in the log already, as what they are.
    if (known?.state === 'denied') return await this.#denied(judged, known);
    if (known?.state === 'expired') {
      return {
        outcome: 'refused',
        code: 'approval_expired',
        sentence: 'Nobody approved the request in time; prepare it again and ask the holder to look at it.',
      };
    }
    if (known?.state === 'waiting' && known.expiresAt.getTime() <= this.#now.getTime()) {
      await expireWaiting(this.#setting.ledger, this.#policy, this.#now);
      return 'again';
    }
    if (this.#policy.approval === 'human' && known?.state === 'waiting') return this.#pending(judged);
    const due = await this.#accountingDue(judged);
    if (due !== undefined) return await this.#refusals.refuseOf(judged, 'accounting_due', due);
    if (this.#policy.approval === 'automatic') return await this.#accept(judged, undefined);
    if (known === undefined) return await this.#suspend(judged);
    return await this.#acceptApproved(judged, known);
  }

  async #acceptApproved(
    judged: InOrder,
    known: Exclude<KnownRequest, AcceptedRequest>,
  ): Promise<RequestDecision | 'again'> {
    const approval = known.state === 'approved' ? known.approval : undefined;
    if (approval === undefined || !approves(approval.envelope, this.#approvalSetting())) {
      return await this.#refusals.approvalInvalid(judged);
    }
    return await this.#accept(judged, approval.digest);
  }

  /** Where requesters owe accountings, what to tell one that owes one for too long. */
  async #accountingDue({ requester }: InOrder): Promise<string | undefined> {
    if (!this.#owesAccounting()) return undefined;
    const owed = await this.#setting.ledger.unaccounted(requester.name, this.#now);
    if (owed === undefined) return undefined;
    return `The accounting of the request ${digestText(owed)} is due; submit that request again with --inspector, or ask the holder to waive it where that is too late, then this one.`;
  }

  /** Under an epoch without an inspector nobody could return one. */
  #owesAccounting(): boolean {
    return this.#policy.accounting === 'required' && this.#setting.hasInspector;
  }

  async #suspend(judged: InOrder): Promise<RequestDecision | 'again'> {
    const over = await overLimit(this.#setting.ledger, judged.requester, this.#charge(judged), this.#now);
    // Nobody should have to approve what could not be accepted then.
    if (over !== undefined) return await this.#refusals.refuseOf(judged, 'quota_exceeded', over);
    const request = this.#judgedRequest(judged);
    const most = this.#policy.maxWaiting;
    const suspension = await this.#setting.ledger.suspend({
      request,
      policy: this.#policy.digest,
      now: this.#now,
      expires: waitsUntil(this.#policy, this.#now),
      most,
      leaf: pendingLeaf(request, this.#asked.request, this.#policy.digest, this.#now),
    });
    if (suspension.outcome === 'waiting') return this.#pending(judged);
    if (suspension.outcome === 'too_many_wait') {
      const sentence = `As many requests as may (${most}) wait for the holder's approval already; submit this one again when one of them was decided on.`;
      return await this.#refusals.refuseOf(judged, 'quota_exceeded', sentence);
    }
    return suspension.outcome === 'nonce_reused' ? await this.#refusals.nonceReused(judged) : 'again';
  }

  async #accept(judged: InOrder, approval: Uint8Array | undefined): Promise<RequestDecision | 'again'> {
    // Before anything is charged.
    if (!this.#setting.reserve(judged.requester.name)) return NO_ROOM;
    const request = this.#judgedRequest(judged);
    const policy = this.#policy.digest;
    const now = this.#now;
    const acceptance = await this.#setting.ledger.accept({
      request,
      charge: this.#charge(judged),
      limits: limitsOf(judged.requester, request.statute),
      policy,
      ...(approval === undefined ? {} : { approval }),
      ...(this.#owesAccounting() ? { accountingDue: accountingDueOf(this.#policy, now) } : {}),
      now,
      leaf: acceptedLeaf(request, this.#asked.request, { policy: this.#policy, approval, now }),
    });
    switch (acceptance.outcome) {
      case 'new':
        return { outcome: 'accepted', accepted: acceptance.request, resumed: false };
      // Another connection was first: judged again, as what it is now.
      case 'known':
      case 'policy_changed':
      case 'approval_changed':
        return 'again';
      case 'nonce_reused':
        return await this.#refusals.nonceReused(judged);
      case 'over_limit':
        return await this.#refusals.refuseOf(
          judged,
          'quota_exceeded',
          quotaSentence(acceptance.limit, acceptance.charged, acceptance.investigator),
        );
    }
  }

  #pending({ requester }: InOrder): RequestDecision {
    return { outcome: 'pending', requester: requester.name, retryAfter: RETRY_AFTER_S };
  }

  /** A denial is verified like an approval, before its words are told in the holder's name. */
  async #denied(judged: InOrder, { approval }: DecidedRequest): Promise<RequestDecision> {
    if (approval === undefined || !decides('denied', approval.envelope, this.#approvalSetting())) {
      return await this.#refusals.approvalInvalid(judged);
    }
    const { reason } = openApproval(approval.envelope).approval;
    return {
      outcome: 'refused',
      code: 'approval_denied',
      sentence: `The holder has denied the request${reason === null ? '' : `: ${reason}`}`,
    };
  }

  #approvalSetting(): ApprovalSetting {
    const { holder } = this.#setting;
    const { requestId } = this.#asked.request;
    return { requestId, holder, policy: this.#policy, now: this.#now };
  }

  #charge({ requester }: InOrder): ReturnType<typeof chargeOf> {
    return chargeOf(this.#asked.request.manifest, requester.name, this.#setting.epoch, this.#now);
  }

  #judgedRequest({ requester, officials, certifiers }: InOrder): JudgedRequest {
    const { request, envelopeBytes } = this.#asked;
    const { nonce, statute, records, elements } = request.manifest;
    return {
      requestId: request.requestId,
      nonce,
      epoch: this.#setting.epoch,
      requester: requester.name,
      officials,
      certifiers,
      statute,
      records,
      elements,
      envelope: envelopeBytes,
    };
  }
}
