import { readFileSync } from 'node:fs';
import { TIERS, type AccountOfRecords } from '@blindmatch/records';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';

const count = z.int().min(0);

const accountFile = z.strictObject({
  people: count,
  tiers: z.array(z.strictObject({ tier: z.enum(TIERS), people: count, match_keys: count })),
  rejected: z.array(z.strictObject({ code: z.string().regex(/^[a-z_]{1,64}$/), people: count })),
  ambiguous: count,
});

/** What an epoch was built from, in counts only; the holder's own, no requester sees it. */
export interface KeptAccount {
  /** Rows of the source. */
  readonly people: number;
  /** For every tier, the people who can be found in it and their match keys. */
  readonly tiers: readonly { readonly tier: string; readonly people: number; readonly match_keys: number }[];
  /** Rows that gave no match key, by the reason's code. */
  readonly rejected: readonly { readonly code: string; readonly people: number }[];
  /** Match keys that were left out because they belong to more than one person. */
  readonly ambiguous: number;
}

/** The counts of a build. */
export function accountOf(records: AccountOfRecords, ambiguous: number): KeptAccount {
  return {
    people: records.records,
    tiers: records.tiers.map(({ tier, records: people, keys }) => ({ tier, people, match_keys: keys })),
    rejected: records.rejections.map(({ code, records: people }) => ({ code, people })),
    ambiguous,
  };
}

/** Keeps the counts beside the epoch, for `inspect`. */
export function keepAccount(path: string, account: KeptAccount): void {
  replaceFile(path, `${JSON.stringify(account)}\n`);
}

/** The counts kept at `path`; undefined where there are none or they are damaged, since nothing depends on them. */
export function readAccount(path: string): KeptAccount | undefined {
  try {
    return accountFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
