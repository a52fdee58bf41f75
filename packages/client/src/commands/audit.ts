import { createOprfPool, loadEngine } from '@blindmatch/oprf';
import type { RequestRecord } from '@blindmatch/records';
import {
  CommandError,
  OutputFile,
  setInLines,
  tellEngine,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';
import { readAgeIdentity } from '../age-identity-file.ts';
import { auditRequest, type AuditOutcome } from '../audit.ts';
import { Evidence } from '../evidence-opening.ts';
import { foreignRow } from '../foreign-row.ts';
import { openRequestDirectory } from '../request-directory.ts';
import { describeRequest } from '../request-description.ts';
import { readStoredRequest, type StoredRequest } from '../stored-request.ts';
import { mismatchText } from './certify.ts';
import { insistOnHolder } from './holder-options.ts';

export interface AuditOptions {
  readonly identity: string;
  readonly sample: number;
  /** The fingerprint of the holder that the request must be for: its receipt proves nothing by another one. */
  readonly holder: string;
  /** False with `--no-receipt`: then a request without one is as it says all the same. */
  readonly receipt: boolean;
  /** Where the drawn records go whole, CSV, to be compared with the files of the cases. */
  readonly drawn?: string;
  readonly workers?: number;
}

/** All that a record submitted: to compare a person, an auditor needs address and date of birth as well. */
const DRAWN_COLUMNS: readonly (readonly [name: string, field: Exclude<keyof RequestRecord, 'line'>])[] = [
  ['record_id', 'recordId'],
  ['order_number', 'orderNumber'],
  ['order_date', 'orderDate'],
  ['given_name', 'givenName'],
  ['middle_name', 'middleName'],
  ['surname', 'surname'],
  ['date_of_birth', 'dateOfBirth'],
  ['street', 'street'],
  ['street2', 'street2'],
  ['city', 'city'],
  ['state', 'state'],
  ['postcode', 'postcode'],
];

const DRAWN = {
  name: 'drawn records',
  option: '--drawn',
  header: `${DRAWN_COLUMNS.map(([name]) => name).join()}\n`,
};

/**
 * `blindmatch audit`: opens the evidence of a request and tells whether the request is what it says. It needs nothing of
 * REQUEST/private.
 */
export async function audit(path: string, options: AuditOptions, reporter: Reporter): Promise<void> {
  tellEngine(loadEngine(), reporter);
  const stored = readStoredRequest(openRequestDirectory(path));
  insistOnHolder(options.holder, stored.request.manifest);
  const outcome = await check(stored, options, reporter);
  tellOutcome(outcome, options, reporter);
  if (isSound(outcome, options)) return;
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
  let progress: ReturnType<Reporter['progress']> | undefined;
  let evidence: Evidence | undefined;
  try {
    evidence = await Evidence.open(stored, identity);
    // Only now: what can't be opened is not audited.
    const { fields, lines } = await describeRequest(stored);
    reporter.event('request', fields, ['Audited:', ...lines]);
    progress = reporter.progress('Auditing', stored.request.manifest.records);
    const outcome = await auditRequest({
      stored,
      evidence,
      sample: options.sample,
      oprf,
      onFailure: (subject, code) => {
        reporter.event('failure', { subject, code }, [`${subject}  ${code}`]);
      },
      onDrawn: (record) => drawn?.add(foreignRow(DRAWN_COLUMNS.map(([, field]) => record[field]))),
      onProgress: (done) => {
        progress?.update(done);
      },
    });
    drawn?.keep();
    return outcome;
  } finally {
    progress?.end();
    drawn?.discard();
    await evidence?.close();
    await oprf.close();
  }
}

type Demands = Pick<AuditOptions, 'receipt'>;

function isSound({ failures, mismatches, ...outcome }: AuditOutcome, demands: Demands): boolean {
  return failures.length === 0 && mismatches.length === 0 && requestFaults(outcome, demands).length === 0;
}

/** What is wrong with the request as a whole, by code. */
function requestFaults(
  { signatures, receipt }: Pick<AuditOutcome, 'signatures' | 'receipt'>,
  demands: Demands,
): readonly string[] {
  return [
    ...(signatures === 0 ? ['not_signed'] : []),
    ...(receipt === undefined && demands.receipt ? ['receipt_missing'] : []),
    ...(typeof receipt === 'string' ? [receipt] : []),
  ];
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

function tellOutcome(outcome: AuditOutcome, demands: Demands, reporter: Reporter): void {
  const { records, keys, sampled, recomputed, failures, mismatches, signatures } = outcome;
  for (const code of requestFaults(outcome, demands)) reporter.event('failure', { subject: 'request', code });
  for (const { code, records: count } of failures) reporter.event('total', { code, records: count });
  reporter.event(
    'audited',
    {
      sound: isSound(outcome, demands),
      records,
      keys,
      sampled,
      recomputed_elements: recomputed,
      differing: mismatches,
      failing: failures.map(({ code, records: count }) => `${code} ${count}`),
      signatures,
      receipt: receiptCode(outcome),
      ...Object.fromEntries(
        SHARES.map((share) => [`chance_to_miss_${share}_percent`, missed(share, outcome)]),
      ),
    },
    [
      'Checked:',
      ...item(
        `The evidence is the one that the manifest names; it holds ${records} records, which give ${keys} match keys.`,
      ),
      ...item(signaturesText(outcome)),
      ...item(elementsText(outcome)),
      ...item(sampleText(outcome)),
      ...item(receiptText(outcome, demands)),
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

function signaturesText({ signatures, receipt }: AuditOutcome): string {
  if (signatures === 0) return 'Nobody has signed the manifest (not_signed).';
  const signed = `The manifest carries ${signatures} signatures`;
  return typeof receipt === 'object'
    ? `${signed}; the receipt names those that the holder verified, by the keys of its policy.`
    : `${signed}, which nobody has verified here: only the holder knows the keys.`;
}

function receiptText({ receipt }: AuditOutcome, demands: Demands): string {
  if (receipt === undefined) {
    const missing = 'No receipt is here, so nothing shows that the holder answered the request';
    return demands.receipt
      ? `${missing} (receipt_missing): copy receipt.dsse.json of the requester's directory to the others, or name --no-receipt if the holder never answered.`
      : `${missing}.`;
  }
  if (typeof receipt === 'string')
    return `The receipt is not one for this request (${receipt}): check that receipt.dsse.json was copied from the same directory, and report it if it was.`;
  const { accepted, completed } = receipt;
  return `The receipt proves that the holder logged this request for ${accepted.requester} at ${accepted.time} and answered it by ${completed.toISOString()}.`;
}
