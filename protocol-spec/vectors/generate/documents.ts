// Writes protocol-spec/vectors/documents.json: node protocol-spec/vectors/generate/documents.ts
import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  addSignature,
  encodeEnvelope,
  PAYLOAD_TYPES,
  preAuthenticationEncoding,
  signPayload,
} from '../../../packages/protocol/src/envelope.ts';
import type { Envelope, PayloadType } from '../../../packages/protocol/src/envelope.ts';
import { encodeEpochDescriptor, epochIdOf } from '../../../packages/protocol/src/epoch-descriptor.ts';
import { fingerprint, publicKeyToPem, publicKeyToSpki } from '../../../packages/protocol/src/keys.ts';
import { encodeRequestManifest, requestIdOf } from '../../../packages/protocol/src/manifest.ts';
import { encodeReceipt } from '../../../packages/protocol/src/receipt.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const fill = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function keyFromSeed(seed: Uint8Array): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([head, seed]), format: 'der', type: 'pkcs8' });
}
const seeds = { holder: fill(1), official: fill(2), second_official: fill(3), stranger: fill(4) };
const holder = keyFromSeed(seeds.holder);
const official = keyFromSeed(seeds.official);
const second = keyFromSeed(seeds.second_official);
const stranger = keyFromSeed(seeds.stranger);

const descriptor = encodeEpochDescriptor({
  holder: { name: 'Tax Agency', key: publicKeyToSpki(holder) },
  epoch: 1,
  created: new Date('2026-11-01T00:00:00Z'),
  suite: 'ristretto255-SHA512',
  // The group's generator (RFC 9496, A.1).
  publicKey: new Uint8Array(
    Buffer.from('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76', 'hex'),
  ),
  profile: { id: 'us-name-address/2', hash: `sha256:${'5a'.repeat(32)}`, maxKeys: 8 },
  tiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 30,
  tokenSet: { digest: fill(7), bytes: 1_234_567, tokens: 120_000, bits: 80 },
  maxElements: 8_388_608,
  chunkElements: 4096,
  canaries: { present: 64, absent: 64 },
});
const manifest = encodeRequestManifest({
  nonce: fill(8),
  epochId: epochIdOf(descriptor),
  holder: fingerprint(holder),
  created: new Date('2026-11-21T11:00:00Z'),
  expires: new Date('2026-11-28T11:00:00Z'),
  statute: '8 U.S.C. 1253(a)(1)',
  reason: 'Final orders of October',
  records: 2500,
  elements: 5004,
  chunks: { count: 2, root: fill(9) },
});
const receipt = encodeReceipt({
  request: requestIdOf(manifest),
  epochId: epochIdOf(descriptor),
  requester: 'Requesting Agency',
  officials: [fingerprint(official)],
  statute: '8 U.S.C. 1253(a)(1)',
  records: 2500,
  elements: 5004,
  accepted: new Date('2026-11-21T12:00:00Z'),
  completed: new Date('2026-11-21T12:05:00.250Z'),
});

const signed = {
  descriptor: signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, holder),
  manifest: addSignature(signPayload(PAYLOAD_TYPES.requestManifest, manifest, official), second),
  receipt: signPayload(PAYLOAD_TYPES.receipt, receipt, holder),
};

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
function changed(payload: Uint8Array, from: string, to: string): Uint8Array {
  const text = Buffer.from(payload).toString();
  if (!text.includes(from)) throw new Error(`the payload has no ${from}`);
  return utf8(text.replace(from, to));
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
const asReceipt = (comment: string, from: string, to: string) => ({
  comment,
  kind: 'receipt',
  envelope: resigned(PAYLOAD_TYPES.receipt, changed(receipt, from, to), holder),
  code: 'receipt_invalid',
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
  asDescriptor('another chunk size', '"chunk_elements":4096', '"chunk_elements":4095'),
  asDescriptor('a length above 2^53 - 1', '"bytes":1234567', '"bytes":9007199254740992'),
  asManifest('an empty statute', '8 U.S.C. 1253(a)(1)', ''),
  asManifest('white space around the reason', 'Final orders of October', ' Final orders of October'),
  asManifest('an ideographic space behind the reason', 'of October', 'of October\\u3000'),
  asManifest('a start that is no time', '2026-11-21T11:00:00.000Z', 'yesterday'),
  asManifest('an end that is no time', '2026-11-28T11:00:00.000Z', ''),
  asManifest('a line break in the reason', 'orders of', 'orders\\nof'),
  asManifest('a bidi override in the reason', 'orders of', 'orders\\u202eof'),
  asManifest('a statute of 257 bytes', '8 U.S.C. 1253(a)(1)', 'x'.repeat(257)),
  asManifest('no records', '"records":2500', '"records":0'),
  asManifest('a number with an exponent', '"records":2500', '"records":25e2'),
  asManifest('a negative number', '"records":2500', '"records":-2500'),
  asManifest('a number as text', '"records":2500', '"records":"2500"'),
  asManifest('a chunk count that the elements do not fill', '"count":2', '"count":3'),
  asManifest('an end that is the start', '2026-11-28T11', '2026-11-21T11'),
  asManifest('a short nonce', '08'.repeat(32), '08'.repeat(31)),
  {
    comment: 'a receipt signed by an official',
    kind: 'receipt',
    envelope: resigned(PAYLOAD_TYPES.receipt, receipt, official),
    code: 'receipt_invalid',
  },
  asReceipt('another count of elements', '"elements":5004', '"elements":5003'),
  asReceipt('another request', hex(requestIdOf(manifest)), '00'.repeat(32)),
  asReceipt('an official who did not sign the request', fingerprint(official), fingerprint(stranger)),
  asReceipt('no official', `["${fingerprint(official)}"]`, '[]'),
  asReceipt('an acceptance that is no time', '2026-11-21T12:00:00.000Z', 'noon'),
  asReceipt('a completion that is no time', '2026-11-21T12:05:00.250Z', '2026-11-21'),
  asReceipt('an end before the start', '12:05:00.250Z', '11:05:00.250Z'),
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
        'Signed documents; documents.md. The failures are opened as the documents are: for this holder, and a receipt for this manifest.',
      keys,
      documents: [
        document('an epoch descriptor; its hash is the epoch id', 'epoch_descriptor', signed.descriptor),
        document(
          'a request manifest with two signatures; its hash is the request id',
          'request_manifest',
          signed.manifest,
        ),
        document('a receipt for that request', 'receipt', signed.receipt),
      ],
      failures,
    },
    null,
    2,
  )}\n`,
);
