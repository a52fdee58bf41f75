import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochDescriptor } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { generateAgeIdentity } from '../src/age.ts';
import { auditRequest } from '../src/audit.ts';
import type { Authority } from '../src/authority.ts';
import { certifyRecords } from '../src/certification.ts';
import { Evidence } from '../src/evidence-opening.ts';
import { OrderRegistry } from '../src/order-registry.ts';
import { prepareRequest, type PreparedRequest, type PrepareInput } from '../src/prepare.ts';
import { clearDoneRequest, requestFiles, setDoneRequestAside } from '../src/request-directory.ts';
import { describeRequest } from '../src/request-description.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import { auditor, CREATED, epochWith, oprf, placeIn, prepareAnyhow, recordWith } from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();

const CSV = `record_id,given_name,surname,street,city,state,postcode,order_number,order_date
a,Maria,Lopez,12 Main St,Springfield,IL,62704,A-100,2024-06-01
b,John,Smith,,Springfield,IL,62704,A-101,2020-01-01
c,Wei,Zhang,7 Oak Ave,Springfield,IL,62704,A-102,05/06/2025
d,Ana,Silva,9 Elm St,Springfield,IL,62704,A-103,2024-12-31
`;

const authority: Authority = {
  statute: '26 U.S.C. 6103(i)(2)',
  purpose: 'Non-tax criminal investigation',
  reason: 'Final orders of June',
  taxPeriods: ['2024', '2025-Q3'],
  investigators: [{ id: '4711', name: 'Jane Doe' }],
  attestation: 'For this use alone.',
};

interface Prepared {
  readonly prepared: PreparedRequest;
  readonly stored: StoredRequest;
}

async function prepare(
  changes: Partial<PrepareInput> = {},
  descriptor: Partial<EpochDescriptor> = {},
): Promise<Prepared> {
  const out = placeIn(directory);
  const source = `${out}.csv`;
  writeFileSync(source, CSV);
  const prepared = await prepareRequest({
    source,
    out,
    epoch: epochWith(descriptor),
    authority,
    validDays: 30,
    oprf,
    now: CREATED,
    ...changes,
  });
  return { prepared, stored: readStoredRequest(requestFiles(out)) };
}

describe('a prepared request', () => {
  it('says under which authority it is made, and of which days its orders are', async () => {
    const { manifest } = (await prepare()).stored.request;
    expect(manifest).toMatchObject({
      ...authority,
      records: 3,
      orders: { from: '2024-06-01', to: '2025-05-06' },
    });
  });

  it('has the submitted records sealed for the readers of the epoch and whom the requester names', async () => {
    const { stored, prepared } = await prepare({ sealTo: [auditor.recipient] }, { evidenceReaders: [] });
    expect(prepared.readers).toEqual([
      { role: 'requester', name: auditor.recipient, recipient: auditor.recipient },
    ]);
    const evidence = await Evidence.open(stored, auditor.identity);
    const ids: string[] = [];
    for await (const { recordId } of evidence.records()) ids.push(recordId);
    await evidence.close();
    expect(ids).toEqual(['a', 'c', 'd']);
  });

  it('is sealed once for a reader who is named twice', async () => {
    expect((await prepare({ sealTo: [auditor.recipient] })).prepared.readers).toEqual([
      { role: 'auditor', name: 'Inspector General', recipient: auditor.recipient },
    ]);
  });

  it('has no evidence where nobody could open it', async () => {
    const { stored, prepared } = await prepare({}, { evidenceReaders: [] });
    expect([prepared.readers, stored.request.manifest.evidence]).toEqual([[], null]);
    expect(existsSync(stored.files.evidence)).toBe(false);
  });

  it('can be certified and audited from what is outside its private part', async () => {
    const { stored } = await prepare();
    const registry = join(directory, 'orders.csv');
    writeFileSync(registry, 'order_number,order_date\nA100,2024-06-01\nA102,2025-05-06\nA103,2024-12-31\n');
    clearDoneRequest({ files: stored.files, made: true });
    expect(existsSync(stored.files.private.path)).toBe(false);
    const wrong: string[] = [];
    const forCertifier = await Evidence.open(stored, auditor.identity);
    const certified = await certifyRecords({
      stored,
      evidence: forCertifier,
      registry: await OrderRegistry.read(registry),
      minimumOrderAgeDays: 0,
      withoutNames: true,
      oprf,
      onFailure: ({ recordId }, code) => wrong.push(`${recordId} ${code}`),
    });
    await forCertifier.close();
    const forAuditor = await Evidence.open(stored, auditor.identity);
    const audited = await auditRequest({
      stored,
      evidence: forAuditor,
      sample: 2,
      oprf,
      onFailure: (subject, code) => wrong.push(`${subject} ${code}`),
    });
    await forAuditor.close();
    expect(wrong).toEqual([]);
    expect([certified.records, certified.mismatches]).toEqual([3, []]);
    expect([audited.records, audited.sampled, audited.mismatches]).toEqual([3, 2, []]);
  });

  it('names the holder as the one to ask where nothing can be sealed for a reader of the epoch', async () => {
    // The letters of a recipient, but not its check sum.
    const recipient = `age1${'q'.repeat(58)}`;
    const evidenceReaders = [{ role: 'auditor' as const, name: 'Inspector General', recipient }];
    expect(await codeOf(() => prepare({}, { evidenceReaders }))).toBe('reader_invalid');
  });

  it('leaves nothing of itself where its source breaks off', async () => {
    const out = placeIn(directory);
    const source = `${out}.csv`;
    writeFileSync(source, CSV.replace('a,Maria', 'a,Maria\n"'));
    const input = { source, out, epoch: epochWith(), authority, validDays: 30, oprf, now: CREATED };
    expect(await codeOf(() => prepareRequest(input))).toBeDefined();
    expect(existsSync(out)).toBe(false);
  });
});

describe('a request in words', () => {
  it('says all that is signed', async () => {
    const { stored } = await prepare();
    const { lines, fields } = await describeRequest(stored);
    const text = lines.join('\n');
    for (const part of [
      '3 (',
      'Tax Agency',
      stored.request.manifest.holder,
      ...[authority.statute, authority.purpose, authority.reason, authority.attestation],
      ...['2024, 2025-Q3', '4711 Jane Doe', 'of 2024-06-01 to 2025-05-06'],
      ...['2026-11-20T10:00:00.000Z', '2026-12-20T10:00:00.000Z'],
      ...['to be sealed for', 'Inspector General (auditor)', auditor.recipient],
      'none yet',
    ]) {
      expect(text).toContain(part);
    }
    expect(fields).toMatchObject({
      evidence_readers: [`Inspector General (auditor) ${auditor.recipient}`],
      evidence_file: 'whole',
      evidence_other_readers: 0,
    });
  });

  it('says that the evidence was sealed for whom the requester named', async () => {
    const { stored } = await prepare({ sealTo: [auditor.recipient] }, { evidenceReaders: [] });
    expect((await describeRequest(stored)).lines.join('\n')).toContain('sealed for whom the requester named');
  });

  it('says for how many more the evidence was sealed', async () => {
    const { recipient } = await generateAgeIdentity();
    const { stored } = await prepare({ sealTo: [recipient] });
    expect((await describeRequest(stored)).lines.join('\n')).toContain(
      'and for 1 more whom the requester named',
    );
  });

  it('says that the evidence is missing, or another file, or sealed for fewer than the holder names', async () => {
    const fault = async ({ files }: StoredRequest): Promise<string> => {
      const { lines } = await describeRequest(readStoredRequest(files));
      return lines[lines.findIndex((line) => line.startsWith('  signatures')) - 1]?.trim() ?? '';
    };
    const readers = [auditor, await generateAgeIdentity()].map(({ recipient }, at) => ({
      role: 'auditor' as const,
      name: `Auditor ${at}`,
      recipient,
    }));
    const epoch = epochWith({ evidenceReaders: readers });
    const stored = await prepareAnyhow(placeIn(directory), { submitted: [recordWith(0)], epoch });
    expect(await fault(stored)).toBe('But the file is sealed for 1 only.');
    appendFileSync(stored.files.evidence, 'x');
    expect(await fault(stored)).toBe('But the file here is another one than the request names.');
    rmSync(stored.files.evidence);
    expect(await fault(stored)).toBe('The file is not here, so nothing shows of it.');
  });

  it('shows no value on a line of its own at the place of the labels, however long it is', async () => {
    const word = (length: number): string => 'expires'.padEnd(length, 'x');
    for (const statute of [word(256), `${word(60)} ${word(90)} ${'\u4e00'.repeat(30)}`]) {
      const stored = await prepareAnyhow(placeIn(directory), {
        submitted: [recordWith(0)],
        manifest: { statute },
      });
      const { lines } = await describeRequest(stored);
      const at = lines.findIndex((line) => line.startsWith('  statute'));
      const end = lines.findIndex((line) => line.startsWith('  purpose'));
      for (const [index, line] of lines.slice(at, end).entries()) {
        expect(line.length).toBeLessThanOrEqual(78);
        if (index > 0) expect(line).toMatch(/^ {17}\S/);
      }
      expect(
        lines
          .slice(at, end)
          .map((line) => line.slice(17))
          .join('')
          .replaceAll(' ', ''),
      ).toBe(statute.replaceAll(' ', ''));
    }
  });

  it('says what is not named, and that nobody can check the records', async () => {
    const bare = { ...authority, purpose: null, taxPeriods: [], investigators: [], attestation: null };
    const { stored } = await prepare({ authority: bare }, { evidenceReaders: [] });
    const text = (await describeRequest(stored)).lines.join('\n');
    for (const part of [/purpose +none is named/, /tax periods +none are named/, /attestation +none/]) {
      expect(text).toMatch(part);
    }
    expect(text).toContain('none was sealed: nobody can check the records');
  });
});

describe('a request that is done', () => {
  it('keeps what proves it, and nothing that names people in the clear', async () => {
    const { stored } = await prepare();
    expect(clearDoneRequest({ files: stored.files, made: true })).toBe(true);
    expect(readdirSync(stored.files.path).sort()).toEqual([
      'blinded.bin',
      'epoch.dsse.json',
      'evidence.age',
      'manifest.dsse.json',
    ]);
  });

  it('goes as a whole where no evidence was sealed', async () => {
    const { stored } = await prepare({}, { evidenceReaders: [] });
    expect(clearDoneRequest({ files: stored.files, made: true })).toBe(false);
    expect(existsSync(stored.files.path)).toBe(false);
  });

  it('is moved aside for another one, but not before it is done', async () => {
    const { stored } = await prepare();
    const { path, manifest } = stored.files;
    setDoneRequestAside(path);
    expect(existsSync(manifest)).toBe(true);
    const signed = readFileSync(manifest);
    clearDoneRequest({ files: stored.files, made: true });
    setDoneRequestAside(path);
    expect(existsSync(path)).toBe(false);
    const [aside] = readdirSync(directory).filter(
      (name) => join(directory, name).startsWith(`${path}.`) && !name.endsWith('.csv'),
    );
    expect(readFileSync(requestFiles(join(directory, aside ?? '')).manifest)).toEqual(signed);
  });
});
