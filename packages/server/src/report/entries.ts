import type { LeafOf, LogLeaf } from '@blindmatch/protocol';
import { markup, type Content, type Markup } from './markup.ts';
import { keyText, shortDigest, type KeyNames } from './names.ts';
import { count, tableHead, tableRow, type Column } from './page.ts';

const COLUMNS: readonly Column[] = [
  { title: 'Entry', number: true },
  { title: 'Time (UTC)' },
  { title: 'What' },
  { title: 'Requester' },
  { title: 'Records', number: true },
  { title: 'Elements', number: true },
  { title: 'Request' },
];

/** The beginning of the table of entries; its rows are written one by one, as many as there are. */
export function beginEntries(): Markup {
  return markup`<table class="entries">
<caption>Every entry of the log in this period</caption>
${tableHead(COLUMNS)}
<tbody>
`;
}

/** The end of the table of entries. */
export function endEntries(): Markup {
  return markup`</tbody>
</table>
`;
}

/** The row of one leaf. */
export function entryRow(index: number, leaf: LogLeaf, names: KeyNames): Markup {
  const asked = 'records' in leaf ? [count(leaf.records), count(leaf.elements)] : ['', ''];
  const requester = 'requester' in leaf ? (leaf.requester ?? 'not identified') : '';
  const request = 'request' in leaf ? shortDigest(leaf.request) : '';
  const time = markup`<span class="when">${leaf.time.slice(0, 10)}</span> ${leaf.time.slice(11, 19)}`;
  return tableRow(COLUMNS, [String(index), time, whatHappened(leaf, names), requester, ...asked, request]);
}

const DECISIONS: Readonly<Record<LeafOf<'approval'>['decision'], string>> = {
  approved: 'Approved',
  denied: 'Denied',
  accounting_waived: 'Accounting waived',
};

function whatHappened(leaf: LogLeaf, names: KeyNames): Content {
  switch (leaf.type) {
    case 'epoch':
      return markup`Epoch ${leaf.epoch} is served: ${shortDigest(leaf.epoch_id)}`;
    case 'policy':
      return markup`Policy put in force: ${shortDigest(leaf.policy)}`;
    case 'accepted': {
      const signers = [...leaf.officials, ...leaf.certifiers].map((key, at) => [
        at === 0 ? '' : ', ',
        keyText(key, names),
      ]);
      const purpose = leaf.purpose === null ? '' : markup`; purpose: ${leaf.purpose}`;
      const approval = leaf.approval === null ? '' : markup`; approval ${shortDigest(leaf.approval)}`;
      const investigators = leaf.investigators === 0 ? '' : markup`; investigators: ${leaf.investigators}`;
      const statute = leaf.statute ?? 'a statute that the policy does not list';
      return markup`Accepted under ${statute}${purpose}${investigators}; signed by ${signers}${approval};
      policy ${shortDigest(leaf.policy)}`;
    }
    case 'pending':
      return 'Waits for an approval';
    case 'approval':
      return markup`${DECISIONS[leaf.decision]} by ${keyText(leaf.approver, names)}:
      ${shortDigest(leaf.approval)}`;
    case 'refused':
      return markup`Refused: ${leaf.code}`;
    case 'unidentified':
      return markup`${count(leaf.requests)} more requests without an allowed signature were refused in the hour
      from ${leaf.hour.slice(0, 16).replace('T', ' ')}`;
    case 'finished':
      return 'Finished: the receipt was given';
    case 'accounting':
      return markup`Sealed accounting received: ${shortDigest(leaf.accounting)}, ${count(leaf.bytes)} bytes`;
  }
}
