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
import { audit } from '../src/commands/audit.ts';
import { certify, type CertifyOptions } from '../src/commands/certify.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import {
  auditor,
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
  const rows = registered.map(({ orderNumber, orderDate }) => `${orderNumber},${orderDate}\n`);
  writeFileSync(registry, `order_number,order_date\n${rows.join('')}`);
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
  it('tells that a request is what it says', async () => {
    const stored = await request({ submitted: records(3) });
    const drawn = `${stored.files.path}.drawn.csv`;
    const options = { identity, sample: 2, drawn, workers: 1 };
    const { code, events } = await run((reporter) => audit(stored.files.path, options, reporter));
    expect(code).toBeUndefined();
    expect(events.at(-1)).toMatchObject({
      ...{ event: 'audited', sound: true, records: 3, sampled: 2, receipt: 'absent' },
      ...{ chance_to_miss_10_percent: 0.81 },
    });
    expect(readFileSync(drawn, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  it('ends with a failure and names what it found where it is not', async () => {
    const sealed = records(3);
    const submitted = sealed.with(1, recordWith(1, { surname: 'Miller' }));
    const stored = await request({ submitted, sealed });
    const options = { identity, sample: 200, workers: 1 };
    const { code, events } = await run((reporter) => audit(stored.files.path, options, reporter));
    expect(code).toBe('audit_failed');
    expect(events).toContainEqual({ event: 'failure', subject: 'r1', code: 'element_differs' });
    expect(events.at(-1)).toMatchObject({ sound: false, failing: ['element_differs 1'] });
  });
});
