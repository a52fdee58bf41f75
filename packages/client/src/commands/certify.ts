import type { KeyObject } from 'node:crypto';
import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import { checkManifest, fingerprint } from '@blindmatch/protocol';
import {
  CommandError,
  confirm,
  OutputFile,
  quoted,
  readPrivateKey,
  tellEngine,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';
import { readAgeIdentity } from '../age-identity-file.ts';
import { certifyRecords, type CertificationOutcome } from '../certification.ts';
import { Evidence } from '../evidence-opening.ts';
import { foreignRow } from '../foreign-row.ts';
import { OrderRegistry } from '../order-registry.ts';
import type { ManifestMismatch } from '../recomputation.ts';
import { openRequestDirectory } from '../request-directory.ts';
import { describeRequest } from '../request-description.ts';
import { signRequest } from '../request-signing.ts';
import { readStoredRequest, type StoredRequest } from '../stored-request.ts';
import { insistOnHolder } from './holder-options.ts';

export interface CertifyOptions {
  readonly registry: string;
  readonly key: string;
  readonly identity: string;
  readonly holder?: string;
  /** Where the failing records go, CSV. */
  readonly failures?: string;
  readonly minimumOrderAgeDays?: number;
  /** Whether records pass whose order has no name in the registry. */
  readonly withoutNames?: boolean;
  readonly workers?: number;
  readonly yes?: boolean;
}

const FAILURES = { name: 'failing records', option: '--failures', header: 'record_id,code\n' };

/**
 * `blindmatch certify`: checks that every record of a request has its order in the registry and that nothing else was
 * blinded, and then adds the certifier's signature. It needs the sealed evidence and nothing of REQUEST/private.
 */
export async function certify(path: string, options: CertifyOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const stored = readStoredRequest(openRequestDirectory(path));
  insistOnHolder(options.holder, stored.request.manifest);
  // The age of an order is counted to the day of the manifest, so one of tomorrow would make a young order older.
  checkManifest(stored.request.manifest, { ...stored.epoch, now: new Date() });
  const key = readPrivateKey(options.key);
  const outcome = await check(stored, options, reporter);
  requireNothingWrong(path, outcome, options.failures);
  const { fields, lines } = await describeRequest(stored);
  reporter.event('to_sign', fields, ['To be certified:', ...lines]);
  await confirm({
    question: certificationQuestion(outcome),
    refused: 'Nothing was signed.',
    yes: options.yes === true,
  });
  tellCertified(path, stored, key, outcome, reporter);
}

function certificationQuestion({ records, unnamed }: CertificationOutcome): string {
  return unnamed === 0
    ? `Certify that each of the ${records} records has its order, under the name that the registry has?`
    : `Certify that each of the ${records} records has its order, where the name of ${unnamed} was compared with none?`;
}

async function check(
  stored: StoredRequest,
  options: CertifyOptions,
  reporter: Reporter,
): Promise<CertificationOutcome> {
  const { identity } = await readAgeIdentity(options.identity);
  const inputs = [options.registry, options.key, options.identity, stored.files.evidence];
  const failures =
    options.failures === undefined ? undefined : new OutputFile(options.failures, FAILURES, inputs);
  whenInterrupted('Interrupted; nothing was signed, so run the same command again.', () => {
    failures?.discard();
  });
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  const progress = reporter.progress('Checking', stored.request.manifest.elements);
  let evidence: Evidence | undefined;
  try {
    const registry = await OrderRegistry.read(options.registry);
    tellUnreadable(registry, reporter);
    evidence = await Evidence.open(stored, identity);
    const outcome = await certifyRecords({
      stored,
      evidence,
      registry,
      minimumOrderAgeDays: options.minimumOrderAgeDays ?? 0,
      withoutNames: options.withoutNames === true,
      oprf,
      onFailure: ({ recordId }, code) => failures?.add(foreignRow([recordId, code])),
      onProgress: (done) => {
        progress.update(done);
      },
    });
    progress.end();
    failures?.keep();
    tellUnnamed(outcome, reporter);
    tellFailures(outcome, registry, reporter);
    return outcome;
  } finally {
    progress.end();
    failures?.discard();
    await evidence?.close();
    await oprf.close();
  }
}

function tellUnreadable({ unreadable }: OrderRegistry, reporter: Reporter): void {
  if (unreadable === 0) return;
  reporter.notice(
    'registry_rows_unreadable',
    `${unreadable} rows of the registry have no number or no date that can be read, so no record rests on them; mend them if one should.`,
    { rows: unreadable },
  );
}

/** A registry whose columns are called otherwise looks like one without names. */
function tellUnnamed({ records, unnamed }: CertificationOutcome, reporter: Reporter): void {
  if (unnamed === 0) return;
  reporter.notice(
    'names_not_compared',
    `The registry has no name under the orders of ${unnamed} of ${records} records, so nothing shows whom these orders are about. Its columns must be called given_name, middle_name and surname; where it has no names, --without-names lets the records pass by number and date alone.`,
    { records: unnamed },
  );
}

function tellFailures(outcome: CertificationOutcome, registry: OrderRegistry, reporter: Reporter): void {
  for (const { code, records } of outcome.failures) {
    reporter.event('total', { code, records }, [`${String(records).padStart(9)}  ${code}`]);
  }
  const failing = outcome.failures.reduce((sum, { records }) => sum + records, 0);
  const { records, keys, unnamed, mismatches } = outcome;
  reporter.event(
    'checked',
    {
      ...{ records, keys, failing, differing: mismatches, registered_orders: registry.size },
      names_not_compared: unnamed,
    },
    [
      `${records} records and ${keys} match keys checked against ${registry.size} orders: ${failing} fail.${unnamed === 0 ? '' : ` The names of ${unnamed} were compared with none.`}`,
    ],
  );
}

const DIFFERING: Readonly<Record<ManifestMismatch, string>> = {
  records: 'the number of records',
  elements: 'the blinded elements',
  orders: 'the dates of the orders',
};

/** The sentence for a manifest that is not of the records of its evidence. */
export function mismatchText(mismatches: readonly ManifestMismatch[]): string {
  return `The request is not of the records in its evidence: ${mismatches.map((each) => DIFFERING[each]).join(' and ')} differ.`;
}

function requireNothingWrong(
  path: string,
  { failures, mismatches }: CertificationOutcome,
  written: string | undefined,
): void {
  if (mismatches.length > 0) {
    throw new CommandError(
      'request_mismatch',
      `${mismatchText(mismatches)} Nothing was signed; report it, and have the request prepared again.`,
    );
  }
  if (failures.length === 0) return;
  const where =
    written === undefined
      ? `see which with: blindmatch certify ${quoted(path)} … --failures failures.csv`
      : `they are in ${written}`;
  throw new CommandError(
    'records_failed',
    `Not every record has its order in the registry, and nothing was signed; ${where}, and have the request prepared again without them.`,
  );
}

function tellCertified(
  path: string,
  stored: StoredRequest,
  key: KeyObject,
  { records, unnamed }: CertificationOutcome,
  reporter: Reporter,
): void {
  const signatures = signRequest(stored, key);
  const certifier = fingerprint(key);
  const fields = { request: path, records, names_not_compared: unnamed, certifier, signatures };
  reporter.event('certified', fields, [
    `Certified by ${certifier}.`,
    ...(unnamed === 0 ? [] : [`The names of ${unnamed} of ${records} records were compared with none.`]),
    `Next: blindmatch submit ${quoted(path)} --server URL --out results.csv`,
  ]);
}
