import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import {
  parseEnvelope,
  PAYLOAD_TYPES,
  type HolderMessage,
  type PayloadType,
  type RequesterMessage,
} from '@blindmatch/protocol';
import {
  calendarDateOf,
  DEFAULT_PROFILE,
  PEOPLE_COLUMNS,
  readPeople,
  readRequests,
  REQUEST_COLUMNS,
  TIERS,
  understandPerson,
  understandRequest,
  type PersonRecord,
  type RequestRecord,
  type RequestRules,
} from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutputEvent } from '../running-program.ts';
import { fieldOf, run, startDaemon, succeed, writeCsv, type RunningDaemon } from './programs.ts';
import { everythingBelow, Traces } from './traces.ts';
import { recordWire, type Conversation } from './wire-recorder.ts';

const matched = {
  given_name: 'Ermintrude',
  middle_name: 'Philippa',
  surname: 'Vashtigoldberg',
  date_of_birth: '1961-11-03',
  street: '4471 Thistledown Hollow Road',
  street2: 'Apartment 7731',
  city: 'Chickasawhatchee',
  state: 'GA',
  postcode: '39842-6617',
};
const onFileOnly = {
  given_name: 'Bartholomew',
  middle_name: 'Ignatius',
  surname: 'Quartermaine',
  date_of_birth: '1948-02-29',
  street: '90210 Wintergreen Terrace North',
  street2: 'Suite 44102',
  city: 'Kalamazoobridge',
  state: 'MI',
  postcode: '49007-8123',
};
const askedOnly = {
  given_name: 'Clementina',
  middle_name: 'Seraphine',
  surname: 'Oyelaranovich',
  date_of_birth: '1990-07-17',
  street: '30118 Marshmallow Crossing',
  street2: '',
  city: 'Tallapoosaville',
  state: 'AL',
  postcode: '36850-1144',
};
const placeholder = {
  ...askedOnly,
  given_name: 'Theophilus',
  surname: 'Ravenscroft',
  street: 'UNKNOWN ADDRESS',
};
const requests = [
  { record_id: 'ZQX-REC-70001', ...askedOnly, order_number: 'A-990188431', order_date: '2024-03-19' },
  { record_id: 'ZQX-REC-70002', ...matched, order_number: 'A-990188432', order_date: '2024-04-20' },
  { record_id: 'ZQX-REC-70003', ...placeholder, order_number: 'A-990188433', order_date: '2024-05-21' },
];

const root = mkdtempSync(join(tmpdir(), 'wire-'));
const holderHome = join(root, 'holder-side');
const requesterHome = join(root, 'requester-side');
const holder = join(holderHome, 'holder');
let conversations: readonly Conversation[];
let daemonOutput: RunningDaemon['output'];
let holderEvents: string;
let requesterEvents: readonly OutputEvent[];
let requesterTraces: Traces;
let holderTraces: Traces;
let keyCount = 0;

/** What both sides understand records by. */
const rules: RequestRules = {
  profile: DEFAULT_PROFILE,
  tiers: TIERS,
  minimumOrderAgeDays: 0,
  today: calendarDateOf(new Date()),
};

/** Every field of a file's records as written, without its punctuation, in canonical form, and word by word. */
async function valuesOf(records: AsyncIterable<PersonRecord | RequestRecord>): Promise<Set<string>> {
  const values = new Set<string>();
  for await (const record of records) {
    const fields = Object.values(record).filter((value): value is string => typeof value === 'string');
    const understood =
      'recordId' in record ? understandRequest(record, rules) : understandPerson(record, rules);
    if (understood.kind === 'keys') {
      keyCount += 'recordId' in record ? understood.keys.length : 0;
      fields.push(...Object.values(understood.fields));
      for (const { value } of understood.keys) values.add(value);
    }
    for (const field of fields) {
      values.add(field).add(field.replace(/[^0-9A-Za-z]/g, ''));
      for (const word of field.split(/[^0-9A-Za-z]+/))
        if (/[G-Zg-z]/.test(word) && word.length > 7) values.add(word);
    }
  }
  return values;
}

beforeAll(async () => {
  mkdirSync(holderHome);
  mkdirSync(requesterHome);
  const people = join(root, 'people.csv');
  const onlyOnFile = join(root, 'only-on-file.csv');
  const asked = join(requesterHome, 'requests.csv');
  writeCsv(people, PEOPLE_COLUMNS, [onFileOnly, matched]);
  writeCsv(onlyOnFile, PEOPLE_COLUMNS, [onFileOnly]);
  writeCsv(asked, REQUEST_COLUMNS, requests);
  requesterTraces = new Traces(await valuesOf(readRequests(asked)));
  holderTraces = new Traces(await valuesOf(readPeople(onlyOnFile)));

  const official = join(requesterHome, 'official.pem');
  await succeed('blindmatch', ['keygen', official], requesterHome);
  const initialised = await succeed('blindmatchd', ['init', holder, '--name', 'Tax Agency'], holderHome);
  const built = await run('blindmatchd', ['build', holder, '--source', people, '--workers', '1'], holderHome);
  await succeed(
    'blindmatchd',
    [
      ...[
        'allow',
        holder,
        '--requester',
        'Requesting Agency',
        '--official',
        join(requesterHome, 'official.pub.pem'),
      ],
      ...['--max-records', '10'],
    ],
    holderHome,
  );
  const daemon = await startDaemon(holder, holderHome);
  const recorder = await recordWire(daemon.url);
  requesterEvents = await succeed(
    'blindmatch',
    [
      ...[
        'match',
        asked,
        '--server',
        recorder.url,
        '--holder',
        fieldOf(initialised, 'initialised', 'fingerprint'),
      ],
      ...['--key', official, '--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders of June'],
      ...['--out', join(requesterHome, 'results.csv'), '--keep', '--workers', '1'],
    ],
    requesterHome,
  );
  expect(await daemon.stop()).toBe(0);
  await recorder.close();
  conversations = recorder.conversations();
  daemonOutput = daemon.output;
  holderEvents = built.stdout + built.stderr + daemonOutput.stdout + daemonOutput.stderr;
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Everything that was on the wire: as it was, unmasked, and the payloads of the signed documents. */
function wire(): Buffer {
  return Buffer.concat(
    conversations.flatMap(({ requester, holder: other }) => [
      requester.bytes,
      other.bytes,
      ...[...requester.frames, ...other.frames].map(({ payload }) => payload),
      ...[...requester.messages, ...other.messages].flatMap(payloadOf),
    ]),
  );
}

const signedDocuments: Readonly<Record<string, PayloadType>> = {
  request: PAYLOAD_TYPES.requestManifest,
  epoch: PAYLOAD_TYPES.epochDescriptor,
  receipt: PAYLOAD_TYPES.receipt,
};

function payloadOf(message: RequesterMessage | HolderMessage): Uint8Array[] {
  const type = signedDocuments[message.type];
  return type === undefined || !('envelope' in message)
    ? []
    : [parseEnvelope(message.envelope, type).payload];
}

function payloadsNamed(type: 'request' | 'epoch' | 'receipt'): Record<string, unknown>[] {
  return conversations
    .flatMap(({ requester, holder: other }) => [...requester.messages, ...other.messages])
    .filter((message) => message.type === type)
    .flatMap(payloadOf)
    .map((payload) => JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>);
}

describe('a match of planted people over a recorded socket', () => {
  it('finds the one who is on file and nobody else', () => {
    expect(
      readFileSync(join(requesterHome, 'results.csv'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(',').slice(0, 2)),
    ).toEqual([
      ['record_id', 'outcome'],
      ['ZQX-REC-70001', 'no_match'],
      ['ZQX-REC-70002', 'match'],
      ['ZQX-REC-70003', 'rejected'],
    ]);
  });

  it("puts nothing of the requester's records on the wire, nor a hash of it, but the dates of the oldest and the newest order", () => {
    expect(wire().length).toBeGreaterThan(3000);
    expect(requesterTraces.foundIn(wire())).toEqual(['2024-03-19 (as it is)', '2024-04-20 (as it is)']);
    expect(payloadsNamed('request')[0]!['orders']).toEqual({ from: '2024-03-19', to: '2024-04-20' });
  });

  it('puts nothing of the people on file on the wire, nor a hash of it', () => {
    expect(holderTraces.foundIn(wire())).toEqual([]);
  });

  it("leaves nothing of the requester's records in the holder's directory", () => {
    const files = everythingBelow(holderHome);
    expect(files.map(({ path }) => path)).toContain(join(holder, 'ledger.sqlite'));
    expect(files.flatMap(({ bytes }) => requesterTraces.foundIn(bytes))).toEqual([]);
  });

  it("leaves nothing of the requester's records in what the holder's programs print and log", () => {
    expect(daemonOutput.stderr).toContain('request accepted');
    expect(requesterTraces.foundIn(Buffer.from(holderEvents))).toEqual([]);
  });

  it('leaves nothing of the people on file with the requester, its request, cache and token set included', () => {
    const files = everythingBelow(requesterHome);
    const names = files.map(({ path }) => path);
    expect(names.filter((path) => path.endsWith('.bmts'))).toHaveLength(1);
    expect(names.filter((path) => path.endsWith('records.ndjson'))).toHaveLength(1);
    expect(files.flatMap(({ bytes }) => holderTraces.foundIn(bytes))).toEqual([]);
  });

  it('prints nothing of anybody at the requester', () => {
    const printed = Buffer.from(JSON.stringify(requesterEvents));
    expect([...requesterTraces.foundIn(printed), ...holderTraces.foundIn(printed)]).toEqual([]);
  });
});

describe('what the holder learns', () => {
  it('is one manifest: counts, an authority, a time, and commitments', () => {
    const [manifest, ...more] = payloadsNamed('request');
    expect(more).toEqual([]);
    expect(Object.keys(manifest!)).toEqual([
      'nonce',
      'epoch_id',
      'holder',
      'created',
      'expires',
      'statute',
      'purpose',
      'reason',
      'tax_periods',
      'investigators',
      'orders',
      'attestation',
      'evidence',
      'records',
      'elements',
      'chunks',
    ]);
    expect(manifest).toMatchObject({ records: 2, elements: keyCount + 2, chunks: { count: 1 } });
  });

  it('is the blinded elements, as many as there are match keys and canaries', () => {
    const chunks = conversations.flatMap(({ requester }) =>
      requester.messages.filter(({ type }) => type === 'chunk'),
    );
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ index: 0, path: new Uint8Array(0) });
    expect((chunks[0] as { elements: Uint8Array }).elements).toHaveLength(32 * (keyCount + 2));
  });

  it('does not tell it what matched: after the receipt there are only reads of the whole set', () => {
    const types = conversations.at(-1)!.requester.messages.map(({ type }) => type);
    expect(types).toEqual(['hello', 'request', 'chunk', 'finish', 'setRead']);
    const { token_set: tokenSet } = payloadsNamed('epoch')[0]! as { token_set: { bytes: number } };
    expect(conversations.at(-1)!.requester.messages.at(-1)).toEqual({
      type: 'setRead',
      offset: 0,
      length: tokenSet.bytes,
    });
  });

  it('is kept in its ledger as one row of counts', () => {
    const ledger = new DatabaseSync(join(holder, 'ledger.sqlite'), { readOnly: true });
    const rows = ledger.prepare('SELECT requester, records, elements, epoch FROM request').all();
    ledger.close();
    expect(rows).toEqual([{ requester: 'Requesting Agency', records: 2, elements: keyCount + 2, epoch: 1 }]);
  });

  it('shows no address of the requester beside the subprotocol when it connects', () => {
    for (const { requester } of conversations) {
      const headers = requester.head.split('\r\n').map((line) => line.split(':')[0]!.toLowerCase());
      expect(new Set(headers.slice(1, -2))).toEqual(
        new Set([
          ...['host', 'connection', 'upgrade', 'sec-websocket-version', 'sec-websocket-key'],
          'sec-websocket-protocol',
        ]),
      );
    }
  });
});

describe('the search itself', () => {
  const planted = 'Vashtigoldberg';
  const digest = (name: string, text: string): Buffer => createHash(name).update(text).digest();

  it.each([
    ['a value as it is', Buffer.from(planted)],
    ['a value in upper case', Buffer.from('VASHTIGOLDBERG')],
    ['a value in hex', Buffer.from(Buffer.from(planted).toString('hex'))],
    ['a record id', Buffer.from('zqx-rec-70002')],
    ['an order number without its punctuation', Buffer.from('A990188432')],
    ['a raw SHA-256', digest('sha256', planted)],
    ['the first 16 bytes of a SHA-512 of the upper case', digest('sha512', 'VASHTIGOLDBERG').subarray(0, 16)],
    ['an MD5 in upper-case hex', Buffer.from(digest('md5', planted).toString('hex').toUpperCase())],
    ['a SHA-1 in base64', Buffer.from(digest('sha1', planted).toString('base64'))],
    ['a SHA-256 in URL-safe base64', Buffer.from(digest('sha256', planted).toString('base64url'))],
  ])('finds %s where it was put', (_, trace) => {
    const among = Buffer.concat([wire(), trace, Buffer.alloc(40)]);
    expect(requesterTraces.foundIn(among)).not.toEqual([]);
  });

  it('finds a match key and its hash', () => {
    const understood = understandRequest(
      {
        ...{ givenName: matched.given_name, middleName: matched.middle_name, surname: matched.surname },
        ...{ street: matched.street, street2: matched.street2, city: matched.city, state: matched.state },
        ...{ postcode: matched.postcode, dateOfBirth: matched.date_of_birth, recordId: 'any', line: 1 },
        ...{ orderNumber: 'A-990188432', orderDate: '2024-04-20' },
      },
      rules,
    );
    if (understood.kind !== 'keys') throw new Error('the planted person has match keys');
    for (const { value } of understood.keys) {
      expect(requesterTraces.foundIn(Buffer.from(value))).not.toEqual([]);
      expect(requesterTraces.foundIn(digest('sha256', value))).not.toEqual([]);
    }
  });

  it("finds a value in a file of the holder's directory", () => {
    const path = join(holderHome, '.hidden');
    writeFileSync(path, `x${'\0'.repeat(5000)}${planted}`);
    const found = everythingBelow(holderHome).flatMap(({ bytes }) => requesterTraces.foundIn(bytes));
    rmSync(path);
    expect(found).toEqual(['VASHTIGOLDBERG (as it is)']);
  });
});
