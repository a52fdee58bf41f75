// Writes protocol-spec/vectors/documents.json: node protocol-spec/vectors/generate/documents.ts
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  encodeEnvelope,
  PAYLOAD_TYPES,
  preAuthenticationEncoding,
  signPayload,
} from '../../../packages/protocol/src/envelope.ts';
import type { Envelope, PayloadType } from '../../../packages/protocol/src/envelope.ts';
import { digestText, sha256 } from '../../../packages/protocol/src/digest.ts';
import { epochIdOf } from '../../../packages/protocol/src/epoch-descriptor.ts';
import { fingerprint, publicKeyToPem, publicKeyToSpki } from '../../../packages/protocol/src/keys.ts';
import { encodeLeaf } from '../../../packages/protocol/src/log-leaf.ts';
import type { LogLeaf } from '../../../packages/protocol/src/log-leaf.ts';
import type { LoggedLeaf, PlacedLeaf } from '../../../packages/protocol/src/logged-leaf.ts';
import { encodeReceipt, encodeAccountingReceipt } from '../../../packages/protocol/src/receipt.ts';
import {
  accepted,
  approval,
  approver,
  completed,
  denial,
  descriptor,
  fill,
  hex,
  holder,
  keyFromSeed,
  leaves,
  logged,
  manifest,
  official,
  receipt,
  recipients,
  request,
  sealedAccounting,
  second,
  seeds,
  signed,
  stranger,
  utf8,
  waiver,
} from './signed-documents.ts';

const document = (comment: string, kind: string, envelope: Envelope) => ({
  comment,
  kind,
  payload_type: envelope.payloadType,
  payload: Buffer.from(envelope.payload).toString(),
  payload_sha256: hex(epochIdOf(envelope.payload)),
  pre_authentication_encoding: hex(preAuthenticationEncoding(envelope)),
  signatures: envelope.signatures.map(({ keyid, sig }) => ({ keyid, sig: hex(sig) })),
  envelope: hex(encodeEnvelope(envelope)),
});

/** The payload after a change of its text, which must change something. */
function changed(payload: Uint8Array, from: string | RegExp, to: string): Uint8Array {
  const text = Buffer.from(payload).toString();
  const after = text.replace(from, to);
  if (after === text) throw new Error(`the payload has no ${String(from)}`);
  return utf8(after);
}
const resigned = (type: PayloadType, payload: Uint8Array, key: KeyObject): string =>
  hex(encodeEnvelope(signPayload(type, payload, key)));
const retext = (envelope: Envelope, from: string, to: string): string =>
  hex(changed(encodeEnvelope(envelope), from, to));

const asDescriptor = (comment: string, from: string, to: string, code = 'descriptor_invalid') => ({
  comment,
  kind: 'epoch_descriptor',
  envelope: resigned(PAYLOAD_TYPES.epochDescriptor, changed(descriptor, from, to), holder),
  code,
});
const asManifest = (comment: string, from: string, to: string) => ({
  comment,
  kind: 'request_manifest',
  envelope: resigned(PAYLOAD_TYPES.requestManifest, changed(manifest, from, to), official),
  code: 'manifest_malformed',
});
const asApproval = (comment: string, from: string, to: string) => ({
  comment,
  kind: 'approval',
  envelope: resigned(PAYLOAD_TYPES.approval, changed(denial, from, to), approver),
  code: 'approval_invalid',
});
const asReceipt = (comment: string, from: string | RegExp, to: string, code = 'receipt_invalid') => ({
  comment,
  kind: 'receipt',
  envelope: resigned(PAYLOAD_TYPES.receipt, changed(receipt, from, to), holder),
  code,
});
const receiptWith = (
  comment: string,
  lie: Partial<LoggedLeaf>,
  code: string,
  policy: PlacedLeaf = logged(0),
) => ({
  comment,
  kind: 'receipt',
  envelope: resigned(
    PAYLOAD_TYPES.receipt,
    encodeReceipt({ completed, logged: { ...logged(2), ...lie }, policy }, holder),
    holder,
  ),
  code,
});
/** A receipt whose leaf about the request is right, and the policy's is not. */
const policyWith = (comment: string, lie: Partial<PlacedLeaf>) =>
  receiptWith(comment, {}, 'log_invalid', { ...logged(0), ...lie });
/** A receipt with true proofs of two leaves of a log that no holder may keep. */
const receiptIn = (comment: string, log: readonly LogLeaf[], acceptedAt: number, policyAt: number) =>
  receiptWith(comment, logged(acceptedAt, log), 'log_invalid', logged(policyAt, log));
/** A receipt that is whole, of a log whose leaf about the request has these changes. */
const receiptOf = (comment: string, changes: Partial<typeof accepted>) => {
  const log = leaves.with(2, { ...accepted, ...changes });
  return receiptWith(comment, logged(2, log), 'receipt_invalid', logged(0, log));
};
const accountingWith = (comment: string, of: LoggedLeaf, key: KeyObject, code: string) => ({
  comment,
  kind: 'accounting_receipt',
  envelope: resigned(PAYLOAD_TYPES.accountingReceipt, encodeAccountingReceipt(of, key), key),
  code,
});
const asEnvelope = (comment: string, from: string, to: string) => ({
  comment,
  kind: 'request_manifest',
  envelope: retext(signed.manifest, from, to),
  code: 'manifest_malformed',
});

const keyText = Buffer.from(publicKeyToSpki(holder)).toString('base64');
const strangerText = Buffer.from(publicKeyToSpki(stranger)).toString('base64');
const failures = [
  asEnvelope('an unknown member in the envelope', '{"payload":', '{"more":1,"payload":'),
  asEnvelope('a repeated member in the envelope', '{"payload":', '{"payload":"","payload":'),
  asEnvelope('base64 with a line break', '{"payload":"', '{"payload":"\\n'),
  asEnvelope('base64 without its padding', '=="}]', '"}]'),
  asEnvelope('another payload type', PAYLOAD_TYPES.requestManifest, PAYLOAD_TYPES.receipt),
  asEnvelope('a key id in upper case', fingerprint(second), fingerprint(second).toUpperCase()),
  asEnvelope('two signatures with one key id', fingerprint(second), fingerprint(official)),
  {
    comment: 'a descriptor with another holder key, signed by it',
    kind: 'epoch_descriptor',
    envelope: resigned(PAYLOAD_TYPES.epochDescriptor, changed(descriptor, keyText, strangerText), stranger),
    code: 'holder_unexpected',
  },
  {
    comment: 'a descriptor signed by a stranger',
    kind: 'epoch_descriptor',
    envelope: resigned(PAYLOAD_TYPES.epochDescriptor, descriptor, stranger),
    code: 'descriptor_invalid',
  },
  {
    comment: 'a descriptor changed after it was signed',
    kind: 'epoch_descriptor',
    envelope: hex(
      encodeEnvelope({ ...signed.descriptor, payload: changed(descriptor, '"epoch":1', '"epoch":2') }),
    ),
    code: 'descriptor_invalid',
  },
  {
    comment: 'a descriptor without a signature',
    kind: 'epoch_descriptor',
    envelope: hex(encodeEnvelope({ ...signed.descriptor, signatures: [] })),
    code: 'descriptor_invalid',
  },
  asDescriptor('another suite', 'ristretto255-SHA512', 'P256-SHA256', 'suite_unsupported'),
  asDescriptor('an unknown member', '"epoch":1', '"epoch":1,"more":1'),
  asDescriptor('a repeated member', '"epoch":1', '"epoch":1,"epoch":1'),
  asDescriptor('epoch 0', '"epoch":1', '"epoch":0'),
  asDescriptor(
    'the identity as public key',
    'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
    '00'.repeat(32),
  ),
  asDescriptor('a public key in upper case', 'e2f2ae', 'E2F2AE'),
  asDescriptor('an integer with a fraction of zero', '"epoch":1', '"epoch":1.0'),
  asDescriptor('an integer that is only rounded to 1', '"epoch":1', '"epoch":1.0000000000000000000001'),
  {
    comment: 'five objects and arrays inside one another, which is found before the holder is looked at',
    kind: 'epoch_descriptor',
    envelope: resigned(
      PAYLOAD_TYPES.epochDescriptor,
      changed(changed(descriptor, keyText, strangerText), '"epoch":1', '"more":[[[[]]]],"epoch":1'),
      stranger,
    ),
    code: 'descriptor_invalid',
  },
  asDescriptor('a leap second', '00:00:00.000Z', '23:59:60.000Z'),
  asDescriptor('a day that does not exist', '2026-11-01', '2026-11-31'),
  asDescriptor('a time with an offset', '00:00:00.000Z', '00:00:00.000+00:00'),
  asDescriptor('no tier', '["name_address_dob","name_address"]', '[]'),
  asDescriptor('a tier twice', '["name_address_dob",', '["name_address","name_address",'),
  asDescriptor(
    'the tiers in another order',
    '["name_address_dob","name_address"]',
    '["name_address","name_address_dob"]',
  ),
  asDescriptor('a tier that there is not', '"name_address"]', '"name_only"]'),
  asDescriptor('a tier that is no list', '["name_address_dob","name_address"]', '"name_address"'),
  asDescriptor('no least age of an order', '"minimum_order_age_days":30,', ''),
  asDescriptor(
    'a least age of more than a century',
    '"minimum_order_age_days":30',
    '"minimum_order_age_days":36501',
  ),
  asDescriptor('a reader of evidence in a role that there is not', '"role":"auditor"', '"role":"inspector"'),
  asDescriptor('a reader of evidence twice', recipients.auditor, recipients.certifier),
  asDescriptor('two readers of evidence with one name', 'Court of Audit', 'Registry of Orders'),
  asDescriptor('a recipient in upper case', recipients.auditor, recipients.auditor.toUpperCase()),
  asDescriptor('a recipient that is too short', recipients.inspector, recipients.inspector.slice(0, -1)),
  asDescriptor(
    'no member for the inspector',
    `"inspector":{"name":"Inspector General","recipient":"${recipients.inspector}"},`,
    '',
  ),
  asDescriptor('another chunk size', '"chunk_elements":4096', '"chunk_elements":4095'),
  asDescriptor('a length above 2^53 - 1', '"bytes":1234567', '"bytes":9007199254740992'),
  asManifest('an empty statute', '8 U.S.C. 1253(a)(1)', ''),
  asManifest('white space around the reason', 'Final orders of October', ' Final orders of October'),
  asManifest('an ideographic space behind the reason', 'of October', 'of October\\u3000'),
  asManifest('two spaces in a row in the reason', 'orders of', 'orders  of'),
  asManifest('a no-break space in the reason', 'orders of', 'orders\\u00a0of'),
  asManifest('a filler that shows nothing in the reason', 'orders of', 'orders\\u3164of'),
  asManifest('a variation selector in the reason', 'orders of', 'orders\\ufe0f of'),
  asManifest('the empty pattern of Braille for a reason', 'Final orders of October', '\\u2800'),
  asManifest('a start that is no time', '2026-11-21T11:00:00.000Z', 'yesterday'),
  asManifest('an end that is no time', '2026-11-28T11:00:00.000Z', ''),
  asManifest('a line break in the reason', 'orders of', 'orders\\nof'),
  asManifest('a bidi override in the reason', 'orders of', 'orders\\u202eof'),
  asManifest('a statute of 257 bytes', '8 U.S.C. 1253(a)(1)', 'x'.repeat(257)),
  asManifest('no records', '"records":2500', '"records":0'),
  asManifest('more records than match keys', '"records":2500', '"records":5001'),
  asManifest('a number with an exponent', '"records":2500', '"records":25e2'),
  asManifest('a negative number', '"records":2500', '"records":-2500'),
  asManifest('a number as text', '"records":2500', '"records":"2500"'),
  asManifest('a chunk count that the elements do not fill', '"count":2', '"count":3'),
  asManifest('an end that is the start', '2026-11-28T11', '2026-11-21T11'),
  asManifest('a short nonce', '08'.repeat(32), '08'.repeat(31)),
  asManifest(
    'an empty purpose',
    '"purpose":"Location of individuals under a final order of removal"',
    '"purpose":""',
  ),
  asManifest('a tax period twice', '"2025-Q3"', '"2024"'),
  asManifest('a quarter that there is not', '"2025-Q3"', '"2025-Q5"'),
  asManifest('a month that there is not', '"2025-10"', '"2025-13"'),
  asManifest('a tax period as a number', '"2024"', '2024'),
  asManifest('an investigator twice', 'B-2044', 'B-1017'),
  asManifest('an investigator without a name', 'Ada Byrne', ''),
  asManifest('an unknown member of an investigator', '"id":"B-1017"', '"id":"B-1017","badge":"B-1017"'),
  asManifest('orders that end before they begin', '2026-09-28', '2026-10-21'),
  asManifest('an order of a day that does not exist', '2026-09-28', '2026-09-31'),
  asManifest('evidence that is no digest', hex(sha256(utf8('sealed evidence'))), ''),
  asManifest(
    'no member for the evidence',
    `"evidence":"${digestText(sha256(utf8('sealed evidence')))}",`,
    '',
  ),
  asManifest('an attestation of 401 bytes', 'The answers are used for this purpose only.', 'x'.repeat(401)),
  asApproval('a denial without a reason', '"reason":"The attestation is out of date"', '"reason":null'),
  {
    comment: 'a waiver without a reason',
    kind: 'approval',
    envelope: resigned(
      PAYLOAD_TYPES.approval,
      changed(waiver, '"reason":"The inspector has left office"', '"reason":null'),
      approver,
    ),
    code: 'approval_invalid',
  },
  asApproval('a decision that there is not', '"decision":"denied"', '"decision":"pending"'),
  asApproval('a reason of 257 bytes', 'The attestation is out of date', 'x'.repeat(257)),
  asApproval('an unknown member of an approval', '{"request":', '{"policy":null,"request":'),
  {
    comment: 'an approval in the envelope of a receipt',
    kind: 'approval',
    envelope: resigned(PAYLOAD_TYPES.receipt, approval, approver),
    code: 'approval_invalid',
  },
  {
    comment: 'a receipt signed by an official',
    kind: 'receipt',
    envelope: resigned(PAYLOAD_TYPES.receipt, receipt, official),
    code: 'receipt_invalid',
  },
  {
    comment: 'a receipt by another holder',
    kind: 'receipt',
    envelope: resigned(
      PAYLOAD_TYPES.receipt,
      encodeReceipt({ completed, logged: logged(2, leaves, stranger), policy: logged(0) }, stranger),
      stranger,
    ),
    code: 'holder_unexpected',
  },
  asReceipt(
    'a completion that is no time',
    '"completed":"2026-11-21T12:05:00.250Z"',
    '"completed":"2026-11-21"',
  ),
  asReceipt('an end before the start', '"completed":"2026-11-21T12', '"completed":"2026-11-21T11'),
  asReceipt('an unknown member of a receipt', '{"completed":', '{"more":1,"completed":'),
  asReceipt('a path of half a node', '"path":"', '"path":"AAAA'),
  asReceipt('half a character in the leaf', 'Requesting Agency', '\\ud800'),
  asReceipt('a leaf that is not in its canonical form', '"leaf":"{', '"leaf":"{ ', 'log_invalid'),
  receiptWith('a receipt whose leaf accepts nothing', logged(3), 'receipt_invalid'),
  receiptWith('a leaf at another place than the path leads to', { index: 1 }, 'log_invalid'),
  receiptWith('a place beyond the tree', { index: 5 }, 'log_invalid'),
  receiptWith('a path that is cut', { path: logged(2).path.subarray(32) }, 'log_invalid'),
  receiptWith(
    'a leaf that another tree has',
    { leaf: encodeLeaf({ ...accepted, records: 2499 }) },
    'log_invalid',
  ),
  receiptWith(
    'a checkpoint that another holder signed',
    { checkpoint: logged(2, leaves, stranger).checkpoint },
    'log_invalid',
  ),
  receiptWith(
    'a checkpoint of another size',
    { checkpoint: logged(2, leaves.slice(0, 4)).checkpoint },
    'log_invalid',
  ),
  asReceipt('no path of the policy', /,"policy_path":"[^"]*"/, ''),
  asReceipt('a path of the policy of half a node', '"policy_path":"', '"policy_path":"AAAA'),
  asReceipt(
    'a leaf of the policy that is not in its canonical form',
    '"policy_leaf":"{',
    '"policy_leaf":"{ ',
    'log_invalid',
  ),
  policyWith('the leaf of another policy than the tree has', {
    leaf: encodeLeaf({
      type: 'policy',
      time: '2026-11-02T00:00:00.000Z',
      policy: digestText(fill(12)),
    }),
  }),
  policyWith('the policy at another place than the path leads to', { index: 1 }),
  policyWith('the policy at a place beyond the tree', { index: 5 }),
  policyWith('a path of the policy that is cut', { path: logged(0).path.subarray(32) }),
  policyWith('the path of the policy in an earlier tree', { path: logged(0, leaves.slice(0, 4)).path }),
  policyWith("the epoch in the policy's place", logged(1)),
  policyWith("the acceptance itself in the policy's place", logged(2)),
  receiptIn(
    'a policy that is another than the acceptance names',
    leaves.with(2, { ...accepted, policy: digestText(fill(0)) }),
    2,
    0,
  ),
  receiptIn('a policy that came in force after the acceptance', [...leaves.slice(1), ...leaves.slice(0, 1)], 1, 4),
  receiptIn(
    "an earlier decision by the policy in the policy's place",
    leaves.with(1, {
      type: 'pending',
      time: '2026-11-21T11:30:00.000Z',
      request,
      records: 2500,
      elements: 5004,
      policy: digestText(fill(12)),
      epoch_id: accepted.epoch_id,
      requester: accepted.requester,
    }),
    2,
    1,
  ),
  receiptOf('a receipt for another request', { request: digestText(fill(0)) }),
  receiptOf('another count of elements', { elements: 5003 }),
  receiptOf('another statute', { statute: 'Another' }),
  receiptOf('another purpose', { purpose: 'Another' }),
  receiptOf('another count of investigators', { investigators: 1 }),
  receiptOf('an acceptance more than five minutes before the request was made', {
    time: '2026-11-21T10:54:59.999Z',
  }),
  receiptOf('an official who did not sign the request', { officials: [fingerprint(stranger)] }),
  receiptOf('a certifier who did not sign the request', { certifiers: [fingerprint(stranger)] }),
  accountingWith(
    'an accounting receipt of a leaf about something else',
    logged(2),
    holder,
    'receipt_invalid',
  ),
  accountingWith(
    'an accounting receipt by another holder',
    logged(4, leaves, stranger),
    stranger,
    'holder_unexpected',
  ),
  accountingWith(
    'an accounting receipt for other sealed bytes',
    logged(
      4,
      leaves.with(4, {
        type: 'accounting',
        time: '2026-11-21T12:06:00.000Z',
        request,
        accounting: digestText(fill(0)),
        bytes: 17,
      }),
    ),
    holder,
    'receipt_invalid',
  ),
  {
    comment: 'a receipt in the place of an accounting receipt',
    kind: 'accounting_receipt',
    envelope: resigned(PAYLOAD_TYPES.receipt, receipt, holder),
    code: 'receipt_invalid',
  },
];

const keys = Object.entries(seeds).map(([name, seed]) => {
  const key = keyFromSeed(seed);
  return {
    comment: `${name}: an Ed25519 key pair from a 32-byte seed`,
    name,
    seed: hex(seed),
    spki: hex(publicKeyToSpki(key)),
    spki_pem: publicKeyToPem(key),
    fingerprint: fingerprint(key),
  };
});

writeFileSync(
  new URL('../documents.json', import.meta.url),
  `${JSON.stringify(
    {
      comment:
        'Signed documents; documents.md. The failures are opened as the documents are: for this holder, and receipts for the first manifest and the sealed accounting.',
      keys,
      sealed_accounting: hex(sealedAccounting),
      documents: [
        document('an epoch descriptor; its hash is the epoch id', 'epoch_descriptor', signed.descriptor),
        document(
          'a request manifest signed by two officials and a certifier; its hash is the request id',
          'request_manifest',
          signed.manifest,
        ),
        document('a request manifest that says no more than it must', 'request_manifest', signed.bare),
        document('an approval of the first request', 'approval', signed.approval),
        document('a denial of it', 'approval', signed.denial),
        document('a waiver of its accounting', 'approval', signed.waiver),
        document("a receipt for it, with its leaf and the policy's in the log", 'receipt', signed.receipt),
        document(
          'a receipt for it in a log that holds neither its statute nor its purpose',
          'receipt',
          signed.unlistedReceipt,
        ),
        document(
          'a receipt for the sealed accounting of its matches',
          'accounting_receipt',
          signed.accountingReceipt,
        ),
      ],
      failures,
    },
    null,
    2,
  )}\n`,
);
