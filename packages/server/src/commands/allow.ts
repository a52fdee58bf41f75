import { quoted, readPublicKey, type Reporter } from '@blindmatch/terminal';
import { openHolderDirectory } from '../holder-directory.ts';
import { allowOfficial } from '../policy/allow-official.ts';

export interface AllowOptions {
  readonly requester: string;
  readonly official: string;
  readonly maxRecords: number;
  /** `official` unless given. */
  readonly role?: string;
  /** What people know the official by. */
  readonly officialName?: string;
}

/** `blindmatchd allow`: an official may authorise a requester's requests, up to a number of records each. */
export function allow(path: string, options: AllowOptions, reporter: Reporter): void {
  const directory = openHolderDirectory(path);
  const key = readPublicKey(options.official);
  const { requester, maxRecords, role: asked, officialName: name } = options;
  const { fingerprint, added, role } = allowOfficial(directory.policy, {
    ...{ requester, key, maxRecords },
    ...(name === undefined ? {} : { name }),
    ...(asked === undefined ? {} : { role: asked }),
  });
  const who = name === undefined ? `the ${role} ${fingerprint}` : `${name}, ${role} (${fingerprint})`;
  reporter.event(
    'allowed',
    { requester, official: fingerprint, official_name: name ?? null, role, max_records: maxRecords, added },
    `"${requester}" may ask for up to ${maxRecords} records at once, signed by ${who}.\nThis is in holder.yaml; put it in force with: blindmatchd policy reload ${quoted(path)}`,
  );
}
