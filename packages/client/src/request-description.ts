import { setInColumn, type EventFields } from '@blindmatch/terminal';
import { lookAtEvidence, type EvidenceFile } from './evidence-opening.ts';
import { readersOf, readerText, type Reader } from './evidence-readers.ts';
import type { StoredRequest } from './stored-request.ts';

/** A request in plain words: all that a signature on its manifest vouches for. */
export interface RequestDescription {
  readonly fields: EventFields;
  readonly lines: readonly string[];
}

/** Describes a request to whoever is about to sign or to judge it. */
export async function describeRequest({ files, request, epoch }: StoredRequest): Promise<RequestDescription> {
  const { manifest, envelope } = request;
  const { descriptor } = epoch;
  const investigators = manifest.investigators.map(({ id, name }) => `${id} ${name}`);
  // Whose keys these are, and whether they made the signatures, is for the holder to check.
  const signers = envelope.signatures.map(({ keyid }) => keyid);
  const readers = manifest.evidence === null ? [] : readersOf(descriptor, []);
  const file =
    manifest.evidence === null ? undefined : await lookAtEvidence(files.evidence, manifest.evidence);
  const fields = {
    request: files.path,
    records: manifest.records,
    elements: manifest.elements,
    statute: manifest.statute,
    purpose: manifest.purpose,
    reason: manifest.reason,
    tax_periods: manifest.taxPeriods,
    investigators,
    orders_from: manifest.orders?.from ?? null,
    orders_to: manifest.orders?.to ?? null,
    attestation: manifest.attestation,
    holder: descriptor.holder.name,
    holder_fingerprint: manifest.holder,
    epoch: descriptor.epoch,
    created: manifest.created.toISOString(),
    expires: manifest.expires.toISOString(),
    evidence_readers: readers.map(readerText),
    evidence_file: file?.state ?? 'none',
    evidence_other_readers: Math.max(0, (file?.readers ?? 0) - readers.length),
    signers,
  };
  const lines = [
    ...row('records', `${manifest.records} (${manifest.elements} elements)`),
    ...row('holder', descriptor.holder.name),
    ...rowsOf('', [manifest.holder]),
    ...row('epoch', String(descriptor.epoch)),
    ...row('statute', manifest.statute),
    ...row('purpose', manifest.purpose ?? 'none is named'),
    ...row('reason', manifest.reason),
    ...row('tax periods', listed(manifest.taxPeriods)),
    ...row('investigators', listed(investigators)),
    ...row('orders', ordersText(manifest.orders)),
    ...row('attestation', manifest.attestation ?? 'none'),
    ...row('made', fields.created),
    ...row('expires', fields.expires),
    ...evidenceRows(readers, file),
    ...rowsOf('signatures', signers.length === 0 ? ['none yet'] : [...signers, '(the holder checks them)']),
  ];
  return { fields, lines };
}

const LABEL_WIDTH = 15;

function row(label: string, text: string): string[] {
  return setInColumn(`  ${label.padEnd(LABEL_WIDTH)}`, text);
}

/** Texts of which each is a line: such as can't hold anything but digits and letters, and are copied. */
function rowsOf(label: string, texts: readonly string[]): string[] {
  return texts.map((text, at) => `  ${(at === 0 ? label : '').padEnd(LABEL_WIDTH)}${text}`);
}

function listed(texts: readonly string[]): string {
  return texts.length === 0 ? 'none are named' : texts.join(', ');
}

function ordersText(orders: { readonly from: string; readonly to: string } | null): string {
  if (orders === null) return 'no dates are named';
  return orders.from === orders.to ? `of ${orders.from}` : `of ${orders.from} to ${orders.to}`;
}

/** For whom evidence should be is the holder's word; that it is this file and for how many is all that shows here. */
function evidenceRows(readers: readonly Reader[], file: EvidenceFile | undefined): string[] {
  if (file === undefined) return row('evidence', 'none was sealed: nobody can check the records');
  const fault = evidenceFault(file, readers.length);
  return [
    ...row('evidence', `to be sealed for${readers.length === 0 ? ' whom the requester named' : ''}`),
    ...readers.flatMap(({ role, name, recipient }) => [
      ...row('', `${name} (${role})`),
      ...rowsOf('', [recipient]),
    ]),
    ...(fault === undefined ? [] : row('', fault)),
  ];
}

function evidenceFault({ state, readers }: EvidenceFile, named: number): string | undefined {
  if (state === 'missing') return 'The file is not here, so nothing shows of it.';
  if (state === 'other') return 'But the file here is another one than the request names.';
  if (readers < named) return `But the file is sealed for ${readers} only.`;
  return readers > named && named > 0
    ? `and for ${readers - named} more whom the requester named`
    : undefined;
}
