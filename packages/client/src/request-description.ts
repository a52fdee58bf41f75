import type { EventFields } from '@blindmatch/terminal';
import { setInLines } from '@blindmatch/terminal';
import { countReaders } from './evidence-opening.ts';
import { readersOf, readerText } from './evidence-readers.ts';
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
  const signers = envelope.signatures.map(({ keyid }) => keyid);
  const readers = manifest.evidence === null ? [] : readersOf(descriptor, []).map(readerText);
  const others =
    manifest.evidence === null ? 0 : Math.max(0, (await countReaders(files.evidence)) - readers.length);
  const evidence = evidenceTexts(manifest.evidence !== null, readers, others);
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
    evidence_readers: readers,
    evidence_other_readers: others,
    signers,
  };
  const lines = [
    ...row('records', [`${manifest.records} (${manifest.elements} elements)`]),
    ...row('holder', [descriptor.holder.name]),
    ...row('', [manifest.holder]),
    ...row('epoch', [String(descriptor.epoch)]),
    ...row('statute', [manifest.statute]),
    ...row('purpose', words(manifest.purpose ?? 'none is named')),
    ...row('reason', words(manifest.reason)),
    ...row('tax periods', listed(manifest.taxPeriods)),
    ...row('investigators', listed(investigators)),
    ...row('orders', [ordersText(manifest.orders)]),
    ...row('attestation', words(manifest.attestation ?? 'none')),
    ...row('made', [fields.created]),
    ...row('expires', [fields.expires]),
    ...row('evidence', listed(evidence)),
    ...row('signatures', signatureTexts(signers)),
  ];
  return { fields, lines };
}

const LABEL_WIDTH = 15;

function row(label: string, pieces: readonly string[]): string[] {
  return setInLines(`  ${label.padEnd(LABEL_WIDTH)}`, pieces);
}

function words(text: string): readonly string[] {
  return text.split(' ');
}

function listed(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) return ['none are named'];
  return texts.map((text, at) => (at < texts.length - 1 ? `${text},` : text));
}

/** Who is said to have signed: whose keys these are, and whether they made the signatures, is for the holder to check. */
function signatureTexts(signers: readonly string[]): readonly string[] {
  return signers.length === 0 ? ['none yet'] : [...listed(signers), '(the holder checks them)'];
}

function ordersText(orders: { readonly from: string; readonly to: string } | null): string {
  if (orders === null) return 'no dates are named';
  return orders.from === orders.to ? `of ${orders.from}` : `of ${orders.from} to ${orders.to}`;
}

function evidenceTexts(isSealed: boolean, readers: readonly string[], others: number): readonly string[] {
  if (!isSealed) return ['none was sealed: nobody can check the records'];
  return [
    ...readers.map((reader, at) => (at === 0 ? `sealed for ${reader}` : reader)),
    ...(others > 0 ? [`sealed for ${others} more whom the requester named`] : []),
    ...(others === 0 && readers.length === 0 ? ['sealed for whom the requester named'] : []),
  ];
}
