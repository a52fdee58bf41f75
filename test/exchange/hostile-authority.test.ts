import type { KeyObject } from 'node:crypto';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSignature,
  CHUNK_CANARIES,
  encodeEnvelope,
  generateSigningKey,
  openRequest,
  parseEnvelope,
  PAYLOAD_TYPES,
  type RequestManifest,
} from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RawRequester } from './raw-requester.ts';
import { blindedElements, handmadeRequest, type HandmadeRequest } from './small-holder.ts';
import { keyEntry, WatchedHolder } from './watched-holder.ts';

const CAP = 5;
const ELEMENTS = CAP + CHUNK_CANARIES;
const QUOTA = 20;
/** More than one requester's quota holds, fewer than one requester may have open. */
const RACERS = 12;
const EACH_HOUR = 32;

const key = (): KeyObject => generateSigningKey().privateKey;
const official = { asking: key(), second: key(), third: key(), other: key(), certified: key() };
const counted = { slow: key(), fast: key() };
const standing = { expired: key(), revoked: key(), early: key() };
const certifier = key();

const home = mkdtempSync(join(tmpdir(), 'hostile-authority-'));
let holder: WatchedHolder;
let elements: Uint8Array;

beforeAll(async () => {
  const caps = { records_per_request: CAP };
  const agency = (name: string, rule: string, officials: unknown, more: object = {}): object => ({
    ...{ name, required_signatures: rule, caps: { ...caps, ...more }, officials },
  });
  const one = '1 of role official';
  holder = await WatchedHolder.start(home, {
    certifiers: [keyEntry(certifier, { name: 'Registry of Orders' })],
    requesters: [
      agency('Asking Agency', one, [
        keyEntry(official.asking),
        keyEntry(standing.expired, { valid_until: '2026-01-01' }),
        keyEntry(standing.early, { valid_from: '2999-01-01' }),
        keyEntry(standing.revoked, { revoked: '2026-01-01' }),
      ]),
      agency('Pair Agency', '2 of role official', [keyEntry(official.second), keyEntry(official.third)]),
      agency('Other Agency', one, [keyEntry(official.other)], { elements_per_record: 2 }),
      agency('Certified Agency', `1 of role certifier and ${one}`, [keyEntry(official.certified)]),
      agency('Slow Agency', one, [keyEntry(counted.slow)], { records_per_epoch: QUOTA }),
      agency('Fast Agency', one, [keyEntry(counted.fast)], { records_per_epoch: QUOTA }),
    ],
  });
  elements = await blindedElements(ELEMENTS);
});

afterAll(async () => {
  await holder.stop();
  expect(holder.said).not.toContain('internal error');
  rmSync(home, { recursive: true, force: true });
});

/** A request that the daemon would accept but for the changes. */
function request(
  changes: Partial<RequestManifest> = {},
  signers: readonly KeyObject[] = [official.asking],
  over: Uint8Array = elements,
): HandmadeRequest {
  return handmadeRequest(holder.epoch, holder.fingerprint, over, signers, changes);
}

/** The same manifest, signed by others. */
function signedBy({ envelope }: HandmadeRequest, ...signers: readonly KeyObject[]): { envelope: Uint8Array } {
  const bare = { ...parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest), signatures: [] };
  return { envelope: encodeEnvelope(signers.reduce(addSignature, bare)) };
}

/** The manifest as somebody altered it under signatures that were made before. */
function altered({ envelope }: HandmadeRequest, from: string, to: string): { envelope: Uint8Array } {
  const signed = parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest);
  const text = Buffer.from(signed.payload).toString();
  expect(text).toContain(from);
  return { envelope: encodeEnvelope({ ...signed, payload: Buffer.from(text.replace(from, to)) }) };
}

/** A request of the first with the signatures of the second. */
function underSignaturesOf(asked: HandmadeRequest, signed: HandmadeRequest): { envelope: Uint8Array } {
  const { signatures } = openRequest(signed.envelope).envelope;
  const bare = parseEnvelope(asked.envelope, PAYLOAD_TYPES.requestManifest);
  return { envelope: encodeEnvelope({ ...bare, signatures }) };
}

it('an honest request of each agency is answered, charged and logged once', async () => {
  for (const signers of [
    [official.asking],
    [official.second, official.third],
    [official.certified, certifier],
  ]) {
    const made = request({}, signers);
    (await holder.finished(made)).close();
    expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
    expect(await holder.find(made)).toMatchObject({ state: 'accepted', records: CAP });
  }
});

describe('a manifest that was replayed', () => {
  it('is nonce_reused with the nonce of another one', async () => {
    const nonce = new Uint8Array(randomBytes(32));
    (await holder.finished(request({ nonce }))).close();
    const again = request({ nonce, reason: 'Final orders of August' });
    await holder.expectRefusal(again, 'nonce_reused', 'Asking Agency');
  });

  it('is nonce_reused with the nonce of another requester', async () => {
    const nonce = new Uint8Array(randomBytes(32));
    (await holder.finished(request({ nonce }))).close();
    await holder.expectRefusal(request({ nonce }, [official.other]), 'nonce_reused', 'Other Agency');
  });

  it('is nonce_reused when another requester signs it for itself', async () => {
    const made = request();
    (await holder.finished(made)).close();
    const before = await holder.charged('Other Agency');
    await holder.expectRefusal(signedBy(made, official.other), 'nonce_reused', 'Other Agency');
    expect(await holder.charged('Other Agency')).toBe(before);
  });

  it('is official_unknown when officials of two requesters sign it together', async () => {
    const made = request({}, [official.asking, official.other]);
    await holder.expectRefusal(made, 'official_unknown', null);
  });

  it('gives, when it was finished, the same evaluation again and is charged once', async () => {
    const made = request();
    const before = await holder.charged('Asking Agency');
    (await holder.finished(made)).close();
    (await holder.finished(made)).close();
    expect(await holder.charged('Asking Agency')).toBe(before + CAP);
    expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
  });

  it('gives, when it was finished, no evaluation of any other chunk', async () => {
    const made = request();
    const other = request({}, undefined, await blindedElements(ELEMENTS));
    (await holder.finished(made)).close();
    (await holder.finished(other)).close();
    expect(await holder.answersTo(made, other.chunk)).toMatchObject([
      { type: 'accepted' },
      { type: 'refused', code: 'chunk_mismatch' },
    ]);
    expect(await holder.answersTo(made, { ...made.chunk, index: 1 })).toMatchObject([
      { type: 'accepted' },
      { type: 'refused', code: 'chunk_out_of_range' },
    ]);
  });
});

describe('counts that are not true', () => {
  it.each([
    ['records', `"records":${CAP}`, '"records":4'],
    ['elements', `"elements":${ELEMENTS}`, '"elements":8'],
  ])('are official_unknown when %s were changed after signing', async (_, from, to) => {
    await holder.expectRefusal(altered(request(), from, to), 'official_unknown', null);
  });

  it('are elements_over_cap when fewer records are signed for than can give so many elements', async () => {
    const many = holder.epoch.descriptor.profile.maxKeys + 3;
    const over = await blindedElements(many);
    const made = request({ records: 1 }, undefined, over);
    await holder.expectRefusal(made, 'elements_over_cap', 'Asking Agency');
  });

  it('are elements_over_cap when a record has more match keys than the requester may guess with', async () => {
    // Five match keys and a chunk's canaries, where two match keys a record are allowed.
    const made = request({ records: 2 }, [official.other]);
    await holder.expectRefusal(made, 'elements_over_cap', 'Other Agency');
  });

  it('are records_over_cap when they are more than one request may ask for', async () => {
    await holder.expectRefusal(
      request({ records: CAP + 1, elements: ELEMENTS + 1 }),
      'records_over_cap',
      'Asking Agency',
    );
  });

  it('are chunk_mismatch when the chunk has more elements than were signed for', async () => {
    const made = request({}, undefined, elements.subarray(0, 128));
    const more = { ...made.chunk, elements };
    expect(await holder.answersTo(made, more)).toMatchObject([
      { type: 'accepted' },
      { type: 'refused', code: 'chunk_mismatch' },
    ]);
  });
});

describe('signatures that do not count', () => {
  it.each<[string, string, () => KeyObject]>([
    ['official_expired', 'has expired', () => standing.expired],
    ['official_expired', 'is not valid yet', () => standing.early],
    ['official_revoked', 'was revoked', () => standing.revoked],
    ['official_unknown', "is nobody's", key],
    ['official_unknown', "is a certifier's", () => certifier],
  ])("are %s where the signer's key %s", async (code, _, signer) => {
    await holder.expectRefusal(request({}, [signer()]), code, null);
  });

  it('are signatures_missing one short', async () => {
    const made = request({}, [official.second]);
    await holder.expectRefusal(made, 'signatures_missing', 'Pair Agency');
  });

  it('are signatures_missing with a stranger in the place of the second', async () => {
    const made = request({}, [official.second, key()]);
    await holder.expectRefusal(made, 'signatures_missing', 'Pair Agency');
  });

  it("are signatures_missing with the first one's signature under the name of the second", async () => {
    const { envelope } = request({}, [official.second, official.third]);
    const signed = parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest);
    const [first, second] = signed.signatures;
    const signatures = [first!, { keyid: second!.keyid, sig: first!.sig }];
    const forged = { envelope: encodeEnvelope({ ...signed, signatures }) };
    await holder.expectRefusal(forged, 'signatures_missing', 'Pair Agency');
  });

  it('are manifest_malformed with the same official twice, and no manifest is logged', async () => {
    const { envelope } = request({}, [official.second]);
    const signed = parseEnvelope(envelope, PAYLOAD_TYPES.requestManifest);
    const [first] = signed.signatures;
    const twice = { envelope: encodeEnvelope({ ...signed, signatures: [first!, first!] }) };
    const { size } = await holder.ledger.log.head();
    expect(await holder.answersTo(twice)).toMatchObject([{ type: 'refused', code: 'manifest_malformed' }]);
    expect(await holder.leaves(size)).toEqual([]);
  });

  it('are signatures_missing with another official in the place of the certifier', async () => {
    const made = request({}, [official.certified]);
    await holder.expectRefusal(made, 'signatures_missing', 'Certified Agency');
    const unknown = request({}, [official.certified, key()]);
    await holder.expectRefusal(unknown, 'signatures_missing', 'Certified Agency');
  });

  it("are signatures_missing with the certifier's signature over another batch", async () => {
    const certified = request({}, [certifier]);
    const made = request({}, [official.certified]);
    const { signatures } = openRequest(made.envelope).envelope;
    const [foreign] = openRequest(certified.envelope).envelope.signatures;
    const bare = parseEnvelope(made.envelope, PAYLOAD_TYPES.requestManifest);
    const both = { envelope: encodeEnvelope({ ...bare, signatures: [...signatures, foreign!] }) };
    await holder.expectRefusal(both, 'signatures_missing', 'Certified Agency');
  });

  it('are official_unknown when all of them are of another batch', async () => {
    const signed = request({}, [official.certified, certifier]);
    await holder.expectRefusal(underSignaturesOf(request({}, []), signed), 'official_unknown', null);
  });
});

describe('a manifest that is for something else', () => {
  it('is epoch_unknown for another epoch', async () => {
    const made = request({ epochId: new Uint8Array(32).fill(1) });
    await holder.expectRefusal(made, 'epoch_unknown', 'Asking Agency');
  });

  it('is holder_unexpected for another holder', async () => {
    const made = request({ holder: `sha256:${'11'.repeat(32)}` });
    await holder.expectRefusal(made, 'holder_unexpected', 'Asking Agency');
  });

  it('is manifest_expired when its time is over', async () => {
    const [created, expires] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
    await holder.expectRefusal(request({ created, expires }), 'manifest_expired', 'Asking Agency');
  });
});

describe('a quota', () => {
  it('ends what is answered, also for smaller requests, and gives nothing back', async () => {
    for (let asked = 0; asked < QUOTA; asked += CAP) {
      (await holder.finished(request({}, [counted.slow]))).close();
    }
    await holder.expectRefusal(request({}, [counted.slow]), 'quota_exceeded', 'Slow Agency');
    const small = request({}, [counted.slow], elements.subarray(0, 96));
    await holder.expectRefusal(small, 'quota_exceeded', 'Slow Agency');
    expect(await holder.charged('Slow Agency')).toBe(QUOTA);
  });

  it('is used up exactly when many connections ask at once', async () => {
    const { size } = await holder.ledger.log.head();
    const answers = await Promise.all(
      Array.from({ length: RACERS }, async () => {
        const made = request({}, [counted.fast]);
        const requester = await holder.greeted();
        requester.send({ type: 'request', envelope: made.envelope });
        const first = await requester.next();
        if (first.type !== 'accepted') return first.type === 'refused' ? first.code : first.type;
        requester.send(made.chunk);
        const { type } = await requester.next();
        requester.close();
        return type;
      }),
    );
    const evaluated = QUOTA / CAP;
    expect(answers.toSorted()).toEqual([
      ...Array<string>(evaluated).fill('evaluated'),
      ...Array<string>(RACERS - evaluated).fill('quota_exceeded'),
    ]);
    expect(await holder.charged('Fast Agency')).toBe(QUOTA);
    const leaves = await holder.leaves(size);
    expect(leaves.filter(({ type }) => type === 'accepted')).toHaveLength(evaluated);
    expect(leaves.filter(({ type }) => type === 'refused')).toHaveLength(RACERS - evaluated);
  });

  it('is charged once for one request on many connections, of which the last goes on', async () => {
    const made = request();
    const before = await holder.charged('Asking Agency');
    const requesters = await Promise.all(Array.from({ length: RACERS }, () => holder.greeted()));
    for (const requester of requesters) requester.send({ type: 'request', envelope: made.envelope });
    const first = await Promise.all(requesters.map((requester) => requester.next()));
    expect(first.every(({ type }) => type === 'accepted')).toBe(true);
    const ended = requesters.map((requester) => requester.refusal());
    (await holder.finished(made)).close();
    const codes = new Set((await Promise.all(ended)).map(({ code }) => code));
    expect([...codes]).toEqual(['message_unexpected']);
    expect(await holder.charged('Asking Agency')).toBe(before + CAP);
    expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
  });
});

it('an accounting is accounting_invalid where the epoch names no inspector for whom it could be sealed', async () => {
  const made = request();
  const requester = await holder.finished(made);
  requester.send({ type: 'accounting', total: 3, offset: 0, bytes: new Uint8Array(3) });
  expect(await requester.rest()).toMatchObject([{ type: 'refused', code: 'accounting_invalid' }]);
  expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
});

describe('a greeting', () => {
  it.each([
    ['one leaf more than there is', (size: number) => size + 1],
    ['as many leaves as a log can have', () => 2 ** 32 - 1],
  ])('that remembers %s is shown the log as it is, and no proof', async (_, remembered) => {
    const { size } = await holder.ledger.log.head();
    const requester = await RawRequester.connect(holder.url);
    requester.send({ type: 'hello', version: 1, logSize: remembered(size) });
    expect(await requester.next()).toMatchObject({ type: 'epoch', consistency: new Uint8Array(0) });
    requester.close();
    expect((await holder.ledger.log.head()).size).toBe(size);
  });

  it.each([
    ['more leaves than a log can have', 'cf0000000100000000'],
    ['a number that is below zero', 'ff'],
    ['a number that is no whole one', 'cb4059000000000000'],
    ['no number', 'c0'],
  ])('that remembers %s is message_malformed', async (_, logSize) => {
    const requester = await RawRequester.connect(holder.url);
    requester.sendFrames({ opcode: 2, payload: Buffer.from(`930101${logSize}`, 'hex') });
    expect(await requester.refusal()).toMatchObject({ code: 'message_malformed' });
  });
});

// Last, since it uses up the leaves that strangers have in this hour.
it('a flood of manifests that nobody signed leaves a bounded number of leaves, and an official is still answered', async () => {
  for (let asked = 0; asked < 3 * EACH_HOUR; asked += EACH_HOUR / 2) {
    const answers = await Promise.all(
      Array.from({ length: EACH_HOUR / 2 }, () => holder.answersTo(request({}, []))),
    );
    expect(answers.flat().map((answer) => 'code' in answer && answer.code)).toEqual(
      Array<string>(EACH_HOUR / 2).fill('official_unknown'),
    );
  }
  const strangers = (await holder.leaves()).filter(
    (leaf) => leaf.type === 'refused' && leaf.requester === null,
  );
  expect(strangers.length).toBeGreaterThanOrEqual(EACH_HOUR);
  const hours = Map.groupBy(strangers, ({ time }) => time.slice(0, '2026-11-22T08'.length));
  for (const [, leaves] of hours) expect(leaves.length).toBeLessThanOrEqual(EACH_HOUR);
  const made = request();
  (await holder.finished(made)).close();
  expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted', 'finished']);
});

it('the log of all this verifies', async () => {
  expect(await holder.findings()).toEqual([]);
});
