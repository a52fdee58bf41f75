import type { Ledger } from '@blindmatch/ledger';
import type { OpenRequest, ProblemCode } from '@blindmatch/protocol';
import { judgeSignatures, type InOrder, type Refusal } from './authorisation.ts';
import type { Policy } from './policy/policy.ts';
import { appendRefusal } from './refusal-log.ts';

/** What a requester is told whose request is refused. */
export interface Refused {
  readonly outcome: 'refused';
  readonly code: ProblemCode;
  readonly sentence: string;
}

/** What a request is refused under. */
export interface RefusalGround {
  readonly request: OpenRequest;
  readonly ledger: Ledger;
  readonly policy: Policy;
  readonly now: Date;
}

/** Refuses one request under one policy and at one time. The leaf is in the log before a refusal is given to anybody. */
export class RequestRefusals {
  readonly #ground: RefusalGround;

  constructor(ground: RefusalGround) {
    this.#ground = ground;
  }

  /** What the policy refused. */
  async refuse(refusal: Refusal): Promise<Refused> {
    const { request, ledger, policy, now } = this.#ground;
    await appendRefusal(ledger, request, refusal, policy, now);
    const { code, sentence } = refusal;
    return { outcome: 'refused', code, sentence };
  }

  /** What the policy let pass, in the name of the requester whose it is. */
  async refuseOf({ requester }: InOrder, code: ProblemCode, sentence: string): Promise<Refused> {
    return await this.refuse({ outcome: 'refused', code, sentence, requester: requester.name });
  }

  /** What has expired is refused as that, whoever has signed it and whatever became of it before. */
  async expired(): Promise<Refused> {
    const { request, policy, now } = this.#ground;
    const signed = judgeSignatures(policy, request, now);
    const requester = signed.outcome === 'refused' ? signed.requester : signed.requester.name;
    const sentence = 'The request has expired; prepare and sign it again.';
    return await this.refuse({ outcome: 'refused', code: 'manifest_expired', sentence, requester });
  }

  async approvalInvalid(judged: InOrder): Promise<Refused> {
    return await this.refuseOf(
      judged,
      'approval_invalid',
      'The decision on the request does not count under the policy in force; prepare the request again and ask the holder to approve it.',
    );
  }

  async nonceReused(judged: InOrder): Promise<Refused> {
    return await this.refuseOf(
      judged,
      'nonce_reused',
      'The nonce of this request was spent by another one; prepare the request again.',
    );
  }
}
