import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import { digestText, type OpenRequest, type ProblemCode } from '@blindmatch/protocol';
import { CommandError, EXIT, tellEngine, whenInterrupted, type Reporter } from '@blindmatch/terminal';
import { deliverAccounting } from '../accounting-delivery.ts';
import { accountingFiles, hasAccountingReceipt } from '../accounting-files.ts';
import { realTime, type ApprovalWait } from '../approval-wait.ts';
import type { HolderAddress } from '../connect.ts';
import { explain } from '../explain.ts';
import { openRequestDirectory, type RequestDirectory } from '../request-directory.ts';
import type { RequestLock } from '../request-lock.ts';
import { checkResultsPath } from '../results-path.ts';
import type { ResultCounts } from '../results.ts';
import { readStoredRequest, type StoredRequest } from '../stored-request.ts';
import { submitRequest, type SubmitAccount } from '../submit.ts';
import { TokenSetCache, defaultCacheDirectory } from '../token-set-cache.ts';
import { comeBack } from './come-back.ts';
import { holderAddress, insistOnHolder } from './holder-options.ts';

export interface SubmitOptions {
  readonly server: string;
  readonly holder?: string;
  readonly ca?: string;
  readonly out: string;
  readonly cache?: string;
  readonly checkpoints?: string;
  readonly inspector?: string;
  /** False with `--no-wait`. */
  readonly wait: boolean;
  readonly workers?: number;
}

/**
 * `blindmatch submit`: sends a signed request, writes its results and returns their accounting; goes on where an earlier
 * one stopped.
 */
export async function submit(path: string, options: SubmitOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const files = openRequestDirectory(path);
  checkResultsPath(options.out, [options.ca]);
  const { manifest } = readStoredRequest(files).request;
  insistOnHolder(options.holder, manifest);
  const address = holderAddress({ ...options, holder: manifest.holder }, reporter);
  const goOn = comeBack(path, options);
  whenInterrupted(`Interrupted; the request is kept; go on with: ${goOn}`);
  try {
    const account = await submitWithProgress(files, address, options, reporter);
    reportOutcome(account, options.out, files.receipt, reporter, files);
  } catch (error) {
    if (!(error instanceof CommandError) || error.exit !== EXIT.waiting) throw error;
    throw new CommandError(error.code, `${error.message} Come back with: ${goOn}`, error.exit);
  }
  if (options.inspector === undefined) return;
  await account(files, address, goOn);
  reportAccounted(accountingFiles(files).receipt, reporter);
}

/** Submits with progress bars and a worker pool of its own; `lock` where the caller has the request locked. */
export async function submitWithProgress(
  files: RequestDirectory,
  address: HolderAddress,
  options: Pick<SubmitOptions, 'out' | 'cache' | 'workers' | 'inspector' | 'wait'>,
  reporter: Reporter,
  lock?: RequestLock,
): Promise<SubmitAccount> {
  const stored = readStoredRequest(files);
  let matching: ReturnType<Reporter['progress']> | undefined;
  let fetching: ReturnType<Reporter['progress']> | undefined;
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  try {
    const account = await submitRequest({
      stored,
      address,
      cache: new TokenSetCache(options.cache ?? defaultCacheDirectory()),
      out: options.out,
      oprf,
      ...(lock === undefined ? {} : { lock }),
      ...(options.inspector === undefined ? {} : { inspector: options.inspector }),
      ...(options.wait ? { wait: waitTelling(stored.request, reporter) } : {}),
      onAccepted: () => {
        matching ??= reporter.progress('Matching', stored.request.manifest.elements);
      },
      onEvaluated: (elements) => {
        matching?.update(elements);
      },
      onDownloaded: (bytes, total) => {
        matching?.end();
        fetching ??= reporter.progress('Fetching the token set', total);
        fetching.update(bytes);
      },
    });
    if (options.inspector === undefined) tellOfInspector(stored, reporter);
    return account;
  } finally {
    matching?.end();
    fetching?.end();
    await oprf.close();
  }
}

/**
 * Tells of an accounting that the holder takes and does not have: one that requires accountings refuses later requests
 * without it. Only a request that is finished has one. The key that the holder names is not said, since only the inspector
 * can say which is right.
 */
function tellOfInspector(stored: StoredRequest, reporter: Reporter): void {
  const { inspector } = stored.epoch.descriptor;
  if (inspector === null || hasAccountingReceipt(stored)) return;
  const { name } = inspector;
  reporter.notice(
    'accounting_not_sent',
    `The holder takes accountings of matches for ${name}, and this run returns none. Where the holder requires it, it is due soon: submit the request again with --inspector and the key (age1…) that you have from ${name}.`,
    { inspector: name },
  );
}

/** Waits for an approval, and tells so: once that the request waits, and each time that the holder is away in a new way. */
function waitTelling({ requestId }: OpenRequest, reporter: Reporter): ApprovalWait {
  const request = digestText(requestId);
  let told = '';
  let waiting = false;
  return {
    ...realTime,
    onPending: (askAgain) => {
      if (waiting) return;
      waiting = true;
      reporter.event(
        'pending',
        { request, ask_again: askAgain.toISOString() },
        `The request ${request} waits for somebody's approval at the holder; this waits with it.`,
      );
    },
    onUnreachable: (error) => {
      const sentence = explain(error)?.message ?? String(error);
      if (sentence === told) return;
      told = sentence;
      reporter.notice('still_waiting', `${sentence} The request still waits, and is asked for again.`);
    },
  };
}

/**
 * Returns the accounting of a request whose results are written.
 *
 * @param goOn the command that does it again where it fails
 */
export async function account(files: RequestDirectory, address: HolderAddress, goOn: string): Promise<void> {
  const stored = readStoredRequest(files);
  try {
    await deliverAccounting(stored, address);
  } catch (error) {
    const told = explain(error) ?? error;
    if (!(told instanceof CommandError)) throw error;
    const sentence = epochHasGone.has(told.code)
      ? `The results are written, but the holder serves another epoch by now and takes the accounting of their matches no more. Where it requires accountings, ask it to waive this one: blindmatchd requests waive DIR ${digestText(stored.request.requestId)}`
      : `${told.message} The results are written, but the accounting of the matches is not returned; go on with: ${goOn}`;
    throw new CommandError(told.code, sentence, told.exit, { cause: error });
  }
}

/** Problems of a request for another epoch than the holder serves; preparing it again gives another request. */
const epochHasGone: ReadonlySet<string> = new Set<ProblemCode>(['epoch_changed', 'epoch_unknown']);

/** Tells that the accounting is returned, and where the holder's receipt of it is. */
export function reportAccounted(receipt: string, reporter: Reporter): void {
  reporter.event('accounted', { receipt }, [
    'The accounting of the matches is returned, sealed for the inspector.',
    `Receipt: ${receipt}`,
  ]);
}

/**
 * Tells what came of a submission.
 *
 * @param kept the request where it stays, so that nobody forgets whom its files name
 */
export function reportOutcome(
  account: SubmitAccount,
  out: string,
  receipt: string,
  reporter: Reporter,
  kept?: RequestDirectory,
): void {
  const { outcomes, elements, resumedElements, bytesSent, bytesReceived, downloaded } = account;
  reporter.event(
    'finished',
    {
      match: outcomes.match,
      match_name_address_dob: outcomes.matchByTier.name_address_dob,
      match_name_address: outcomes.matchByTier.name_address,
      no_match: outcomes.no_match,
      rejected: outcomes.rejected,
      elements,
      resumed_elements: resumedElements,
      bytes_sent: bytesSent,
      bytes_received: bytesReceived,
      token_set_downloaded: downloaded,
      results: out,
      receipt,
    },
    [
      `${outcomes.match} match, ${outcomes.no_match} do not, ${outcomes.rejected} rejected and not submitted.`,
      ...matchesByTier(outcomes),
      `Results: ${out}`,
      `Receipt: ${receipt}`,
      ...keptNote(kept),
    ],
  );
}

/** What the matches rest on, so that none is taken for more than it is. */
function matchesByTier({ match, matchByTier }: ResultCounts): readonly string[] {
  if (match === 0) return [];
  const { name_address_dob: withBirth, name_address: without } = matchByTier;
  return [
    `  ${withBirth} in name_address_dob: name, address and date of birth, but for what the key in matched_on leaves open.`,
    `  ${without} in name_address: name and address, which alone don't tell two people of one name in one household apart.`,
  ];
}

function keptNote(kept: RequestDirectory | undefined): readonly string[] {
  if (kept === undefined) return [];
  return [
    `${kept.private.path} names people; remove it as soon as nobody has to account for the request any more.`,
  ];
}
