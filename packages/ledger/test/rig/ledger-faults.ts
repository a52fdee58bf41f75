/** What must be true of a ledger's file whatever happened to the programs that wrote it, checked on the file itself. */

import { emptyRoot, leafHash, nodeHash } from '@blindmatch/merkle';
import { DatabaseSync } from 'node:sqlite';
import type { LimitScope } from '../../src/ledger.ts';
import { openSqliteLedger } from '../../src/sqlite-ledger.ts';
import { acceptedLeaf, hex } from './samples.ts';

/** What programs said before they died. */
export interface Reported {
  /** Ids of requests, in hex, of which elements were evaluated. */
  readonly evaluated: ReadonlySet<string>;
  /** Tree heads that were shown: by size, the root in hex. */
  readonly heads: ReadonlyMap<number, string>;
}

/** By scope, the most that may be charged. */
export type Caps = Readonly<Record<LimitScope, number>>;

/** Every breach, in words; none where all is well. */
export async function ledgerFaults(
  path: string,
  { evaluated, heads }: Reported,
  caps: Caps,
): Promise<string[]> {
  const database = new DatabaseSync(path);
  const rows = (sql: string): Record<string, unknown>[] => database.prepare(sql).all();
  const faults: string[] = [];

  for (const { integrity_check: found } of rows('PRAGMA integrity_check')) {
    if (found !== 'ok') faults.push(`integrity: ${String(found)}`);
  }
  if (rows('PRAGMA foreign_key_check').length > 0) faults.push('a row refers to one that is not there');

  const leaves = rows('SELECT bytes FROM leaf ORDER BY position').map(({ bytes }) => bytes as Uint8Array);
  const logged = new Map<string, number>();
  for (const leaf of leaves) logged.set(hex(leaf), (logged.get(hex(leaf)) ?? 0) + 1);
  const accepted = rows(
    `SELECT request_id, leaf.bytes AS leaf, charge.records AS charged, request.records
     FROM request LEFT JOIN leaf ON leaf.position = accepted_by LEFT JOIN charge ON charge.request = sequence
     WHERE state = 'accepted'`,
  );
  const ids = new Set(accepted.map(({ request_id: id }) => hex(id as Uint8Array)));
  for (const id of evaluated) if (!ids.has(id)) faults.push(`${id} was evaluated and is not accepted`);
  for (const { request_id: id, leaf, charged, records } of accepted) {
    const name = hex(id as Uint8Array);
    const expected = hex(acceptedLeaf(id as Uint8Array));
    if (leaf === null || hex(leaf as Uint8Array) !== expected || logged.get(expected) !== 1)
      faults.push(`${name} is accepted and not in the log once`);
    if (charged !== records) faults.push(`${name} is accepted and not charged once`);
  }
  for (const { n } of rows(
    "SELECT count(*) AS n FROM charge JOIN request ON sequence = request WHERE state <> 'accepted'",
  )) {
    if (n !== 0) faults.push('a request is charged and not accepted');
  }

  for (const [scope, sql] of Object.entries(SUMS)) {
    const sums = rows(sql).map((row) => JSON.stringify(Object.values(row)));
    const kept = rows(
      `SELECT requester, period, subject, records FROM charged WHERE scope = '${scope}' ORDER BY 1, 2, 3`,
    );
    if (JSON.stringify(sums) !== JSON.stringify(kept.map((row) => JSON.stringify(Object.values(row)))))
      faults.push(`what is charged over ${scope} is not the sum of the charges`);
    for (const { requester, records } of kept) {
      if (Number(records) > caps[scope as LimitScope])
        faults.push(`${String(requester)} is charged ${String(records)} over ${scope}`);
    }
  }
  database.close();

  const roots = rootsOf(leaves).map(hex);
  for (const [size, root] of heads) {
    if (roots[size] !== root)
      faults.push(`the log does not begin with the ${size} leaves of a head that was shown`);
  }
  const ledger = openSqliteLedger(path);
  const head = await ledger.log.head().catch(() => undefined);
  if (head?.size !== leaves.length || hex(head.root) !== roots.at(-1))
    faults.push('the tree is not over the leaves');
  await ledger.close();
  return faults;
}

/** The sums that `charged` has to hold, taken from the charges. */
const SUMS: Record<LimitScope, string> = {
  day: "SELECT requester, day, '', sum(records) FROM charge GROUP BY 1, 2 ORDER BY 1, 2",
  epoch:
    "SELECT requester, CAST(epoch AS TEXT) AS period, '', sum(records) FROM charge GROUP BY 1, 2 ORDER BY 1, 2",
  statute_day: 'SELECT requester, day, statute, sum(records) FROM charge GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
  statute_epoch: `SELECT requester, CAST(epoch AS TEXT) AS period, statute, sum(records) FROM charge
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  investigator_epoch: `SELECT requester, CAST(epoch AS TEXT) AS period, investigator, sum(share.records)
    FROM share JOIN charge USING (request) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
};

/** The root of every size: perfect subtrees are joined as a binary counter carries (RFC 6962 section 2.1). */
export function rootsOf(leaves: readonly Uint8Array[]): Uint8Array[] {
  const roots = [emptyRoot()];
  const subtrees: { readonly size: number; readonly hash: Uint8Array }[] = [];
  for (const leaf of leaves) {
    let last = { size: 1, hash: leafHash(leaf) };
    while (subtrees.at(-1)?.size === last.size)
      last = { size: last.size * 2, hash: nodeHash(subtrees.pop()!.hash, last.hash) };
    subtrees.push(last);
    roots.push(subtrees.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right)));
  }
  return roots;
}
