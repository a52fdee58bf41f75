import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import {
  CommandError,
  OutputFile,
  setInLines,
  tellEngine,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';
import { stringify } from 'csv-stringify/sync';
import { readAgeIdentity } from '../age-identity-file.ts';
import { auditRequest, type AuditOutcome } from '../audit.ts';
import { Evidence } from '../evidence-opening.ts';
import { openRequestDirectory } from '../request-directory.ts';
import { describeRequest } from '../request-description.ts';
import { readStoredRequest, type StoredRequest } from '../stored-request.ts';
import { mismatchText } from './certify.ts';
import { insistOnHolder } from './holder-options.ts';

export interface AuditOptions {
  readonly identity: string;
  readonly sample: number;
  readonly holder?: string;
  /** Where the drawn records go, CSV, to be compared with the files of the cases. */
  readonly drawn?: string;
  readonly workers?: number;
}

const DRAWN = {
  name: 'drawn records',
  option: '--drawn',
  header: 'record_id,order_number,order_date,given_name,middle_name,surname\n',
};

/**
 * `blindmatch audit`: opens the evidence of a request and tells whether the request is what it says. It needs nothing of
 * REQUEST/private.
 */
export async function audit(path: string, options: AuditOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const stored = readStoredRequest(openRequestDirectory(path));
  insistOnHolder(options.holder, stored.request.manifest);
  const { fields, lines } = await describeRequest(stored);
  reporter.event('request', fields, ['Audited:', ...lines]);
  const outcome = await check(stored, options, reporter);
  tellOutcome(outcome, reporter);
  if (isSound(outcome)) return;
  throw new CommandError(
    'audit_failed',
    'The request is not what it says; keep it and report what was found.',
  );
}

async function check(
  stored: StoredRequest,
  options: AuditOptions,
  reporter: Reporter,
): Promise<AuditOutcome> {
  const { identity } = await readAgeIdentity(options.identity);
  const inputs = [options.identity, stored.files.evidence];
  const drawn = options.drawn === undefined ? undefined : new OutputFile(options.drawn, DRAWN, inputs);
  whenInterrupted('Interrupted; run the same command again.', () => {
    drawn?.discard();
  });
  const oprf = createOprfPool(options.workers === undefined ? {} : { workers: options.workers });
  const progress = reporter.progress('Auditing', stored.request.manifest.records);
  let evidence: Evidence | undefined;
  try {
    evidence = await Evidence.open(stored, identity);
    const outcome = await auditRequest({
      stored,
      evidence,
      sample: options.sample,
      oprf,
      onFailure: (subject, code) => {
        reporter.event('failure', { subject, code }, [`${subject}  ${code}`]);
      },
      onDrawn: ({ recordId, orderNumber, orderDate, givenName, middleName, surname }) =>
        drawn?.add(stringify([[recordId, orderNumber, orderDate, givenName, middleName, surname]])),
      onProgress: (done) => {
        progress.update(done);
      },
    });
    drawn?.keep();
    return outcome;
  } finally {
    progress.end();
    drawn?.discard();
    await evidence?.close();
    await oprf.close();
  }
}

function isSound({ failures, mismatches, receipt }: AuditOutcome): boolean {
  return failures.length === 0 && mismatches.length === 0 && typeof receipt !== 'string';
}

/** Shares of a request, in percent, of which it is told how likely a sample would have missed them. */
const SHARES = [10, 5, 1] as const;

/**
 * How likely it is that none of `sampled` drawn records is among those, a share of all, that were asked about with other
 * elements than their own. Drawing without putting back makes it a little less likely than this.
 */
export function chanceToMiss(share: number, sampled: number): number {
  return (1 - share) ** sampled;
}

function tellOutcome(outcome: AuditOutcome, reporter: Reporter): void {
  const { records, keys, sampled, recomputed, failures, mismatches } = outcome;
  for (const { code, records: count } of failures) reporter.event('total', { code, records: count });
  reporter.event(
    'audited',
    {
      sound: isSound(outcome),
      records,
      keys,
      sampled,
      recomputed_elements: recomputed,
      differing: mismatches,
      failing: failures.map(({ code, records: count }) => `${code} ${count}`),
      receipt: receiptCode(outcome),
      ...Object.fromEntries(
        SHARES.map((share) => [`chance_to_miss_${share}_percent`, missed(share, outcome)]),
      ),
    },
    [
      'Checked:',
      ...item(
        `The evidence is the one that the signed manifest names; it holds ${records} records, which give ${keys} match keys.`,
      ),
      ...item(elementsText(outcome)),
      ...item(sampleText(outcome)),
      ...item(receiptText(outcome)),
      ...failures.flatMap(({ code, records: count }) => item(`${count} fail: ${code}.`)),
      ...(mismatches.length === 0 ? [] : item(mismatchText(mismatches))),
      ...item(
        'Not checked, since no computation can: that the persons and orders exist as written. Compare the drawn records with the files of their cases (--drawn writes them).',
      ),
    ],
  );
}

function item(text: string): string[] {
  return setInLines('  - ', text.split(' '));
}

function missed(share: number, { sampled, records }: AuditOutcome): number {
  return sampled >= records ? 0 : chanceToMiss(share / 100, sampled);
}

function elementsText({ mismatches }: AuditOutcome): string {
  return mismatches.includes('elements')
    ? 'The blinded elements are not those that the manifest commits to, or not as many as the records give.'
    : 'All blinded elements are those that the manifest commits to, and as many as the records give.';
}

function sampleText(outcome: AuditOutcome): string {
  const { sampled, records, recomputed } = outcome;
  if (sampled >= records) return `The elements of all records were computed again (${recomputed}).`;
  const chances = SHARES.map((share) => `${share}% with a chance of ${percent(missed(share, outcome))}`);
  return `The elements of ${sampled} records drawn at random were computed again, with those of their chunks ${recomputed} elements. Had other persons been asked about in place of a share of the records, that would have been missed: of ${chances.join(', of ')}.`;
}

function percent(chance: number): string {
  return chance < 0.0001 ? 'less than 0.01%' : `${(chance * 100).toFixed(2)}%`;
}

function receiptCode({ receipt }: AuditOutcome): string {
  if (receipt === undefined) return 'absent';
  return typeof receipt === 'string' ? receipt : 'valid';
}

function receiptText({ receipt }: AuditOutcome): string {
  if (receipt === undefined)
    return 'No receipt is here, so nothing shows that the holder answered the request.';
  if (typeof receipt === 'string') return `The receipt is not one for this request (${receipt}).`;
  const { accepted, completed } = receipt;
  return `The receipt proves that the holder logged this request for ${accepted.requester} at ${accepted.time} and answered it by ${completed.toISOString()}.`;
}
