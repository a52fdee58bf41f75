import { readPublicKey, type Reporter } from '@blindmatch/terminal';
import { openHolderDirectory } from '../holder-directory.ts';
import { allowOfficial } from '../policy/allow-official.ts';

export interface AllowOptions {
  readonly requester: string;
  readonly official: string;
  readonly maxRecords: number;
}

/** `blindmatchd allow`: an official may authorise a requester's requests, up to a number of records each. */
export function allow(path: string, options: AllowOptions, reporter: Reporter): void {
  const directory = openHolderDirectory(path);
  const key = readPublicKey(options.official);
  const { requester, maxRecords } = options;
  const { fingerprint, added } = allowOfficial(directory.policy, { requester, key, maxRecords });
  reporter.event(
    'allowed',
    { requester, official: fingerprint, max_records: maxRecords, added },
    `"${requester}" may ask for up to ${maxRecords} records at once, signed by the official ${fingerprint}.\nA daemon that is running takes this up when it is started again.`,
  );
}
