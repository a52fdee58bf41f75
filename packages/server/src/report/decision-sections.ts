import { drawBars, MAX_LYING } from './chart.ts';
import type { Facts } from './facts.ts';
import { markup, type Content } from './markup.ts';
import { keyText, type KeyNames } from './names.ts';
import { count, figure, table } from './page.ts';
import { RECORDS, REQUESTS, sumOf } from './tallies.ts';

/** What was accepted, and what was refused and why. */
export function decisions(facts: Facts): Content {
  const accepted = sumOf(facts.days).requests;
  const byCode = [...Map.groupBy(facts.refusals, ({ code }) => code)]
    .map(([code, rows]) => ({ name: `refused: ${code}`, requests: sumOf(rows).requests }))
    .sort((left, right) => right.requests - left.requests);
  // A denial stands in the log as what somebody decided, and not once more as a refusal.
  const denied = facts.waits.reduce((sum, row) => sum + row.denied, 0);
  const denials = denied === 0 ? [] : [{ name: 'denied by an approver', requests: denied }];
  if (accepted + denied + facts.unidentified === 0 && byCode.length === 0) {
    return markup`<p>Nothing was decided in this period.</p> `;
  }
  // Those that were only counted stay out of the picture: strangers, who can send any number, would decide its scale.
  const drawn = [{ name: 'accepted', requests: accepted }, ...denials, ...byCode].slice(0, MAX_LYING);
  return [
    figure(
      'Decisions about requests, by outcome and problem code',
      drawBars({
        label:
          'Bars: requests that were accepted or denied, and refusals by problem code. The tables have the same figures.',
        unit: 'requests',
        categoriesAre: 'outcome',
        categories: drawn.map(({ name }) => name),
        series: [{ name: 'requests', values: drawn.map(({ requests }) => requests) }],
        lying: true,
      }),
    ),
    table(
      'Refusals, by problem code and requester',
      [{ title: 'Problem code' }, { title: 'Requester' }, REQUESTS, RECORDS],
      [...facts.refusals]
        .sort((left, right) =>
          left.code < right.code ? -1 : left.code > right.code ? 1 : right.requests - left.requests,
        )
        .map(({ code, requester, requests, records }) => [
          code,
          requester ?? 'not identified',
          count(requests),
          // What a stranger writes there means nothing.
          requester === null ? 'not summed' : count(records),
        ]),
    ),
    facts.unidentified === 0
      ? ''
      : markup`<p>
          Beside these, ${count(facts.unidentified)} requests without an allowed official's signature were
          refused and only counted, hour by hour.
        </p> `,
    markup`<p class="note">
      A request that is sent again is refused again, so one request may stand here several times. Denials are in the next section.
    </p> `,
  ];
}

/** What became of requests that somebody had to approve, and who decided. */
export function waits(facts: Facts, names: KeyNames): Content {
  return [
    facts.waits.length === 0 ? markup`<p>No request waited for anybody's decision.</p> ` : waitTable(facts),
    facts.approvers.length === 0 ? '' : approverTable(facts, names),
  ];
}

function waitTable(facts: Facts): Content {
  return table(
    'Requests that waited, by requester',
    [
      { title: 'Requester' },
      { title: 'New', number: true },
      { title: 'Approved', number: true },
      { title: 'Denied', number: true },
      { title: 'Expired', number: true },
      { title: 'Waiting at the end', number: true },
    ],
    facts.waits.map(({ requester, suspended, approved, denied, expired, waiting }) => [
      requester,
      ...[suspended, approved, denied, expired, waiting].map(count),
    ]),
  );
}

function approverTable(facts: Facts, names: KeyNames): Content {
  return table(
    'Decisions, by approver',
    [
      { title: 'Approver' },
      { title: 'Approved', number: true },
      { title: 'Denied', number: true },
      { title: 'Accountings waived', number: true },
    ],
    facts.approvers.map(({ approver, approved, denied, waived }) => [
      keyText(approver, names),
      ...[approved, denied, waived].map(count),
    ]),
  );
}

/** Whose signatures counted. */
export function signers({ signers: rows }: Facts, names: KeyNames): Content {
  if (rows.length === 0) return markup`<p>Nobody's signature was needed.</p> `;
  return table(
    'Officials and certifiers whose signatures counted',
    [{ title: 'Key' }, { title: 'Role' }, { title: 'Requester' }, REQUESTS, RECORDS],
    rows.map(({ key, role, requester, requests, records }) => [
      keyText(key, names),
      role,
      requester,
      count(requests),
      count(records),
    ]),
  );
}

/** What was finished, and which accountings came or were waived. */
export function completions({ completions: rows }: Facts): Content {
  if (rows.length === 0)
    return markup`<p>No receipt was given and no accounting was received or waived in this period.</p> `;
  return table(
    'Requests that were finished, and sealed accountings that were received or waived',
    [
      { title: 'Requester' },
      { title: 'Finished', number: true },
      { title: 'Accountings', number: true },
      { title: 'Waived', number: true },
    ],
    rows.map(({ requester, finished, accounted, waived }) => [
      requester,
      ...[finished, accounted, waived].map(count),
    ]),
  );
}
