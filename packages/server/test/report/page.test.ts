import {
  encodeLeaf,
  fingerprint,
  generateSigningKey,
  publicKeyToSpki,
  signCheckpoint,
  type LogLeaf,
} from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { newPolicyText } from '../../src/policy/new-policy.ts';
import { parsePolicy } from '../../src/policy/read-policy.ts';
import { escapeHtml, markup } from '../../src/report/markup.ts';
import type { Period } from '../../src/report/period.ts';
import { writeReport } from '../../src/report/write-report.ts';
import {
  accepted,
  accounting,
  approval,
  digest,
  epoch,
  finished,
  pending,
  policy,
  refused,
  requesterIn,
  stored,
  YEAR,
} from './leaves.ts';

const identity = generateSigningKey().privateKey;
const official = generateSigningKey().publicKey;
const HOSTILE = `</text><script>alert("x")</script>' onload='y' & \u202egnitseuqer`;

const POLICY = parsePolicy(
  newPolicyText('Tax Agency', 8192).replace(
    'requesters: []',
    `requesters:
  - name: Requesting Agency
    required_signatures: 1 of role official
    caps: {records_per_request: 100, records_per_day: 150, records_per_epoch: 1000}
    officials:
      - {name: A. Official, public_key: ${Buffer.from(publicKeyToSpki(official)).toString('base64')}}`,
  ),
);

const EVERYTHING: LogLeaf[] = [
  policy('policy', '2026-01-02'),
  epoch(1, '2026-01-03'),
  accepted('a', '2026-02-14', 60, { officials: [fingerprint(official)], purpose: 'an investigation' }),
  accepted('b', '2026-02-14', 15),
  finished('a', '2026-02-14'),
  accounting('a', '2026-02-15'),
  finished('b', '2026-02-14'),
  approval('b', '2026-02-27', 'accounting_waived'),
  pending('c', '2026-03-16'),
  approval('c', '2026-03-17', 'denied'),
  refused('c', '2026-03-18', 'approval_denied'),
  refused('s', '2026-04-19', 'official_unknown', null),
  {
    type: 'unidentified',
    ...{ time: '2026-04-19T13:00:00.000Z', hour: '2026-04-19T12:00:00.000Z', requests: 12 },
  },
];

async function pageOf(
  leaves: readonly LogLeaf[],
  { period = YEAR, suppressBelow }: { period?: Period; suppressBelow?: number } = {},
): Promise<string> {
  let page = '';
  await writeReport(
    {
      checkpoint: signCheckpoint({ size: leaves.length, root: new Uint8Array(32).fill(7) }, identity),
      leaves: () => stored(leaves),
      requesterOf: requesterIn(leaves),
    },
    {
      ...{ period, policy: POLICY, fingerprint: fingerprint(identity) },
      ...{ madeAt: new Date('2026-11-22T00:00:00Z'), suppressBelow },
    },
    (html) => {
      page += html;
    },
  );
  return page;
}

/** The text that a reader sees, with single spaces. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
const short = (word: string): string => digest(word).slice(7, 23);

describe('a report', () => {
  it('may load nothing and run nothing', async () => {
    for (const page of [await pageOf(EVERYTHING), await pageOf(EVERYTHING, { suppressBelow: 10 })]) {
      expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
      expect(page).not.toMatch(
        /<script|<link|<img|<iframe|<object|\son[a-z]+=|javascript:|@import|url\((?!#)/i,
      );
      expect(page.match(/\b(?:href|src|xlink:href)="(?!#)[^"]*"/g)).toBeNull();
    }
  });

  it.each<[string, Period, RegExp | undefined]>([
    ['has not ended', YEAR, /The period ends only with 2026-12-31; /],
    ['ends today', { from: '2026-11-01', to: '2026-11-22' }, /The period ends only with 2026-11-22; /],
    ['has not begun', { from: '2027-01-01', to: '2027-12-31' }, /The period begins only on 2027-01-01, /],
    ['has ended', { from: '2026-01-01', to: '2026-11-21' }, undefined],
  ])('says of a period that %s whether more is to come', async (_, period, sentence) => {
    for (const suppressBelow of [undefined, 10]) {
      const page = textOf(
        await pageOf(EVERYTHING, { period, ...(suppressBelow === undefined ? {} : { suppressBelow }) }),
      );
      if (sentence === undefined) expect(page).not.toContain('The period ');
      else expect(page).toMatch(sentence);
    }
  });

  it('for publication claims what whoever kept a checkpoint can notice', async () => {
    expect(textOf(await pageOf(EVERYTHING, { suppressBelow: 10 }))).toContain(
      'without being noticed by whoever kept an earlier checkpoint',
    );
  });

  it('says in words beside every chart what it shows', async () => {
    const page = await pageOf(EVERYTHING);
    const charts = page.match(/<svg /g) ?? [];
    expect(charts.length).toBeGreaterThanOrEqual(5);
    expect(page.match(/role="img" aria-label="[^"]{20,}"/g)).toHaveLength(charts.length);
  });

  it('says of requests under a statute that the policy does not list that it does not, in both versions', async () => {
    const leaves = [accepted('a', '2026-02-14', 60, { statute: null, purpose: null })];
    const page = textOf(await pageOf(leaves));
    expect(page).toContain('not listed by the policy');
    expect(page).toContain('a statute that the policy does not list');
    expect(page).not.toContain('null');
    expect(textOf(await pageOf(leaves, { suppressBelow: 10 }))).toContain('other statutes');
  });

  it('shows no count that a stranger wrote', async () => {
    const lie = {
      ...refused('a', '2026-02-14', 'elements_over_cap', null),
      records: Number.MAX_SAFE_INTEGER,
    };
    expect(textOf(await pageOf([lie]))).toMatch(/elements_over_cap not identified 1 not summed/);
  });

  it('writes names and statutes of other people as text only, in tables and charts', async () => {
    const leaves = [
      accepted('a', '2026-02-14', 60, { requester: HOSTILE, statute: HOSTILE, purpose: HOSTILE }),
      accepted('b', '2026-02-14', 60),
      refused('c', '2026-02-14', 'quota_exceeded', HOSTILE),
      pending('d', '2026-02-14', HOSTILE),
    ].map((leaf): LogLeaf => leaf);
    // The log takes no such name (format characters are no printable line), so that the page is the second to stop it.
    expect(() => leaves.map(encodeLeaf)).toThrow();
    const printable = JSON.parse(JSON.stringify(leaves).replaceAll('\u202e', '')) as LogLeaf[];
    for (const suppressBelow of [undefined, 10]) {
      const page = await pageOf(printable, suppressBelow === undefined ? {} : { suppressBelow });
      expect(page).not.toContain('<script');
      expect(page).not.toMatch(/<[^>]*\sonload=/);
      expect(page).not.toContain('</text><');
      expect(page).toContain('&lt;script&gt;');
    }
  });

  it('tells every entry of the period, with the requests and the keys', async () => {
    const text = textOf(await pageOf(EVERYTHING));
    for (const words of [
      'Accepted under',
      'Waits for an approval',
      'Denied by',
      'Accounting waived by',
      'Refused: official_unknown',
    ]) {
      expect(text).toContain(words);
    }
    expect(text).toContain('A. Official');
    expect(text).toContain('denied by an approver');
    for (const request of ['a', 'b', 'c', 's']) expect(text).toContain(short(request));
  });

  it('compares what was charged with the caps in force', async () => {
    const text = textOf(await pageOf(EVERYTHING));
    expect(text).toContain('records a day 150 75 50% 2026-02-14');
    expect(text).toContain('records an epoch 1,000 75 7% epoch 1');
    expect(text).toContain('records a request 100 60 60% 2026-02-14');
  });

  it('carries the signed checkpoint of the log that it was made from', async () => {
    const page = await pageOf(EVERYTHING);
    expect(page).toContain(`Size: ${EVERYTHING.length}`);
    expect(page).toContain('07'.repeat(32));
    expect(page).toContain(`blindmatch.v1/log/${fingerprint(identity).slice(7)}`);
  });

  it('says of an empty period that nothing happened, without an empty chart or table', async () => {
    for (const suppressBelow of [undefined, 10]) {
      const page = await pageOf(EVERYTHING, {
        period: { from: '2020-01-01', to: '2020-03-31' },
        ...(suppressBelow === undefined ? {} : { suppressBelow }),
      });
      expect(textOf(page)).toContain('No request was answered in this period.');
      expect(page).not.toContain('<svg');
      expect(page).not.toContain('<tbody>\n</tbody>');
    }
  });

  it('draws days for a short period and months for a long one', async () => {
    const month = { from: '2026-02-01', to: '2026-02-28' };
    expect(textOf(await pageOf(EVERYTHING, { period: month }))).toContain('by day (UTC) and requester');
    expect(textOf(await pageOf(EVERYTHING))).toContain('by month and requester');
  });
});

describe('a report for publication', () => {
  it('names no request, no key, no size of the log and no time finer than a month', async () => {
    const page = await pageOf(EVERYTHING, { suppressBelow: 10 });
    const inFull = await pageOf(EVERYTHING);
    const digests = ['a', 'b', 'c', 's', 'official', 'approver', 'denied c', 'sealed'].map(short);
    for (const told of [...digests, fingerprint(official).slice(7, 23), 'A. Official', 'Size:']) {
      expect(page).not.toContain(told);
    }
    expect(inFull).toContain('2026-02-14');
    expect(
      page
        .match(/2026-\d\d-\d\d/g)
        ?.filter((day) => !['2026-01-01', '2026-12-31', '2026-11-22'].includes(day)) ?? [],
    ).toEqual([]);
    expect(page).not.toMatch(/\d\d:\d\d:\d\d/);
  });

  it('has counts below the threshold as such, in words', async () => {
    const text = textOf(await pageOf(EVERYTHING, { suppressBelow: 10 }));
    expect(text).toContain('Requests answered fewer than 10');
    expect(text).toContain('denied fewer than 10');
  });
});

describe('markup', () => {
  it('escapes everything but markup, in elements and quoted attributes', () => {
    expect(markup`<p title="${`"'`}">${'<&>'}${[markup`<b>`, 1]}</p>`.html).toBe(
      '<p title="&quot;&#39;">&lt;&amp;&gt;<b>1</p>',
    );
  });

  it('writes out what can not be seen and could turn text around', () => {
    expect(escapeHtml('a\u202eb\u0000')).toBe('a\\u202eb\\u0000');
  });
});
