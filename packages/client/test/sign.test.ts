import { createPublicKey } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import {
  fingerprint,
  generateSigningKey,
  PAYLOAD_TYPES,
  privateKeyToPem,
  validSigners,
} from '@blindmatch/protocol';
import { createReporter, writeSecretFile } from '@blindmatch/terminal';
import { describe, expect, it } from 'vitest';
import { sign, type SignOptions } from '../src/commands/sign.ts';
import { readStoredRequest, type StoredRequest } from '../src/stored-request.ts';
import { auditor, epochWith, holder, placeIn, prepareAnyhow, records } from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const official = generateSigningKey().privateKey;
const key = join(directory, 'official.pem');
writeSecretFile(key, privateKeyToPem(official));

async function signIn(stored: StoredRequest, options: Partial<SignOptions> = {}): Promise<string> {
  const stdout = new PassThrough();
  const streams = { stdout, stderr: new PassThrough() };
  const reporter = createReporter({ json: false, program: 'blindmatch', streams });
  await sign(stored.files.path, { key, yes: true, ...options }, reporter);
  stdout.end();
  return (await stdout.toArray()).join('');
}

const signersOf = (stored: StoredRequest): readonly string[] =>
  validSigners(readStoredRequest(stored.files).request.envelope, PAYLOAD_TYPES.requestManifest, [
    createPublicKey(official),
  ]);

describe('an official', () => {
  it('is shown the request and signs exactly that', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    const said = await signIn(stored, { holder: fingerprint(holder) });
    expect(said).toMatch(/^To be signed:\n/);
    expect(said).toContain('Final orders of June');
    expect(signersOf(stored)).toEqual([fingerprint(official)]);
    expect(readStoredRequest(stored.files).request.requestId).toEqual(stored.request.requestId);
  });

  it('is told to have it certified before it is submitted where the epoch names a certifier', async () => {
    const reader = { role: 'certifier', name: 'Clerk of the Court', recipient: auditor.recipient } as const;
    const certified = { submitted: records(2), epoch: epochWith({ evidenceReaders: [reader] }) };
    const said = await signIn(await prepareAnyhow(placeIn(directory), certified));
    expect(said).toMatch(/Next, .* by Clerk of the Court: blindmatch certify .*\nThen: blindmatch submit /);
    const uncertified = await signIn(await prepareAnyhow(placeIn(directory), { submitted: records(2) }));
    expect(uncertified).toContain('\nNext: blindmatch submit ');
  });

  it('who is not at a terminal signs nothing without --yes', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    const before = readFileSync(stored.files.manifest);
    expect(await codeOf(() => signIn(stored, { yes: false }))).toBe('confirmation_needed');
    expect(readFileSync(stored.files.manifest)).toEqual(before);
  });

  it('signs nothing for another holder than the one named', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    expect(await codeOf(() => signIn(stored, { holder: `sha256:${'ab'.repeat(32)}` }))).toBe(
      'holder_unexpected',
    );
    expect(signersOf(stored)).toEqual([]);
  });

  it('signs nothing of which the epoch was exchanged', async () => {
    const stored = await prepareAnyhow(placeIn(directory), { submitted: records(2) });
    appendFileSync(stored.files.epoch, 'x');
    expect(await codeOf(() => signIn(stored))).toBe('descriptor_invalid');
  });
});
