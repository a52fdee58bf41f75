import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash } from '@blindmatch/merkle';
import { signCheckpoint } from '../src/checkpoint.ts';
import { cosignNote, formatNote, parseNote } from '../src/signed-note.ts';
import { digestText, sha256 } from '../src/digest.ts';
import { encodeEnvelope, parseEnvelope, PAYLOAD_TYPES, signPayload } from '../src/envelope.ts';
import { fingerprint, publicKeyToSpki } from '../src/keys.ts';
import { encodeLeaf } from '../src/log-leaf.ts';
import type { LeafOf } from '../src/log-leaf.ts';
import type { LoggedLeaf, PlacedLeaf } from '../src/logged-leaf.ts';
import {
  openAccountingReceipt,
  openReceipt,
  requireReceiptFor,
  verifyAccountingReceipt,
  verifyReceipt,
} from '../src/receipt.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  codeOf,
  descriptor,
  epochLeaf,
  epochOf,
  holderFingerprint,
  holderKey,
  NOON,
  officialKey,
  patternElements,
  policyLeaf,
  requestOf,
  secondOfficialKey,
  signedAccountingReceipt,
  signedReceipt,
  strangerKey,
  TestLog,
} from './setting.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const epoch = epochOf();
const request = requestOf(patternElements(10), { epoch }).open;
const expected = { descriptor, request };
const holder = { holder: holderFingerprint };
const sealed = utf8('sealed accounting');
/** After every time of a leaf here. */
const LATER = new Date('2026-11-29T00:00:00.000Z');
const finished = {
  type: 'finished',
  time: NOON.toISOString(),
  request: digestText(request.requestId),
} as const;

/** A log whose leaf 2 accepts the request with these changes. */
function logWith(changes: Partial<LeafOf<'accepted'>> = {}, key = holderKey): TestLog {
  return new TestLog(
    [policyLeaf, epochLeaf(epoch), acceptedLeaf(request, changes), finished, accountingLeaf(request, sealed)],
    key,
  );
}

const log = logWith();
const { logged, policy } = log.acceptance(2);
const open = (envelope: Uint8Array) => openReceipt(envelope, expected);
const text = (envelope: Uint8Array) =>
  Buffer.from(parseEnvelope(envelope, PAYLOAD_TYPES.receipt).payload).toString();
/** The receipt after a change of its payload's text, signed again by the holder. */
const changed = (from: string | RegExp, to: string) => {
  const before = text(signedReceipt({ logged, policy }));
  expect(before).toMatch(from);
  return encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, utf8(before.replace(from, to)), holderKey));
};

describe('a receipt', () => {
  it('proves what was accepted, with nothing but the fingerprint of the holder', () => {
    const { accepted, completed, checkpoint } = verifyReceipt(signedReceipt({ logged, policy }), holder);
    expect(accepted).toEqual(acceptedLeaf(request));
    expect(completed).toEqual(NOON);
    expect(checkpoint).toEqual(log.checkpoint());
    expect(open(signedReceipt({ logged, policy })).accepted).toEqual(accepted);
  });

  it('is as good with any later checkpoint, and with one that a witness has cosigned', () => {
    for (const size of [3, 4, 5]) {
      expect(open(signedReceipt(log.acceptance(2, size))).checkpoint.size).toBe(size);
    }
    const witness = { name: 'witness.example/w', key: strangerKey };
    const note = formatNote(cosignNote(parseNote(logged.checkpoint), witness, NOON));
    const cosigned = { logged: { ...logged, checkpoint: note }, policy };
    expect(open(signedReceipt(cosigned)).checkpoint.note).toBe(note);
  });

  it('of another holder is holder_unexpected', () => {
    const foreign = signedReceipt(logWith({}, strangerKey).acceptance(2), { key: strangerKey });
    expect(codeOf(() => verifyReceipt(foreign, holder))).toBe('holder_unexpected');
    expect(codeOf(() => verifyReceipt(foreign, { holder: fingerprint(strangerKey) }))).toBeUndefined();
  });

  it('that says the key of the holder and is signed by another is receipt_invalid', () => {
    const payload = parseEnvelope(signedReceipt({ logged, policy }), PAYLOAD_TYPES.receipt).payload;
    const forged = encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, strangerKey));
    expect(codeOf(() => verifyReceipt(forged, holder))).toBe('receipt_invalid');
  });

  it.each<[string, Partial<LoggedLeaf>]>([
    ['another leaf than the tree has', { leaf: logWith({ records: 6 }).logged(2).leaf }],
    ['another place', { index: 1 }],
    ['a place beyond the tree', { index: 5 }],
    ['a path cut at its end', { path: logged.path.subarray(0, -32) }],
    ['a path cut at its start', { path: logged.path.subarray(32) }],
    ['no path', { path: new Uint8Array() }],
    ['a path with a node too many', { path: new Uint8Array([...logged.path, ...new Uint8Array(32)]) }],
    ['the checkpoint of another size', { checkpoint: log.checkpoint(4).note }],
    ['a checkpoint that another holder signed', { checkpoint: logWith({}, strangerKey).checkpoint().note }],
    ['a checkpoint that is no note', { checkpoint: 'checkpoint' }],
    ['a checkpoint of another root', { checkpoint: logWith({ records: 6 }).checkpoint().note }],
  ])('with %s is log_invalid', (_, lie) => {
    expect(codeOf(() => open(signedReceipt({ logged: { ...logged, ...lie }, policy })))).toBe('log_invalid');
  });

  it('proves any leaf that had put the policy in force before, in the same tree', () => {
    const twice = new TestLog([
      policyLeaf,
      epochLeaf(epoch),
      { ...policyLeaf, policy: digestText(new Uint8Array(32)) },
      { ...policyLeaf, time: NOON.toISOString() },
      acceptedLeaf(request),
      finished,
    ]);
    for (const size of [5, 6]) {
      for (const index of [0, 3]) {
        const envelope = signedReceipt({ logged: twice.logged(4, size), policy: twice.logged(index, size) });
        expect(open(envelope).accepted.policy).toBe(policyLeaf.policy);
      }
    }
  });

  const lateLeaf = { ...policyLeaf, time: NOON.toISOString() };
  const late = new TestLog([epochLeaf(epoch), acceptedLeaf(request), lateLeaf]);
  const other = logWith({ policy: digestText(new Uint8Array(32)) });
  const asked = acceptedLeaf(request);
  const waited = new TestLog([
    policyLeaf,
    {
      type: 'pending',
      time: asked.time,
      request: asked.request,
      records: asked.records,
      elements: asked.elements,
      policy: asked.policy,
      epoch_id: asked.epoch_id,
      requester: asked.requester,
    },
    asked,
  ]);
  it.each<[string, LoggedLeaf, PlacedLeaf]>([
    ['that is an earlier decision by it', waited.logged(2), waited.logged(1)],
    ['that the log does not have', logged, { ...policy, leaf: encodeLeaf(lateLeaf) }],
    ['at another place', logged, { ...policy, index: 1 }],
    ['at a place beyond the tree', logged, { ...policy, index: 5 }],
    ['with a path that is cut', logged, { ...policy, path: policy.path.subarray(32) }],
    ['with no path', logged, { ...policy, path: new Uint8Array() }],
    ['with the path of another tree', logged, log.logged(0, 3)],
    ['in another log of the holder', logged, other.logged(0)],
    ['that is another than the acceptance names', other.logged(2), other.logged(0)],
    ['in force after the acceptance only', late.logged(1), late.logged(2)],
    ['that is the epoch', logged, log.logged(1)],
    ['that is the acceptance itself, which names the policy too', logged, logged],
    ['that is no leaf', logged, { ...policy, leaf: new Uint8Array() }],
  ])('with a policy %s is log_invalid', (_, accepted, lie) => {
    expect(codeOf(() => open(signedReceipt({ logged: accepted, policy: lie })))).toBe('log_invalid');
  });

  it('with leaves that are in the log and in no canonical form is log_invalid', () => {
    // Whoever keeps a log can put anything in it.
    const loose = utf8(JSON.stringify(policyLeaf));
    const bytes = [loose, logged.leaf];
    const hashes = bytes.map((leaf) => leafHash(leaf));
    const root = nodeHash(hashes[0]!, hashes[1]!);
    const checkpoint = signCheckpoint({ size: 2, root }, holderKey).note;
    const envelope = signedReceipt({
      logged: { leaf: logged.leaf, index: 1, path: hashes[0]!, checkpoint },
      policy: { leaf: loose, index: 0, path: hashes[1]! },
    });
    expect(codeOf(() => verifyReceipt(envelope, holder))).toBe('log_invalid');
  });

  it.each<[string, string | RegExp, string]>([
    ['an unknown member', '{"completed":', '{"more":1,"completed":'],
    ['a time that is none', NOON.toISOString(), 'noon'],
    ['a completion before the acceptance', NOON.toISOString(), '2026-11-21T11:59:59.999Z'],
    ['a key that is none', publicKeyToBase64(), 'AAAA'],
    ['a negative place', '"index":2', '"index":-2'],
    ['a place of 2^32', '"index":2', '"index":4294967296'],
    ['a path that is not base64', '"path":"', '"path":"!'],
    ['a path of half a node', '"path":"', '"path":"AAAA'],
    ['no leaf of its policy', /"policy_leaf":"[^}]*}",/, ''],
    ['no place of its policy', '"policy_index":0,', ''],
    ['no path of its policy', /,"policy_path":"[^"]*"/, ''],
    ['a negative place of its policy', '"policy_index":0', '"policy_index":-1'],
    ['a path of its policy that is not base64', '"policy_path":"', '"policy_path":"!'],
    ['a path of its policy of half a node', '"policy_path":"', '"policy_path":"AAAA'],
    ['half a character in the leaf of its policy', '"policy_leaf":"', '"policy_leaf":"\\ud800'],
    ['half a character in its leaf', 'Requesting Agency', '\\ud800'],
    ['half a character in its checkpoint', '\\n\\n\u2014', '\\n\\n\\udc00'],
  ])('with %s is receipt_invalid', (_, from, to) => {
    expect(codeOf(() => open(changed(from, to)))).toBe('receipt_invalid');
  });

  it.each([0, 1, 3, 4])('for leaf %i, which accepts nothing, is receipt_invalid', (index) => {
    expect(codeOf(() => verifyReceipt(signedReceipt(log.acceptance(index)), holder))).toBe('receipt_invalid');
  });

  it.each<[string, Partial<LeafOf<'accepted'>>]>([
    ['another request', { request: digestText(new Uint8Array(32)) }],
    ['another epoch', { epoch_id: digestText(new Uint8Array(32)) }],
    ['another statute', { statute: 'Another' }],
    ['another purpose', { purpose: 'Another' }],
    ['more records', { records: 6 }],
    ['fewer elements', { elements: 9 }],
    ['no investigator', { investigators: 0 }],
    ['an official who has not signed', { officials: [fingerprint(strangerKey)] }],
    ['a certifier who has not signed', { certifiers: [fingerprint(strangerKey)] }],
    ['a request that was not made yet', { time: '2026-11-21T10:54:59.999Z' }],
    ['a request that had expired', { time: request.manifest.expires.toISOString() }],
  ])('for %s is whole, but not for this request', (_, changes) => {
    const envelope = signedReceipt(logWith(changes).acceptance(2), { completed: LATER });
    const receipt = verifyReceipt(envelope, holder);
    expect(
      codeOf(() => {
        requireReceiptFor(receipt, request);
      }),
    ).toBe('receipt_invalid');
    expect(codeOf(() => open(envelope))).toBe('receipt_invalid');
  });

  it.each([
    ['by a clock that is behind by as much as is allowed', '2026-11-21T10:55:00.000Z'],
    ['in the last moment of its validity', '2026-11-28T10:59:59.999Z'],
  ])('may say that the request was accepted %s', (_, time) => {
    const envelope = signedReceipt(logWith({ time }).acceptance(2), { completed: LATER });
    expect(open(envelope).accepted.time).toBe(time);
  });

  it('may leave out statute and purpose, which the request id binds', () => {
    const unlisted = { statute: null, purpose: null };
    expect(open(signedReceipt(logWith(unlisted).acceptance(2))).accepted).toMatchObject(unlisted);
  });

  it('may name any of those who signed as officials or certifiers, and any requester and approval', () => {
    const names = {
      officials: [fingerprint(secondOfficialKey)],
      certifiers: [fingerprint(officialKey)],
      requester: 'Another name of the same agency',
      approval: digestText(new Uint8Array(32)),
    };
    expect(open(signedReceipt(logWith(names).acceptance(2))).accepted).toMatchObject(names);
  });
});

describe('the receipt of an accounting', () => {
  const wanted = { ...expected, accounting: sha256(sealed) };
  const openIt = (envelope: Uint8Array) => openAccountingReceipt(envelope, wanted);

  it('proves that the sealed accounting is in the log', () => {
    const { accounting, checkpoint } = openIt(signedAccountingReceipt(log.logged(4)));
    expect(accounting).toEqual(accountingLeaf(request, sealed));
    expect(checkpoint.size).toBe(5);
    expect(verifyAccountingReceipt(signedAccountingReceipt(log.logged(4)), holder).accounting).toEqual(
      accounting,
    );
  });

  it('of another request, or of other bytes, is receipt_invalid', () => {
    const with4 = (leaf: LeafOf<'accounting'>) =>
      signedAccountingReceipt(
        new TestLog([policyLeaf, epochLeaf(epoch), acceptedLeaf(request), finished, leaf]).logged(4),
      );
    const otherRequest = accountingLeaf(request, sealed, { request: digestText(new Uint8Array(32)) });
    expect(codeOf(() => openIt(with4(otherRequest)))).toBe('receipt_invalid');
    expect(codeOf(() => openIt(with4(accountingLeaf(request, utf8('other bytes')))))).toBe('receipt_invalid');
    expect(codeOf(() => openIt(with4(accountingLeaf(request, sealed))))).toBeUndefined();
  });

  it('of another leaf, or whose leaf is not in the log, is refused', () => {
    expect(codeOf(() => openIt(signedAccountingReceipt(log.logged(2))))).toBe('receipt_invalid');
    expect(codeOf(() => openIt(signedAccountingReceipt({ ...log.logged(4), index: 3 })))).toBe('log_invalid');
  });

  it('by another holder, or forged, is refused', () => {
    const foreign = signedAccountingReceipt(logWith({}, strangerKey).logged(4), strangerKey);
    expect(codeOf(() => openIt(foreign))).toBe('holder_unexpected');
    const type = PAYLOAD_TYPES.accountingReceipt;
    const { payload } = parseEnvelope(signedAccountingReceipt(log.logged(4)), type);
    expect(codeOf(() => openIt(encodeEnvelope(signPayload(type, payload, strangerKey))))).toBe(
      'receipt_invalid',
    );
  });

  it('does not stand for a receipt, nor a receipt for it', () => {
    expect(codeOf(() => open(signedAccountingReceipt(log.logged(4))))).toBe('receipt_invalid');
    expect(codeOf(() => openIt(signedReceipt({ logged, policy })))).toBe('receipt_invalid');
  });
});

function publicKeyToBase64(): string {
  return Buffer.from(publicKeyToSpki(holderKey)).toString('base64');
}
