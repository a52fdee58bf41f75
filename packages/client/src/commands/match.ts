import type { KeyObject } from 'node:crypto';
import { copyFileSync, existsSync } from 'node:fs';
import { loadEngine } from '@blindmatch/oprf';
import type { ProblemCode } from '@blindmatch/protocol';
import {
  CommandError,
  EXIT,
  quoted,
  readPrivateKey,
  tellEngine,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';
import { accountingFiles, insistOnInspector } from '../accounting-files.ts';
import { insistOnReaders } from '../evidence-readers.ts';
import { explain } from '../explain.ts';
import type { HolderAddress } from '../connect.ts';
import { HolderRefusal } from '../wire.ts';
import {
  claimRequestDirectory,
  clearDoneRequest,
  removeRequestDirectory,
  requestFiles,
  setDoneRequestAside,
  type ClaimedRequest,
} from '../request-directory.ts';
import { readSeed } from '../request-seed.ts';
import { signRequest } from '../request-signing.ts';
import { writeResults } from '../results.ts';
import { checkResultsPath, setReceiptAside } from '../results-path.ts';
import { readStoredRequest } from '../stored-request.ts';
import type { SubmitAccount } from '../submit.ts';
import { comeBack } from './come-back.ts';
import { holderAddress } from './holder-options.ts';
import { withAuthority, type Authorised } from './authority-options.ts';
import { fetchEpoch, NOTHING_KEPT, prepareWithProgress, type RequestOptions } from './prepare.ts';
import { account, reportAccounted, reportOutcome, submitWithProgress } from './submit.ts';

export interface MatchOptions extends RequestOptions {
  readonly key: string;
  readonly out: string;
  readonly cache?: string;
  readonly keep?: boolean;
  readonly inspector?: string;
  /** False with `--no-wait`. */
  readonly wait: boolean;
}

/**
 * `blindmatch match`: prepare, sign and submit in one step. The request lives beside the results until it is done,
 * so that a submission that the network cut off can be finished with `submit`; then its secrets are removed.
 */
export async function match(source: string, given: MatchOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const options = await withAuthority(given);
  const address = holderAddress(options, reporter);
  checkResultsPath(options.out, [source, options.key, options.columns, options.ca]);
  const key = readPrivateKey(options.key);
  const path = `${options.out}.request`;
  setDoneRequestAside(path);
  refuseUnfinished(path, options);
  const inputs = [source, options.key, options.columns, options.investigators, options.ca];
  const claimed = claimRequestDirectory(path, inputs);
  whenInterrupted(NOTHING_KEPT, () => {
    removeRequestDirectory(claimed);
  });
  try {
    await matchClaimed(claimed, source, address, key, options, reporter);
  } finally {
    claimed.lock.release();
  }
}

async function matchClaimed(
  claimed: ClaimedRequest,
  source: string,
  address: HolderAddress,
  key: KeyObject,
  options: MatchOptions & Authorised,
  reporter: Reporter,
): Promise<void> {
  const { files } = claimed;
  const receipt = receiptPath(options);
  try {
    const epoch = await fetchEpoch(address);
    insistOnInspector(options.inspector, epoch.descriptor.inspector);
    insistOnReaders(options.reader, epoch.descriptor);
    const prepared = await prepareWithProgress(source, claimed, epoch, options, reporter);
    if (prepared.elements === 0) {
      await writeRejections(claimed, options, reporter);
      return;
    }
    signRequest(readStoredRequest(files), key);
  } catch (error) {
    removeRequestDirectory(claimed);
    throw error;
  }
  whenInterrupted(`Interrupted; the request is kept; go on with: ${comeBack(files.path, options)}`);
  const outcome = await submitOrKeep(claimed, address, options, reporter);
  keepBesideResults(files.receipt, receipt);
  const { inspector } = readStoredRequest(files).epoch.descriptor;
  // Without the request nobody could return the accounting any more, and the holder may require it.
  const keep = options.keep === true || (inspector !== null && options.inspector === undefined);
  reportOutcome(outcome, options.out, receipt, reporter, keep ? files : undefined);
  if (options.inspector !== undefined) {
    // Before the request goes: the accounting can only be returned with it.
    await account(files, address, comeBack(files.path, options));
    keepBesideResults(accountingFiles(files).receipt, accountingReceiptPath(options));
    reportAccounted(accountingReceiptPath(options), reporter);
  }
  if (!keep && clearDoneRequest(claimed)) {
    reporter.event('evidence_kept', { request: files.path }, `Evidence: ${files.path}`);
  }
}

function receiptPath({ out }: MatchOptions): string {
  return `${out}.receipt.json`;
}

function accountingReceiptPath({ out }: MatchOptions): string {
  return `${out}.accounting-receipt.json`;
}

function keepBesideResults(receipt: string, path: string): void {
  setReceiptAside(path);
  copyFileSync(receipt, path);
}

/** The results where nothing can be submitted; the request is of no more use. */
async function writeRejections(
  claimed: ClaimedRequest,
  options: MatchOptions,
  reporter: Reporter,
): Promise<void> {
  const { files } = claimed;
  const seed = readSeed(files.private.seed);
  const outcomes = await writeResults(options.out, { path: files.private.records, seed }, undefined);
  seed.fill(0);
  for (const receipt of [receiptPath(options), accountingReceiptPath(options)]) setReceiptAside(receipt);
  removeRequestDirectory(claimed);
  reporter.event(
    'nothing_submitted',
    { rejected: outcomes.rejected, results: options.out },
    `Every record was rejected (${outcomes.rejected}), so nothing was submitted.\nResults: ${options.out}`,
  );
}

/** A whole request at the place of this run's is somebody's work, so it is neither used nor cleared away. */
function refuseUnfinished(path: string, options: MatchOptions): void {
  if (!existsSync(requestFiles(path).manifest)) return;
  throw new CommandError(
    'request_under_way',
    `${path} holds a request that is not finished; remove it, or go on with: ${comeBack(path, options)}`,
  );
}

/** Problems that are the holder's fault, found by what it must prove. */
const distrusted: ReadonlySet<string> = new Set<ProblemCode>([
  'proof_invalid',
  'canary_failed',
  'receipt_invalid',
  'log_invalid',
  'log_forked',
]);

/** Refusals after which somebody else's signature makes the request whole. */
const signable: ReadonlySet<string> = new Set<ProblemCode>([
  'official_unknown',
  'official_expired',
  'official_revoked',
  'signatures_missing',
]);

/** Refusals that leave a request as good as it was. */
const mendable: ReadonlySet<string> = new Set<string>(['accounting_due' satisfies ProblemCode, ...signable]);

/** Submits; a request that the holder refused is removed, one that failed for another reason is kept to go on with. */
async function submitOrKeep(
  claimed: ClaimedRequest,
  address: HolderAddress,
  options: MatchOptions,
  reporter: Reporter,
): Promise<SubmitAccount> {
  const { files, lock } = claimed;
  try {
    return await submitWithProgress(files, address, options, reporter, lock);
  } catch (error) {
    const told = explain(error) ?? error;
    if (!(told instanceof CommandError)) throw error;
    const refused = error instanceof HolderRefusal && !error.afterAcceptance && told.exit === EXIT.failed;
    if (refused && !mendable.has(told.code)) {
      removeRequestDirectory(claimed);
      throw error;
    }
    // What the holder answered wrongly stays wrong when it is asked again; then the request is evidence.
    throw new CommandError(
      told.code,
      `${told.message} ${keptText(told.code, files.path, options)}`,
      told.exit,
      {
        cause: error,
      },
    );
  }
}

/** Where the request is that failed with `code`, and what to do with it. */
function keptText(code: string, path: string, options: MatchOptions): string {
  const goOn = comeBack(path, options);
  if (distrusted.has(code)) return `The request is kept in ${path}, for whoever looks into it.`;
  if (!signable.has(code)) return `The request is kept; go on with: ${goOn}`;
  const at = quoted(path);
  return `The request is kept in ${path}. An official signs it with: blindmatch sign ${at} --key official.pem, a certifier with: blindmatch certify ${at} --registry orders.csv --key certifier.pem --identity certifier.age. Then go on with: ${goOn}`;
}
