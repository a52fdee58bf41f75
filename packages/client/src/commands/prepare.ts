import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import type { OpenEpoch } from '@blindmatch/protocol';
import { parseColumnMap } from '@blindmatch/records';
import {
  CommandError,
  quoted,
  readTextFile,
  tellEngine,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';
import type { HolderAddress } from '../connect.ts';
import { HolderConnection } from '../holder-connection.ts';
import { prepareInto, type PreparedRequest } from '../prepare.ts';
import { claimRequestDirectory, removeRequestDirectory, type ClaimedRequest } from '../request-directory.ts';
import { holderAddress, type HolderOptions } from './holder-options.ts';

/** Options of every command that makes a request. */
export interface RequestOptions extends HolderOptions {
  readonly statute: string;
  readonly reason: string;
  readonly columns?: string;
  readonly validDays: number;
  readonly workers?: number;
}

/** What is told when a preparation is interrupted: what it had written is removed. */
export const NOTHING_KEPT = 'Interrupted; nothing was kept, so run the same command again.';

/** `blindmatch prepare`: a request for an official to sign, blinded for the epoch that the holder serves now. */
export async function prepare(
  source: string,
  options: RequestOptions & { readonly output: string },
  reporter: Reporter,
): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const epoch = await fetchEpoch(holderAddress(options));
  const claimed = claimRequestDirectory(options.output, [source, options.columns, options.ca]);
  whenInterrupted(NOTHING_KEPT, () => {
    removeRequestDirectory(claimed);
  });
  try {
    await prepareClaimed(source, claimed, epoch, options, reporter);
  } catch (error) {
    removeRequestDirectory(claimed);
    throw error;
  } finally {
    claimed.lock.release();
  }
}

async function prepareClaimed(
  source: string,
  claimed: ClaimedRequest,
  epoch: OpenEpoch,
  options: RequestOptions & { readonly output: string },
  reporter: Reporter,
): Promise<void> {
  const prepared = await prepareWithProgress(source, claimed, epoch, options, reporter);
  if (prepared.elements === 0) {
    throw new CommandError(
      'nothing_to_submit',
      `None of the records (${prepared.lines}) can be submitted; see why with: blindmatch check ${quoted(source)}`,
    );
  }
  reporter.event(
    'prepared',
    {
      request: options.output,
      lines: prepared.lines,
      records: prepared.records,
      elements: prepared.elements,
    },
    `${options.output} is ready to be signed: ${prepared.records} of ${prepared.lines} records, ${prepared.elements} elements.\nNext: blindmatch sign ${quoted(options.output)} --key official.pem`,
  );
}

/** Reads the epoch that the pinned holder serves now. */
export async function fetchEpoch(address: HolderAddress): Promise<OpenEpoch> {
  const connection = await HolderConnection.open(address);
  connection.close();
  return connection.epoch;
}

/** Prepares with a progress bar and a worker pool of its own, and reports what was rejected. */
export async function prepareWithProgress(
  source: string,
  claimed: ClaimedRequest,
  epoch: OpenEpoch,
  options: RequestOptions,
  reporter: Reporter,
): Promise<PreparedRequest> {
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  let progress: ReturnType<Reporter['progress']> | undefined;
  try {
    const prepared = await prepareInto(claimed, {
      source,
      epoch,
      authority: { statute: options.statute, reason: options.reason },
      validDays: options.validDays,
      oprf,
      now: new Date(),
      ...(options.columns === undefined ? {} : { columns: parseColumnMap(readTextFile(options.columns)) }),
      onProgress: (done, total) => {
        progress ??= reporter.progress('Blinding', total);
        progress.update(done);
      },
    });
    for (const [code, count] of prepared.rejected) reporter.event('rejected', { code, records: count });
    return prepared;
  } finally {
    progress?.end();
    await oprf.close();
  }
}
