/** What a policy asks for that nobody can give today: the keys are listed, and revoked or outside their days. */

import type { Reporter } from '@blindmatch/terminal';
import { standingOf } from '../../policy/key-validity.ts';
import type { Policy, SigningKey } from '../../policy/policy.ts';
import { CERTIFIER_ROLE } from '../../policy/signature-rule.ts';

/** Warns of rules that refuse every request, or let it wait in vain, until a key may sign again. */
export function noticeUnmetRules(
  { requesters, certifiers, approval, approvers }: Policy,
  now: Date,
  reporter: Reporter,
): void {
  const signing = (keys: readonly SigningKey[]): number =>
    keys.filter((key) => standingOf(key, now) === 'valid').length;
  for (const { name, requiredSignatures, officials } of requesters) {
    for (const { count, role } of requiredSignatures) {
      const able = signing(
        role === CERTIFIER_ROLE ? certifiers : officials.filter((official) => official.role === role),
      );
      if (able >= count) continue;
      reporter.notice(
        'rule_unmet',
        `Nobody can meet required_signatures of "${name}" today: it asks for ${count} of role ${role}, and ${able === 0 ? 'none' : able} of that role may sign today, since the others are revoked or outside their days; every request is refused until that is changed.`,
        { requester: name, role, required: count, able },
      );
    }
  }
  if (approval === 'human' && signing(approvers) === 0) {
    reporter.notice(
      'approver_missing',
      'approval is human and no approver may sign today, since all are revoked or outside their days; every request waits until that is changed.',
    );
  }
}
