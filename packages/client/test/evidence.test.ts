import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { sealBytes, generateAgeIdentity } from '../src/age.ts';
import type { RequestRecord } from '@blindmatch/records';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { endLine, headerLine, recordLine, type EvidenceHeader } from '../src/evidence-lines.ts';
import { Evidence, lookAtEvidence } from '../src/evidence-opening.ts';
import { EvidenceSealing } from '../src/evidence-sealing.ts';
import { describeRequest } from '../src/request-description.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import { auditor, CREATED, placeIn, prepareAnyhow, records, recordWith } from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const stranger = await generateAgeIdentity();

async function read(stored: StoredRequest, identity = auditor.identity): Promise<RequestRecord[]> {
  const evidence = await Evidence.open(stored, identity);
  try {
    const read: RequestRecord[] = [];
    for await (const record of evidence.records()) read.push(record);
    return read;
  } finally {
    await evidence.close();
  }
}

/** The same request with other evidence, which its manifest names. */
function withEvidence(stored: StoredRequest, sealed: Uint8Array): StoredRequest {
  writeFileSync(stored.files.evidence, sealed);
  const evidence = new Uint8Array(createHash('sha256').update(sealed).digest());
  const { request } = stored;
  return { ...stored, request: { ...request, manifest: { ...request.manifest, evidence } } };
}

const stored = await prepareAnyhow(placeIn(directory), { submitted: records(3) });
const header: EvidenceHeader = {
  epochId: stored.request.manifest.epochId,
  holder: stored.request.manifest.holder,
  profile: stored.epoch.descriptor.profile,
  created: CREATED,
  seed: new Uint8Array(32).fill(5),
};

const text = fc.string({ unit: 'grapheme' });
const anyRecord: fc.Arbitrary<RequestRecord> = fc.record({
  recordId: text,
  givenName: text,
  middleName: text,
  surname: text,
  dateOfBirth: text,
  street: text,
  street2: text,
  city: text,
  state: text,
  postcode: text,
  orderNumber: text,
  orderDate: text,
  line: fc.constant(0),
});

describe('sealed evidence', () => {
  it('gives back the records as they were, in order, and the header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (some) => {
        const one = await prepareAnyhow(placeIn(directory), {
          submitted: [recordWith(0)],
          sealed: some,
          manifest: { orders: null },
        });
        expect(await read(one)).toEqual(some.map((record, at) => ({ ...record, line: at + 1 })));
      }),
      { numRuns: 25 },
    );
    const evidence = await Evidence.open(stored, auditor.identity);
    expect(evidence.header).toEqual({
      ...header,
      profile: { id: header.profile.id, hash: header.profile.hash },
    });
    await evidence.close();
  });

  it('holds records over many blocks', async () => {
    const many = records(2000);
    const one = await prepareAnyhow(placeIn(directory), { submitted: [recordWith(0)], sealed: many });
    expect((await read(one)).map(({ recordId }) => recordId)).toEqual(many.map(({ recordId }) => recordId));
  });

  it('is for its owner only, and nothing of a record is in it in the clear', () => {
    expect(statSync(stored.files.evidence).mode & 0o777).toBe(0o600);
    expect(readFileSync(stored.files.evidence).includes('Lopez')).toBe(false);
  });

  it('opens for each of its readers and for nobody else', async () => {
    const recipients = [auditor.recipient, stranger.recipient];
    const two = await prepareAnyhow(placeIn(directory), { submitted: records(2), recipients });
    expect(await read(two, stranger.identity)).toHaveLength(2);
    expect(await read(two)).toHaveLength(2);
    const digest = two.request.manifest.evidence!;
    expect(await lookAtEvidence(two.files.evidence, digest)).toEqual({ state: 'whole', readers: 2 });
    expect(await codeOf(() => read(stored, stranger.identity))).toBe('evidence_sealed');
  });

  it('is not read from anything but a file, which may have no end', async () => {
    const { files } = await prepareAnyhow(placeIn(directory), { submitted: records(1) });
    rmSync(files.evidence);
    symlinkSync('/dev/zero', files.evidence);
    const endless = readStoredRequest(files);
    expect(await codeOf(() => read(endless))).toBe('evidence_damaged');
    expect(await codeOf(() => describeRequest(endless))).toBe('evidence_damaged');
  });

  it('wipes the seed when it is closed', async () => {
    const evidence = await Evidence.open(stored, auditor.identity);
    await evidence.close();
    expect(evidence.header.seed).toEqual(new Uint8Array(32));
  });

  it('is told apart from the evidence of another request', async () => {
    const [one, other] = [
      await prepareAnyhow(placeIn(directory), { submitted: records(3) }),
      await prepareAnyhow(placeIn(directory), { submitted: records(3) }),
    ];
    writeFileSync(one.files.evidence, readFileSync(other.files.evidence));
    expect(await codeOf(() => read(one))).toBe('evidence_mismatch');
  });

  it.each<[string, Partial<EvidenceHeader>]>([
    ['another epoch', { epochId: new Uint8Array(32).fill(1) }],
    ['another holder', { holder: `sha256:${'ab'.repeat(32)}` }],
    ['another profile', { profile: { ...header.profile, id: 'made-up/1' } }],
    ['another day', { created: new Date('2026-11-19T10:00:00.000Z') }],
  ])('is told apart where the manifest names it but its header is of %s', async (_, changes) => {
    const one = await prepareAnyhow(placeIn(directory), { submitted: records(1) });
    const lines = `${headerLine({ ...header, ...changes })}${recordLine(recordWith(0))}${endLine(1)}`;
    const other = withEvidence(one, await sealBytes([auditor.recipient], Buffer.from(lines)));
    expect(await codeOf(() => read(other))).toBe('evidence_mismatch');
  });

  it.each([
    ['nothing', ''],
    ['no header', `${recordLine(recordWith(0))}${endLine(1)}`],
    ['no end', `${headerLine(header)}${recordLine(recordWith(0))}`],
    ['a line that is not ended', `${headerLine(header)}${recordLine(recordWith(0))}${endLine(1).trimEnd()}`],
    ['another number of records', `${headerLine(header)}${recordLine(recordWith(0))}${endLine(2)}`],
    ['a record behind the end', `${headerLine(header)}${endLine(0)}${recordLine(recordWith(0))}`],
    ['two ends', `${headerLine(header)}${endLine(0)}${endLine(0)}`],
    ['no JSON', `${headerLine(header)}what?\n${endLine(0)}`],
    [
      'a member more',
      `${headerLine(header)}${recordLine(recordWith(0)).replace('{', '{"x":"",')}${endLine(1)}`,
    ],
    ['a line far too long', `${headerLine(header)}${'x'.repeat(2 << 20)}\n${endLine(0)}`],
  ])('is refused where the requester sealed %s', async (_, lines) => {
    const one = await prepareAnyhow(placeIn(directory), { submitted: records(1) });
    const other = withEvidence(one, await sealBytes([auditor.recipient], Buffer.from(lines)));
    expect(await codeOf(() => read(other))).toBe('evidence_damaged');
  });

  it('is refused, and not taken in, where it is no age file at all', async () => {
    const one = await prepareAnyhow(placeIn(directory), { submitted: records(1) });
    expect(await codeOf(() => read(withEvidence(one, new Uint8Array(1 << 20))))).toBe('evidence_damaged');
  });

  it('is missed by name where none was sealed, and where its file is not here', async () => {
    const one = await prepareAnyhow(placeIn(directory), {
      submitted: records(1),
      manifest: { evidence: null },
    });
    expect(await codeOf(() => read(one))).toBe('evidence_missing');
  });

  it('fails, and does not wait for ever, where its file can not be written', async () => {
    const sealing = new EvidenceSealing(stored.files.evidence, [auditor.recipient], header);
    expect(
      await codeOf(async () => {
        for (const record of records(2000)) await sealing.add(record);
        await sealing.end();
      }),
    ).toBe('EEXIST');
    sealing.destroy();
  });
});
