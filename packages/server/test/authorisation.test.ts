import { join } from 'node:path';
import { openSqliteLedger, type Ledger } from '@blindmatch/ledger';
import {
  addSignature,
  encodeEnvelope,
  encodeRequestManifest,
  fingerprint,
  generateSigningKey,
  openRequest,
  PAYLOAD_TYPES,
  unsignedEnvelope,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorise, type Decision, type RequestToAuthorise } from '../src/authorisation.ts';
import type { Policy } from '../src/policy.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const NOON = new Date('2026-11-21T12:00:00Z');
const LATER = new Date('2026-11-22T12:00:00Z');

const [ada, bob, eve, stranger] = [1, 2, 3, 4].map(() => generateSigningKey().privateKey) as [
  KeyObject,
  KeyObject,
  KeyObject,
  KeyObject,
];
const official = (key: KeyObject) => ({ key, fingerprint: fingerprint(key) });
const policy: Policy = {
  name: 'Tax Agency',
  maxElements: 8192,
  answeredTiers: ['name_address_dob', 'name_address'],
  minimumOrderAgeDays: 0,
  requesters: [
    { name: 'A', maxRecords: 10, officials: [official(ada), official(bob)] },
    { name: 'E', maxRecords: 100, officials: [official(eve)] },
  ],
};

let nonces = 0;
let ledgers = 0;
let ledger: Ledger;

beforeEach(() => {
  ledger = openSqliteLedger(join(directory, `${++ledgers}.sqlite`));
});

afterEach(() => {
  ledger.close();
});

function request(signers: readonly KeyObject[], changes: Partial<RequestManifest> = {}): RequestToAuthorise {
  const manifest: RequestManifest = {
    nonce: new Uint8Array(32).fill(++nonces),
    epochId: new Uint8Array(32).fill(1),
    holder: `sha256:${'0'.repeat(64)}`,
    created: NOON,
    expires: LATER,
    statute: '8 U.S.C. 1253(a)(1)',
    reason: 'Final orders of June',
    records: 3,
    elements: 8,
    chunks: { count: 1, root: new Uint8Array(32) },
    ...changes,
  };
  const unsigned = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, encodeRequestManifest(manifest));
  return asked(encodeEnvelope(signers.reduce(addSignature, unsigned)));
}

function asked(envelopeBytes: Uint8Array): RequestToAuthorise {
  return { request: openRequest(envelopeBytes), envelopeBytes, epoch: 1 };
}

const roomForAll = (requester: string): boolean => requester !== '';
const decide = (made: RequestToAuthorise, now = NOON, hasRoom = roomForAll): Decision =>
  authorise(made, policy, ledger, now, hasRoom);
const remembered = (): number => [...ledger.requests()].length;

describe('a request', () => {
  it.each([
    ['of one official', [ada], 'A', [ada]],
    ['of another official', [bob], 'A', [bob]],
    ['of both officials of a requester', [ada, bob], 'A', [ada, bob]],
    ['of an official and a stranger', [stranger, ada], 'A', [ada]],
    ['of the official of another requester', [eve], 'E', [eve]],
  ])('with the signature %s is accepted as its requester', (_, signers, requester, officials) => {
    expect(decide(request(signers))).toEqual({
      accepted: true,
      requester,
      officials: officials.map((key) => fingerprint(key)),
      acceptedAt: NOON,
      resumed: false,
    });
    expect([...ledger.requests()]).toMatchObject([{ requester, records: 3, elements: 8, epoch: 1 }]);
  });

  it.each([
    ['no signature', [], 'not signed'],
    ["a stranger's signature", [stranger], 'No official whom this holder allows'],
    ['signatures of two requesters', [ada, eve], 'several requesters'],
  ])('with %s is refused and nothing of it is remembered', (_, signers, told) => {
    const decision = decide(request(signers));
    expect(decision).toMatchObject({ accepted: false, code: 'official_unknown' });
    expect(decision).toHaveProperty('sentence', expect.stringContaining(told));
    expect(remembered()).toBe(0);
  });

  it("under an official's signature of another manifest is refused", () => {
    const { envelope } = request([ada]).request;
    const { signatures } = request([ada]).request.envelope;
    expect(decide(asked(encodeEnvelope({ ...envelope, signatures })))).toMatchObject({
      accepted: false,
      code: 'official_unknown',
    });
    expect(remembered()).toBe(0);
  });

  it('under a signature that only names an official is refused', () => {
    const { envelope } = request([stranger]).request;
    const signatures = envelope.signatures.map(({ sig }) => ({ keyid: fingerprint(ada), sig }));
    expect(decide(asked(encodeEnvelope({ ...envelope, signatures })))).toMatchObject({ accepted: false });
  });

  it('of as many records as its requester may ask for is accepted, of one more refused', () => {
    expect(decide(request([ada], { records: 10 }))).toMatchObject({ accepted: true });
    expect(decide(request([ada], { records: 11 }))).toMatchObject({
      accepted: false,
      code: 'records_over_cap',
    });
    expect(decide(request([eve], { records: 11 }))).toMatchObject({ accepted: true });
    expect(remembered()).toBe(2);
  });

  it('for which its requester has no room is told to come again, and is charged nothing', () => {
    const made = request([ada]);
    const askedFor: string[] = [];
    const none = (requester: string): boolean => {
      askedFor.push(requester);
      return false;
    };
    expect(decide(made, NOON, none)).toMatchObject({ accepted: false, code: 'shutting_down' });
    expect(decide(request([stranger]), NOON, none)).toMatchObject({ code: 'official_unknown' });
    expect(askedFor).toEqual(['A']);
    expect(remembered()).toBe(0);
    expect(decide(made)).toMatchObject({ accepted: true, resumed: false });
  });

  it('with a nonce that was spent is refused, also for another requester', () => {
    const nonce = new Uint8Array(32).fill(0xaa);
    decide(request([ada], { nonce }));
    for (const signers of [[ada], [eve]]) {
      expect(decide(request(signers, { nonce, reason: 'Another' }))).toMatchObject({
        accepted: false,
        code: 'nonce_reused',
      });
    }
    expect(remembered()).toBe(1);
  });

  it('does not spend its nonce when it is refused', () => {
    const nonce = new Uint8Array(32).fill(0xbb);
    decide(request([ada], { nonce, records: 11 }));
    expect(decide(request([ada], { nonce }))).toMatchObject({ accepted: true, resumed: false });
  });

  it('that comes again is known, keeps its first time and is not counted twice', () => {
    const made = request([ada]);
    decide(made, NOON);
    expect(decide(made, LATER)).toMatchObject({ accepted: true, resumed: true, acceptedAt: NOON });
    expect(remembered()).toBe(1);
  });

  it('that comes again with one more signature is the same request', () => {
    const made = request([ada]);
    decide(made, NOON);
    const signed = asked(encodeEnvelope(addSignature(made.request.envelope, bob)));
    expect(decide(signed, LATER)).toEqual({
      accepted: true,
      requester: 'A',
      officials: [fingerprint(ada)],
      resumed: true,
      acceptedAt: NOON,
    });
    expect(remembered()).toBe(1);
  });

  it('that comes again under the signature of another requester is refused, since that one was not charged', () => {
    const made = request([ada]);
    decide(made);
    const unsigned = { ...made.request.envelope, signatures: [] };
    const decision = decide(asked(encodeEnvelope(addSignature(unsigned, eve))), LATER);
    expect(decision).toMatchObject({ accepted: false, code: 'nonce_reused' });
    expect(decision).toHaveProperty('sentence', expect.stringContaining('for another requester'));
    expect([...ledger.requests()]).toMatchObject([{ requester: 'A', officials: [fingerprint(ada)] }]);
  });

  it('that comes again without its signature is refused, although it is known', () => {
    const made = request([ada]);
    decide(made);
    const stripped = asked(encodeEnvelope({ ...made.request.envelope, signatures: [] }));
    expect(decide(stripped)).toMatchObject({ accepted: false, code: 'official_unknown' });
  });
});
