import type { Policy } from '../policy/policy.ts';
import { drawBars } from './chart.ts';
import type { Facts } from './facts.ts';
import { markup, type Content } from './markup.ts';
import { count, figure, table } from './page.ts';
import { capUse, useOverTime } from './quota-use.ts';
import { ranking } from './tallies.ts';

/** For so many requesters the use of quotas is drawn: those that asked for the most records. */
const MOST_REQUESTERS_DRAWN = 8;

/** How far the caps of the policy in force were used. */
export function quotas(facts: Facts, policy: Policy | undefined): Content {
  const requesters = policy?.requesters ?? [];
  if (requesters.length === 0) return markup`<p>The policy in force allows nobody to ask.</p> `;
  const ranked = ranking(facts.days, ({ requester }) => requester);
  const drawn = requesters
    .filter(({ name }) => ranked.includes(name))
    .sort((left, right) => ranked.indexOf(left.name) - ranked.indexOf(right.name))
    .slice(0, MOST_REQUESTERS_DRAWN);
  return [
    markup`<p class="note">
      Caps are those of the policy in force when this report was made; an earlier policy may have allowed more
      or less. What is charged in an epoch counts from its beginning, also where that is before the period.
      How much was charged for single investigators is in no entry of the log, so it is not shown.
    </p> `,
    drawn.flatMap((requester) =>
      useOverTime(facts, requester).map(({ cap, limit, categoriesAre, categories, records }) =>
        figure(
          `${requester.name}: records charged, and the ${cap}`,
          drawBars({
            label: `Bars: records charged to ${requester.name}, with a line at the ${cap}, ${count(limit)}. The table below has the highest.`,
            unit: 'records',
            categoriesAre,
            categories,
            series: [{ name: 'records', values: records }],
            cap: { name: `${cap}: ${count(limit)}`, value: limit },
          }),
        ),
      ),
    ),
    table(
      'The most that was charged against each cap',
      [
        { title: 'Requester' },
        { title: 'Cap' },
        { title: 'At most', number: true },
        { title: 'Highest', number: true },
        { title: 'Used', number: true },
        { title: 'When' },
      ],
      requesters
        .flatMap((requester) => capUse(facts, requester))
        .map(({ requester, cap, limit, most, when }) => [
          requester,
          cap,
          count(limit),
          count(most),
          `${Math.floor((100 * most) / limit)}%`,
          when ?? '',
        ]),
    ),
  ];
}
