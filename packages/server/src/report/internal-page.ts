import type { Checkpoint } from '@blindmatch/protocol';
import type { Policy } from '../policy/policy.ts';
import { asked } from './asked-section.ts';
import { completions, decisions, signers, waits } from './decision-sections.ts';
import type { Facts } from './facts.ts';
import { markup, type Content, type Markup } from './markup.ts';
import { keyNames } from './names.ts';
import { beginPage, count, keyFigures, section, table, type Heading } from './page.ts';
import { quotas } from './quota-section.ts';
import { sumOf } from './tallies.ts';

/** What the full version is made of. */
export interface InternalReport {
  readonly heading: Heading;
  readonly fingerprint: string;
  readonly facts: Facts;
  /** The policy in force when it was made; undefined where there is none. */
  readonly policy: Policy | undefined;
  readonly checkpoint: Checkpoint;
}

/** The full version up to the table of entries, which is as long as the log and is written row by row after it. */
export function internalPage(report: InternalReport): string {
  const { heading, facts, policy } = report;
  const names = keyNames(policy);
  return [
    beginPage(heading),
    markup`<p>
      For those who run and oversee the holder: it names requests and keys. Everything in it is counted from
      the holder's log, which holds no name, no address and no match of anybody who was asked about.
    </p> `,
    figures(facts),
    section('What was asked and answered', asked(facts)),
    section('Decisions', decisions(facts)),
    section('Requests that waited for an approval', waits(facts, names)),
    section('Use of quotas', quotas(facts, policy)),
    section('Who signed', signers(facts, names)),
    section('Receipts and accountings', completions(facts)),
    section('Policies and epochs', changes(facts, policy)),
    check(report),
  ]
    .map(({ html: text }) => text)
    .join('');
}

function figures(facts: Facts): Markup {
  const answered = sumOf(facts.days);
  const refused = sumOf(facts.refusals);
  return keyFigures([
    ['Requests answered', count(answered.requests)],
    ['Records asked about', count(answered.records)],
    ['Elements evaluated', count(answered.elements)],
    ['Refusals', count(refused.requests + facts.unidentified)],
    ['Waiting at the end', count(facts.waits.reduce((sum, { waiting }) => sum + waiting, 0))],
    ['Entries of the log', count(facts.entries)],
  ]);
}

function changes({ policies, policyBefore, epochs }: Facts, policy: Policy | undefined): Content {
  const inForce = policy === undefined ? undefined : `sha256:${Buffer.from(policy.digest).toString('hex')}`;
  const rows = [
    ...(policyBefore === undefined ? [] : [{ time: '', what: 'Policy, since before', digest: policyBefore }]),
    ...policies.map((entry) => ({ time: entry.time, what: 'Policy', digest: entry.policy })),
    ...epochs.map(({ time, epoch, epoch_id: id }) => ({ time, what: `Epoch ${epoch}`, digest: id })),
  ].sort((left, right) => (left.time < right.time ? -1 : left.time > right.time ? 1 : 0));
  return [
    rows.length === 0 ? markup`<p>Neither a policy nor an epoch was put in force.</p> ` : '',
    table(
      'What was put in force',
      [{ title: 'Time (UTC)' }, { title: 'What' }, { title: 'SHA-256' }],
      rows.map(({ time, what, digest }) => [
        time === '' ? '' : `${time.slice(0, 10)} ${time.slice(11, 19)}`,
        what,
        markup`<code>${digest}</code>`,
      ]),
    ),
    inForce === undefined ? '' : markup`<p>In force when this report was made: <code>${inForce}</code></p> `,
  ];
}

function check({ checkpoint, fingerprint, facts }: InternalReport): Markup {
  return section(
    'How to check this report',
    markup`<p>
        It was made from the ${count(checkpoint.size)} entries of the log below this checkpoint, which the
        holder has signed with the key of the fingerprint <code>${fingerprint}</code>. ${count(facts.entries)}
        of them lie in the period. Whoever has an earlier checkpoint or a receipt can ask for a proof that
        this log continues it; <code>blindmatchd log export</code> gives the entries, from which the root can
        be computed again, and <code>blindmatchd log verify</code> does it.
      </p>
      <p>Size: ${checkpoint.size}<br />Root: <code>${Buffer.from(checkpoint.root).toString('hex')}</code></p>
      <pre>${checkpoint.note}</pre> `,
  );
}
