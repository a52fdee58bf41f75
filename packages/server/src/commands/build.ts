import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import { DEFAULT_PROFILE, parseColumnMap } from '@blindmatch/records';
import { readTextFile, tellEngine, type Reporter } from '@blindmatch/terminal';
import { accountLines, rejectedPeople, reportCounts } from './build-report.ts';
import { openHolderDirectory } from '../holder-directory.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { buildEpoch, type BuildAccount } from '../set-build.ts';
import { identifySource } from '../source-file.ts';

export interface BuildOptions {
  readonly source: string;
  readonly columns?: string;
  readonly workers?: number;
}

/** `blindmatchd build`: the token set of a new epoch, from a CSV file of the people on file. */
export async function build(path: string, options: BuildOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const directory = openHolderDirectory(path);
  const policy = readPolicy(directory.policy);
  const columns = options.columns === undefined ? undefined : parseColumnMap(readTextFile(options.columns));
  const source = await identifySource(options.source);
  const progress = reporter.progress('Building the token set', source.rows);
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  try {
    const account = await buildEpoch({
      directory,
      policy,
      profile: DEFAULT_PROFILE,
      source,
      ...(columns === undefined ? {} : { columns }),
      oprf,
      now: () => new Date(),
      onProgress: (rows) => {
        progress.update(rows);
      },
    });
    progress.end();
    report(account, reporter);
  } finally {
    progress.end();
    await oprf.close();
  }
}

function report(account: BuildAccount, reporter: Reporter): void {
  const { epoch, people, tiers, ambiguous, resumedRows, tokenSet } = account;
  reportCounts(epoch, account, reporter);
  const rejected = rejectedPeople(account);
  const keys = tiers.reduce((sum, { match_keys }) => sum + match_keys, 0);
  reporter.event(
    'built',
    {
      epoch,
      people,
      rejected,
      match_keys: keys,
      ambiguous,
      resumed_rows: resumedRows,
      tokens: tokenSet.tokens,
      duplicates: tokenSet.duplicates,
      bits: tokenSet.header.bits,
      bytes: tokenSet.length,
      digest: `sha256:${Buffer.from(tokenSet.digest).toString('hex')}`,
    },
    [
      `Epoch ${epoch} is built: ${people} people on file, ${keys} match keys, ${tokenSet.tokens} tokens of ${tokenSet.header.bits} bits, ${tokenSet.length} bytes.`,
      ...accountLines(account),
      ...(resumedRows > 0 ? [`The first ${resumedRows} rows had been done by an earlier build.`] : []),
      ...(rejected > 0
        ? [`${rejected} people give no match key and can't be found; blindmatchd check says what to mend.`]
        : []),
    ],
  );
}
