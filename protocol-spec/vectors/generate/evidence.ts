// Writes protocol-spec/vectors/evidence.json: node protocol-spec/vectors/generate/evidence.ts
import { createHash, createHmac } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createInlineOprf, defaultEngine, packByteStrings } from '@blindmatch/oprf';
import {
  absentCanary,
  ChunkTree,
  chunkLeaf,
  digestText,
  presentCanary,
  type CanaryCounts,
} from '@blindmatch/protocol';
import {
  calendarDateOf,
  DEFAULT_PROFILE,
  orderOf,
  understandRequest,
  type RequestRecord,
} from '@blindmatch/records';
import { endLine, headerLine, recordLine } from '../../../packages/client/src/evidence-lines.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha256 = (text: string): Uint8Array => new Uint8Array(createHash('sha256').update(text).digest());

/** The placement as the chapter words it, with integers of any size; it shares no code with the implementation. */
function placement(seed: Uint8Array, chunk: number, elements: number, counts: CanaryCounts) {
  const message = Buffer.concat([Buffer.from('blindmatch.v1/canary-placement'), Buffer.alloc(4)]);
  message.writeUInt32BE(chunk, message.length - 4);
  const digest = hex(createHmac('sha512', seed).update(message).digest());
  const group = (at: number, modulus: number): number =>
    Number(BigInt(`0x${digest.slice(16 * at, 16 * at + 16)}`) % BigInt(modulus));
  const [p, q] = [group(0, elements), group(1, elements - 1)];
  return {
    present_at: p,
    absent_at: q < p ? q : q + 1,
    present: group(2, counts.present),
    absent: group(3, counts.absent),
  };
}

const seed = sha256('blindmatch evidence vector: seed');
const canaries = { present: 64, absent: 64 };
const placements = [
  { chunk: 0, elements: 3, ...canaries },
  { chunk: 0, elements: 2, ...canaries },
  { chunk: 1, elements: 4096, ...canaries },
  { chunk: 2047, elements: 4096, present: 10_000, absent: 1 },
  { chunk: 2 ** 32 - 1, elements: 17, present: 1, absent: 10_000 },
].map(({ chunk, elements, present, absent }) => ({
  comment: `chunk ${chunk} of ${elements} elements, ${present} present and ${absent} absent canaries`,
  seed: hex(seed),
  chunk,
  elements,
  canaries: { present, absent },
  placement: placement(seed, chunk, elements, { present, absent }),
}));

const plain: RequestRecord = {
  recordId: 'R-1',
  givenName: 'Maria',
  middleName: '',
  surname: 'López',
  dateOfBirth: '07/28/1976',
  street: '12 Main St',
  street2: 'Apt 4',
  city: 'Springfield',
  state: 'IL',
  postcode: '62704',
  orderNumber: 'A-012 345',
  orderDate: '06/01/2024',
  line: 1,
};
const records: readonly RequestRecord[] = [
  plain,
  { ...plain, recordId: 'R-2 "quoted"', dateOfBirth: '', surname: 'De la Cruz', orderNumber: 'A2', orderDate: '2025-05-06' },
];

const created = new Date('2026-11-22T09:00:00.000Z');
const { id, hash } = DEFAULT_PROFILE;
const header = { epochId: sha256('an epoch'), holder: digestText(sha256('a holder')), profile: { id, hash }, created, seed };
const rules = { profile: DEFAULT_PROFILE, tiers: ['name_address_dob', 'name_address'] as const, minimumOrderAgeDays: 0, today: calendarDateOf(created) };
const keys = records.map((record) => {
  const understood = understandRequest(record, rules);
  if (understood.kind === 'rejected') throw new Error(`${record.recordId} is rejected: ${understood.code}`);
  return understood.keys.map(({ value }) => value);
});
const all = keys.flat();
const elements = all.length + 2;
const placed = placement(seed, 0, elements, canaries);
const inputs = Array.from({ length: elements }, (_, at) => {
  if (at === placed.present_at) return presentCanary(placed.present);
  if (at === placed.absent_at) return absentCanary(placed.absent);
  return all.shift() ?? '';
});
const { blinded } = await createInlineOprf(defaultEngine()).blind(packByteStrings(inputs), seed, 0);
const orders = records.map((record) => orderOf(record)?.date ?? '').sort();
const [first = '', second = ''] = records.map(recordLine);
const good = `${headerLine(header)}${first}${second}${endLine(2)}`;

const refused = [
  ['nothing', ''],
  ['no header', `${first}${second}${endLine(2)}`],
  ['another version', good.replace('"version":1', '"version":2')],
  ['a header with a member more', good.replace('{"version":1', '{"x":1,"version":1')],
  ['a seed that is too short', good.replace(hex(seed), hex(seed).slice(2))],
  ['a record without its order', good.replace(',"order_date":"06/01/2024"', '')],
  ['a record with a member that is no text', good.replace('"middle_name":""', '"middle_name":null')],
  ['no last line', good.slice(0, -endLine(2).length)],
  ['a last line that is not ended', good.slice(0, -1)],
  ['a last line with another number', good.replace(endLine(2), endLine(3))],
  ['a record behind the last line', `${good}${first}`],
  ['an empty line', good.replace(first, `${first}\n`)],
].map(([comment, plain_text]) => ({ comment, plain_text }));

const vectors = {
  comment: 'Evidence (evidence.md): the plain text before it is sealed, and the request that follows from it.',
  placements,
  requests: [
    {
      comment: 'two records in one chunk, the second without a date of birth',
      epoch: { epoch_id: digestText(header.epochId), holder: header.holder, tiers: rules.tiers, minimum_order_age_days: 0, canaries },
      created: created.toISOString(),
      seed: hex(seed),
      plain_text: good,
      keys,
      inputs,
      blinded: hex(blinded),
      records: records.length,
      elements,
      chunks_root: digestText(new ChunkTree(chunkLeaf(0, blinded)).root),
      orders: { from: orders[0], to: orders.at(-1) },
    },
  ],
  refused,
};

writeFileSync(new URL('../evidence.json', import.meta.url), `${JSON.stringify(vectors, null, 2)}\n`);
