import { APPROVAL_REASON_MAX, digestText, fingerprint, isLine, type Approval } from '@blindmatch/protocol';
import {
  CommandError,
  confirm,
  EXIT,
  readPrivateKey,
  readPublicKey,
  type Reporter,
} from '@blindmatch/terminal';
import { PolicyInForce } from '../../policy-in-force.ts';
import type { Approver, Policy } from '../../policy/policy.ts';
import { openRemembered, type RememberedRequest } from '../../remembered-request.ts';
import {
  approverWith,
  requireApprovable,
  requireOwed,
  requireWaiting,
  signDecision,
  type DecisionSetting,
} from '../../requests-approval.ts';
import { findRequest } from '../../requests-lookup.ts';
import { withLedger } from '../with-ledger.ts';
import { describeRequest } from './show.ts';

export interface DecideOptions {
  /** The approver's private key, PEM. */
  readonly key: string;
  readonly reason?: string;
  readonly yes?: boolean;
}

/** What is said of each decision. */
const WORDS = {
  approved: {
    does: 'approves it',
    done: "is approved; it is answered when the requester's program asks again.",
    not: 'Nothing was approved.',
    told: 'The reason, which is kept with it',
  },
  denied: {
    does: 'denies it',
    done: "is denied; the requester's program is told so, with the reason, when it asks again.",
    not: 'Nothing was denied.',
    told: 'The reason, which the requester is told',
  },
  accounting_waived: {
    does: 'waives its accounting',
    done: 'owes no accounting any more; its requester is refused nothing for want of it.',
    not: 'Nothing was waived.',
    told: 'The reason, which is kept with it',
  },
} as const;

/** What a request has to be for each decision. */
const REQUIREMENTS: Readonly<
  Record<Approval['decision'], (request: RememberedRequest, setting: DecisionSetting) => void>
> = { approved: requireApprovable, denied: requireWaiting, accounting_waived: requireOwed };

/**
 * `blindmatchd requests approve|deny|waive`: an approver's signed yes or no to a request that waits, or waiver of the
 * accounting that an accepted one owes. What is decided is shown and asked about first.
 */
export async function decide(
  decision: Approval['decision'],
  path: string,
  prefix: string,
  options: DecideOptions,
  reporter: Reporter,
): Promise<void> {
  const reason = parseReason(options.reason);
  await withLedger(path, async (ledger, directory) => {
    const policies = new PolicyInForce(ledger);
    const policy = await policies.current();
    const key = readPrivateKey(options.key);
    // One parsed manifest: what is shown is what is signed, even if the ledger is changed while it is looked at.
    const found = openRemembered(await findRequest(ledger, prefix));
    const requireDecidable = (by: Policy, now: Date): Approver => {
      const approver = approverWith(key, by, now);
      REQUIREMENTS[decision](found, { approver, policy: by, now });
      return approver;
    };
    const approver = requireDecidable(policy, new Date());
    await describeRequest(found, ledger, policy, reporter);
    const { does, done, not, told } = WORDS[decision];
    reporter.event(
      'deciding',
      { decision, approver: approver.fingerprint, approver_name: approver.name, reason },
      [`With this signature ${approver.name} ${does}.${reason === null ? '' : ` ${told}: ${reason}`}`],
    );
    const question = `Sign it as ${approver.name}?`;
    await confirm({ question, refused: not, yes: options.yes === true });
    // The answer may have taken its time, and the key may have been revoked meanwhile.
    const now = new Date();
    const inForce = await policies.current();
    requireDecidable(inForce, now);
    const request = found.open;
    const holder = fingerprint(readPublicKey(directory.publicIdentity));
    const approval = await signDecision(ledger, {
      ...{ request, decision, reason, key },
      ...{ policy: inForce, holder, now },
    });
    const id = digestText(request.requestId);
    reporter.event(
      'decided',
      { request: id, decision, approver: approver.fingerprint, approval },
      `The request ${id} ${done}`,
    );
  });
}

function parseReason(text: string | undefined): string | null {
  if (text === undefined) return null;
  const reason = text.trim();
  if (isLine(reason, APPROVAL_REASON_MAX)) return reason;
  throw new CommandError(
    'reason_invalid',
    `A reason is one printable line of at most ${APPROVAL_REASON_MAX} bytes; give such a one with --reason.`,
    EXIT.usage,
  );
}
