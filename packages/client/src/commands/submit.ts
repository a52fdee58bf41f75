import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import { tellEngine, type Reporter } from '@blindmatch/terminal';
import type { HolderAddress } from '../connect.ts';
import { openRequestDirectory, type RequestDirectory } from '../request-directory.ts';
import type { RequestLock } from '../request-lock.ts';
import { checkResultsPath } from '../results-path.ts';
import type { ResultCounts } from '../results.ts';
import { readStoredRequest } from '../stored-request.ts';
import { submitRequest, type SubmitAccount } from '../submit.ts';
import { TokenSetCache, defaultCacheDirectory } from '../token-set-cache.ts';
import { holderAddress, insistOnHolder } from './holder-options.ts';

export interface SubmitOptions {
  readonly server: string;
  readonly holder?: string;
  readonly ca?: string;
  readonly out: string;
  readonly cache?: string;
  readonly workers?: number;
}

/** `blindmatch submit`: sends a signed request and writes its results; goes on where an earlier one stopped. */
export async function submit(path: string, options: SubmitOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const files = openRequestDirectory(path);
  checkResultsPath(options.out, [options.ca]);
  const { manifest } = readStoredRequest(files).request;
  insistOnHolder(options.holder, manifest);
  const account = await submitWithProgress(
    files,
    holderAddress({ ...options, holder: manifest.holder }),
    options,
    reporter,
  );
  reportOutcome(account, options.out, files.receipt, reporter, files);
}

/** Submits with progress bars and a worker pool of its own; `lock` where the caller has the request locked. */
export async function submitWithProgress(
  files: RequestDirectory,
  address: HolderAddress,
  options: Pick<SubmitOptions, 'out' | 'cache' | 'workers'>,
  reporter: Reporter,
  lock?: RequestLock,
): Promise<SubmitAccount> {
  const stored = readStoredRequest(files);
  const matching = reporter.progress('Matching', stored.request.manifest.elements);
  let fetching: ReturnType<Reporter['progress']> | undefined;
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  try {
    return await submitRequest({
      stored,
      address,
      cache: new TokenSetCache(options.cache ?? defaultCacheDirectory()),
      out: options.out,
      oprf,
      ...(lock === undefined ? {} : { lock }),
      onEvaluated: (elements) => {
        matching.update(elements);
      },
      onDownloaded: (bytes, total) => {
        matching.end();
        fetching ??= reporter.progress('Fetching the token set', total);
        fetching.update(bytes);
      },
    });
  } finally {
    matching.end();
    fetching?.end();
    await oprf.close();
  }
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
