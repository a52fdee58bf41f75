/** What an auditor finds afterwards, through the real programs. */

import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, type Ended } from '../running-program.ts';
import { ELEMENTS } from './agencies.ts';
import { sealChanged, signChanged } from './dishonest-request.ts';
import { PolicedHolder, type Reader } from './policed-holder.ts';

let holder: PolicedHolder;
/** A request that was answered, as it is handed to the auditor: without what names people. */
let answered: string;
/** One that was never submitted. */
let prepared: string;

beforeAll(async () => {
  holder = await PolicedHolder.serving(({ auditor }) => ({ auditors: [auditor.entry] }));
  const [request] = await Promise.all([holder.request('request'), holder.request('prepared')]);
  prepared = holder.at('prepared');
  expect(await holder.submit(request)).toMatchObject({ code: 0 });
  answered = holder.at('answered');
  cpSync(request, answered, { recursive: true });
  rmSync(join(answered, 'private'), { recursive: true });
});
afterAll(cleanUp);

let copies = 0;

function copyOf(request: string): string {
  const copy = holder.at(`copy-${++copies}`);
  cpSync(request, copy, { recursive: true });
  return copy;
}

async function audit(request: string, more: readonly string[] = [], reader?: Reader): Promise<Ended> {
  const identity = ['--identity', (reader ?? holder.cast.auditor).identity];
  const options = ['--holder', holder.fingerprint, ...identity, '--workers', '1', ...more];
  return await run('blindmatch', ['audit', request, ...options]);
}

/** What an audit finds wrong, by the event that sums it up. */
async function findings(request: string, ...more: readonly string[]): Promise<unknown> {
  const { code, events } = await audit(request, ['--json', ...more]);
  expect(code).toBe(1);
  expect(events.at(-1)).toMatchObject({ event: 'error', code: 'audit_failed' });
  return events.find(({ event }) => event === 'audited');
}

describe('blindmatch audit', () => {
  it('finds nothing wrong with an honest request, and says what it has not looked at', async () => {
    const { code, stdout, stderr } = await audit(answered);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Audited:\n {2}records {8}4 \(/);
    expect(stdout).toContain(`The elements of all records were computed again (${ELEMENTS}).`);
    const flat = stdout.replaceAll(/\s+/g, ' ');
    expect(flat).toContain('The receipt proves that the holder logged this request for Requesting Agency at');
    expect(flat).toContain('Not checked, since no computation can: that the persons and orders exist');
  });

  it('tells a machine the same, and how likely a sample of that size is to miss something', async () => {
    const { code, events } = await audit(answered, ['--json', '--sample', '2']);
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({
      ...{ event: 'audited', sound: true, records: 4, sampled: 2, differing: [], failing: [] },
      ...{ receipt: 'valid', chance_to_miss_10_percent: 0.9 ** 2 },
    });
  });

  it('writes the drawn records whole, as they were submitted, for the auditor alone', async () => {
    const path = holder.at('drawn.csv');
    expect(await audit(answered, ['--drawn', path])).toMatchObject({ code: 0 });
    expect(readFileSync(path, 'utf8').split('\n').slice(0, 2)).toEqual([
      'record_id,order_number,order_date,given_name,middle_name,surname,date_of_birth,street,street2,city,state,postcode',
      'R-1,A100000001,2024-05-01,ZEBULON,,QUACKENBUSH,1961-04-02,12 MARROWBONE ST #4,,SPRINGFIELD,IL,62701-0001',
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('needs an identity that the evidence was sealed for', async () => {
    const { code, stdout, stderr } = await audit(answered, [], holder.cast.inspector);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain("evidence.age can't be opened with this identity");
  });
});

describe('blindmatch audit finds', () => {
  it.each<[string, (lines: string) => string, object]>([
    [
      'that somebody else was asked about',
      (lines) => lines.replace('Nadia', 'Nora'),
      { failing: ['element_differs 1'], differing: [] },
    ],
    [
      'that more people were asked about',
      (lines) => lines.replace(/^\{"record_id":"R-5".*\n/m, '').replace('{"end":4}', '{"end":3}'),
      { differing: ['records', 'orders', 'elements'] },
    ],
    [
      'that the dates of the orders are others',
      (lines) => lines.replace('2024-05-01', '2023-05-01'),
      { failing: [], differing: ['orders'] },
    ],
    [
      'a record that should never have been sent',
      (lines) => lines.replace('8 Nowhere Lane', 'Failed to provide'),
      { failing: expect.arrayContaining(['street_placeholder 1']) as unknown },
    ],
  ])('%s', async (_, change, found) => {
    const request = copyOf(prepared);
    const { auditor, alice } = holder.cast;
    await sealChanged(request, change, { reader: auditor, signer: alice });
    expect(await findings(request, '--no-receipt')).toMatchObject({
      sound: false,
      receipt: 'absent',
      ...found,
    });
  });

  it('that the manifest says fewer records', async () => {
    const request = copyOf(prepared);
    signChanged(request, { records: 3 }, holder.cast.alice);
    expect(await findings(request, '--no-receipt')).toMatchObject({ sound: false, differing: ['records'] });
  });

  it('blinded elements that are not those that were signed', async () => {
    const request = copyOf(answered);
    const blinded = readFileSync(join(request, 'blinded.bin'));
    blinded[40]! ^= 1;
    writeFileSync(join(request, 'blinded.bin'), blinded);
    expect(await findings(request)).toMatchObject({ sound: false, differing: ['elements'] });
  });

  it('that there is no receipt, unless it is told so', async () => {
    const found = { sound: false, receipt: 'absent', differing: [], failing: [] };
    expect(await findings(prepared)).toMatchObject(found);
    expect(await audit(prepared, ['--no-receipt'])).toMatchObject({ code: 0 });
  });

  it('that it is for another holder than the auditor says', async () => {
    const { code, events } = await audit(answered, ['--json', '--holder', `sha256:${'ab'.repeat(32)}`]);
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'holder_unexpected' });
  });

  it('a receipt for another request', async () => {
    const request = copyOf(prepared);
    cpSync(join(answered, 'receipt.dsse.json'), join(request, 'receipt.dsse.json'));
    expect(await findings(request)).toMatchObject({ sound: false, failing: [], receipt: 'receipt_invalid' });
  });

  it('evidence of another request', async () => {
    const request = copyOf(prepared);
    cpSync(join(answered, 'evidence.age'), join(request, 'evidence.age'));
    const { code, events } = await audit(request, ['--json']);
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'evidence_mismatch' });
  });
});
