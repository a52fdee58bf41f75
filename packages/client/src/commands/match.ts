import { copyFileSync, existsSync } from 'node:fs';
import type { ProblemCode } from '@blindmatch/protocol';
import { CommandError, EXIT, readPrivateKey, type Reporter } from '@blindmatch/terminal';
import { explain } from '../explain.ts';
import type { HolderAddress } from '../connect.ts';
import { HolderRefusal } from '../wire.ts';
import { removeRequestDirectory, requestFiles, type RequestDirectory } from '../request-directory.ts';
import { signRequest } from '../request-signing.ts';
import { checkResultsPath, writeResults } from '../results.ts';
import type { SubmitAccount } from '../submit.ts';
import { holderAddress } from './holder-options.ts';
import { fetchEpoch, prepareWithProgress, type RequestOptions } from './prepare.ts';
import { reportOutcome, submitWithProgress } from './submit.ts';

export interface MatchOptions extends RequestOptions {
  readonly key: string;
  readonly out: string;
  readonly cache?: string;
  readonly keep?: boolean;
}

/**
 * `blindmatch match`: prepare, sign and submit in one step. The request lives beside the results until it is done,
 * so that a submission that the network cut off can be finished with `submit`; then its secrets are removed.
 */
export async function match(source: string, options: MatchOptions, reporter: Reporter): Promise<void> {
  const address = holderAddress(options);
  checkResultsPath(options.out);
  const key = readPrivateKey(options.key);
  const path = `${options.out}.request`;
  const files = claimRequest(path, options);
  const receipt = `${options.out}.receipt.json`;
  const epoch = await fetchEpoch(address);
  const prepared = await prepareWithProgress(source, path, epoch, options, reporter);
  try {
    if (prepared.elements === 0) {
      const outcomes = await writeResults(options.out, files.private.records, undefined);
      removeRequestDirectory(files);
      reporter.event(
        'nothing_submitted',
        { rejected: outcomes.rejected, results: options.out },
        `Every record was rejected (${outcomes.rejected}), so nothing was submitted.\nResults: ${options.out}`,
      );
      return;
    }
    signRequest(files, key);
  } catch (error) {
    removeRequestDirectory(files);
    throw error;
  }
  const account = await submitOrKeep(files, address, options, reporter);
  copyFileSync(files.receipt, receipt);
  if (options.keep !== true) removeRequestDirectory(files);
  reportOutcome(account, options.out, receipt, reporter);
}

/** The files of the request of this run; what a run left that was killed before anything was signed is cleared away. */
function claimRequest(path: string, options: MatchOptions): RequestDirectory {
  const files = requestFiles(path);
  if (existsSync(files.manifest)) {
    throw new CommandError(
      'request_under_way',
      `${path} holds a request that is not finished; remove it, or ${goOn(path, options)}`,
    );
  }
  if (existsSync(files.private.path)) removeRequestDirectory(files);
  return files;
}

/** Problems that are the holder's fault, found by what it must prove. */
const distrusted: ReadonlySet<string> = new Set<ProblemCode>([
  'proof_invalid',
  'canary_failed',
  'receipt_invalid',
]);

/** Submits; a request that the holder refused is removed, one that failed for another reason is kept to go on with. */
async function submitOrKeep(
  files: RequestDirectory,
  address: HolderAddress,
  options: MatchOptions,
  reporter: Reporter,
): Promise<SubmitAccount> {
  try {
    return await submitWithProgress(files, address, options, reporter);
  } catch (error) {
    const told = explain(error) ?? error;
    if (!(told instanceof CommandError)) throw error;
    if (error instanceof HolderRefusal && !error.afterAcceptance && told.exit === EXIT.failed) {
      removeRequestDirectory(files);
      throw error;
    }
    // What the holder answered wrongly stays wrong when it is asked again; then the request is evidence.
    const kept = distrusted.has(told.code)
      ? `The request is kept in ${files.path}, for whoever looks into it.`
      : `The request is kept; ${goOn(files.path, options)}`;
    throw new CommandError(told.code, `${told.message} ${kept}`, told.exit, { cause: error });
  }
}

function goOn(path: string, { server, ca, out }: MatchOptions): string {
  const trust = ca === undefined ? '' : ` --ca ${ca}`;
  return `go on with: blindmatch submit ${path} --server ${server}${trust} --out ${out}`;
}
