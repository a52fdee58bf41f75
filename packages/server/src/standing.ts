/** Whether an accepted request may still be answered while its connection is open. */

import { PROBLEMS, type OpenRequest } from '@blindmatch/protocol';
import { judgeSignatures, type Refusal } from './authorisation.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { dayOf } from './policy/key-validity.ts';
import { appendRefusal, type RefusalSetting } from './refusal-log.ts';

/** What is judged, and with what. */
export interface StandingSetting extends RefusalSetting {
  readonly policies: Pick<PolicyInForce, 'current'>;
  readonly request: OpenRequest;
  /** Whose request it was accepted as. */
  readonly requester: string;
}

/**
 * The signatures of an accepted request, judged again whenever another policy is in force or another day (UTC) has begun:
 * what is revoked ends what is under way, and not only what comes next. Asked before each step; one look at the ledger
 * where nothing has changed.
 */
export class Standing {
  readonly #setting: StandingSetting;
  /** By which policy and day it was judged last; undefined before the first time. */
  #judgedBy: string | undefined;
  /** The judgements take turns, so that a request that is refused has one leaf. */
  #last: Promise<Refusal | undefined> = Promise.resolve(undefined);

  constructor(setting: StandingSetting) {
    this.#setting = setting;
  }

  /** Why the request is answered no more, which is in the log by then; undefined where it is. Once refused, it stays so. */
  check(): Promise<Refusal | undefined> {
    const next = this.#last.then((refusal) => refusal ?? this.#judge());
    // What fails is told to whoever asked, and tried again by the next.
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #judge(): Promise<Refusal | undefined> {
    const { ledger, policies, now, request, requester } = this.#setting;
    const policy = await policies.current();
    const time = now();
    const by = `${Buffer.from(policy.digest).toString('hex')} ${dayOf(time)}`;
    if (by === this.#judgedBy) return undefined;
    const judged = judgeSignatures(policy, request, time);
    if (judged.outcome === 'in_order' && judged.requester.name === requester) {
      this.#judgedBy = by;
      return undefined;
    }
    const refusal: Refusal =
      judged.outcome === 'refused'
        ? judged
        : {
            outcome: 'refused',
            code: 'official_unknown',
            sentence: PROBLEMS.official_unknown.sentence,
            requester: judged.requester.name,
          };
    await appendRefusal(ledger, request, refusal, policy, time);
    return refusal;
  }
}
