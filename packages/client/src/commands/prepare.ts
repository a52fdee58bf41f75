import { resolve, sep } from 'node:path';
import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import type { OpenEpoch } from '@blindmatch/protocol';
import {
  parseColumnMap,
  rejectionLine,
  type AccountOfRecords,
  type Rejection,
  type RequestRecord,
} from '@blindmatch/records';
import {
  CommandError,
  quoted,
  readTextFile,
  tellEngine,
  whenInterrupted,
  type OutputFile,
  type Reporter,
} from '@blindmatch/terminal';
import type { HolderAddress } from '../connect.ts';
import { insistOnReaders, readerText, type Reader } from '../evidence-readers.ts';
import { HolderConnection } from '../holder-connection.ts';
import { prepareInto, type PreparedRequest } from '../prepare.ts';
import { claimRequestDirectory, removeRequestDirectory, type ClaimedRequest } from '../request-directory.ts';
import { beginRejections } from '../rejections-file.ts';
import { reportAccount } from './account-report.ts';
import { withAuthority, type Authorised, type AuthorityOptions } from './authority-options.ts';
import { holderAddress, type HolderOptions } from './holder-options.ts';

/** Options of every command that makes a request. */
export interface RequestOptions extends HolderOptions, AuthorityOptions {
  /** Age recipients whom the evidence is sealed for besides the readers of the epoch. */
  readonly sealTo?: readonly string[];
  /** Age recipients among whom all readers of the epoch must be, where any is named. */
  readonly reader?: readonly string[];
  readonly columns?: string;
  readonly validDays: number;
  readonly workers?: number;
}

export interface PrepareOptions extends RequestOptions {
  /** The request's directory. */
  readonly output: string;
  /** Where the rejections go, CSV. */
  readonly rejections?: string;
}

/** What is told when a preparation is interrupted: what it had written is removed. */
export const NOTHING_KEPT = 'Interrupted; nothing was kept, so run the same command again.';

/** `blindmatch prepare`: a request for an official to sign, blinded for the epoch that the holder serves now. */
export async function prepare(source: string, given: PrepareOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const options = await withAuthority(given);
  const address = holderAddress(options, reporter);
  const inputs = [source, options.columns, options.investigators, options.ca];
  refuseRejectionsInRequest(options);
  const rejections = beginRejections(options.rejections, inputs);
  try {
    const epoch = await fetchEpoch(address);
    insistOnReaders(options.reader, epoch.descriptor);
    const claimed = claimRequestDirectory(options.output, inputs);
    whenInterrupted(NOTHING_KEPT, () => {
      rejections?.discard();
      removeRequestDirectory(claimed);
    });
    try {
      await prepareClaimed(source, claimed, epoch, options, rejections, reporter);
    } catch (error) {
      removeRequestDirectory(claimed);
      throw error;
    } finally {
      claimed.lock.release();
    }
  } finally {
    rejections?.discard();
  }
}

/** The request travels to the official and to the holder; its own private part is no place for what is to be mended. */
function refuseRejectionsInRequest({ output, rejections }: PrepareOptions): void {
  if (rejections === undefined || !resolve(rejections).startsWith(resolve(output) + sep)) return;
  throw new CommandError(
    'rejections_in_request',
    `${rejections} lies in ${output}, which is for the request alone; name another place with --rejections.`,
  );
}

async function prepareClaimed(
  source: string,
  claimed: ClaimedRequest,
  epoch: OpenEpoch,
  options: PrepareOptions & Authorised,
  rejections: OutputFile | undefined,
  reporter: Reporter,
): Promise<void> {
  const { account, elements } = await prepareWithProgress(
    source,
    claimed,
    epoch,
    options,
    reporter,
    (record, rejection) => rejections?.add(rejectionLine(record, rejection)),
  );
  // Also where nothing can be submitted: then it is needed most.
  rejections?.keep();
  if (elements === 0) throw nothingToSubmit(source, account, epoch, options);
  const { records, accepted } = account;
  reporter.event(
    'prepared',
    {
      request: options.output,
      lines: records,
      records: accepted,
      elements,
      ...(rejections === undefined ? {} : { rejections: rejections.path }),
    },
    [
      `${options.output} is ready to be signed: ${accepted} of ${records} records, ${elements} elements.`,
      ...(rejections === undefined ? [] : [`Rejections: ${rejections.path}`]),
      `Next: blindmatch sign ${quoted(options.output)} --key official.pem`,
    ],
  );
}

/** The error where every record was rejected: the commonest reason, and how to see each record's. */
function nothingToSubmit(
  source: string,
  { records, rejections: [commonest] }: AccountOfRecords,
  { descriptor }: OpenEpoch,
  { columns, rejections }: PrepareOptions,
): CommandError {
  const why = commonest === undefined ? '' : ` Most often (${commonest.records}): ${commonest.reason}`;
  const check = [
    ...['blindmatch', 'check', quoted(source), '--profile', descriptor.profile.id],
    ...['--tiers', descriptor.tiers.join()],
    ...['--minimum-order-age-days', String(descriptor.minimumOrderAgeDays)],
    ...(columns === undefined ? [] : ['--columns', quoted(columns)]),
  ].join(' ');
  const each = rejections === undefined ? `See each with: ${check}` : `Each is in ${rejections}.`;
  return new CommandError(
    'nothing_to_submit',
    `None of the records (${records}) can be submitted.${why} ${each}`,
  );
}

/** Reads the epoch that the pinned holder serves now. */
export async function fetchEpoch(address: HolderAddress): Promise<OpenEpoch> {
  const connection = await HolderConnection.open(address);
  connection.close();
  return connection.epoch;
}

/** Prepares with a progress bar and a worker pool of its own, and reports the records by tier and by rejection. */
export async function prepareWithProgress(
  source: string,
  claimed: ClaimedRequest,
  epoch: OpenEpoch,
  options: RequestOptions & Authorised,
  reporter: Reporter,
  onRejected?: (record: RequestRecord, rejection: Rejection) => void,
): Promise<PreparedRequest> {
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  let progress: ReturnType<Reporter['progress']> | undefined;
  try {
    const prepared = await prepareInto(claimed, {
      source,
      epoch,
      authority: options.authority,
      ...(options.sealTo === undefined ? {} : { sealTo: options.sealTo }),
      validDays: options.validDays,
      oprf,
      now: new Date(),
      ...(options.columns === undefined ? {} : { columns: parseColumnMap(readTextFile(options.columns)) }),
      ...(onRejected === undefined ? {} : { onRejected }),
      onProgress: (done, total) => {
        progress ??= reporter.progress('Blinding', total);
        progress.update(done);
      },
    });
    progress?.end();
    reportAccount(prepared.account, reporter);
    if (prepared.elements > 0) tellReaders(prepared.readers, reporter);
    return prepared;
  } finally {
    progress?.end();
    await oprf.close();
  }
}

/** Tells who will be able to open the evidence. */
function tellReaders(readers: readonly Reader[], reporter: Reporter): void {
  if (readers.length === 0) {
    reporter.notice(
      'evidence_not_sealed',
      'The epoch names no certifier and no auditor, so no evidence was sealed and nobody will be able to certify or audit this request; name somebody with --seal-to.',
    );
    return;
  }
  const texts = readers.map(readerText);
  reporter.event('evidence_sealed', { readers: texts }, [
    'The records and the key to the request are sealed for:',
    ...texts.map((text) => `  ${text}`),
  ]);
}
