/** Requests for whose records a certifier vouches, where the holder requires it, through the real programs. */

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeEnvelope, parseEnvelope, PAYLOAD_TYPES } from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, type Ended } from '../running-program.ts';
import { REQUESTS_CSV, REQUESTS_HEADER, RESULTS_CSV } from './agencies.ts';
import { sealChanged, signChanged } from './dishonest-request.ts';
import {
  PolicedHolder,
  requesterOf,
  STATUTE,
  type Cast,
  type Reader,
  type Signer,
} from './policed-holder.ts';

/** The orders of REQUESTS_CSV. */
const REGISTRY = `order_number,order_date,given_name,middle_name,surname
A100000001,2024-05-01,Zebulon,,Quackenbush
A100000002,2024-05-02,Ottoline,Rae,Featherstone
A100000004,2024-05-04,Nadia,,Unheardof
A100000005,2024-05-05,Mina,,Overby
`;

let holder: PolicedHolder;
let cast: Cast;
/** A request that Alice has signed and nobody has certified. */
let signed: string;

beforeAll(async () => {
  holder = await PolicedHolder.serving(({ alice, certifier, certifierReads }) => ({
    certifiers: [{ ...certifierReads.entry, ...certifier.entry }],
    requesters: [
      requesterOf([alice.entry], { required_signatures: '1 of role certifier and 1 of role official' }),
    ],
  }));
  ({ cast } = holder);
  signed = await holder.request('signed');
});
afterAll(cleanUp);

let copies = 0;

/** A copy of a request, as it travels: without what names people. */
function travelling(request: string = signed): string {
  const copy = holder.at(`copy-${++copies}`);
  cpSync(request, copy, { recursive: true });
  rmSync(join(copy, 'private'), { recursive: true });
  return copy;
}

interface Certifying {
  readonly registry?: string;
  readonly signer?: Signer;
  readonly reader?: Reader;
  readonly more?: readonly string[];
}

async function certify(request: string, { registry, signer, reader, more }: Certifying = {}): Promise<Ended> {
  const orders = holder.at(`orders-${++copies}.csv`);
  writeFileSync(orders, registry ?? REGISTRY);
  const keys = [
    '--key',
    (signer ?? cast.certifier).key,
    '--identity',
    (reader ?? cast.certifierReads).identity,
  ];
  const options = ['--registry', orders, ...keys, '--workers', '1', ...(more ?? ['--yes', '--json'])];
  return await run('blindmatch', ['certify', request, ...options]);
}

const manifestOf = (request: string): string => readFileSync(join(request, 'manifest.dsse.json'), 'utf8');

/** That certify finds this, signs nothing and says so. */
function expectRefused({ code, events, stderr }: Ended, error: string): void {
  expect(events.at(-1)).toMatchObject({ event: 'error', code: error });
  expect(stderr).toContain('othing was signed');
  expect(code).toBe(1);
}

describe('a request that must be certified', () => {
  it('is refused with the signature of an official alone', async () => {
    const { code, message } = await holder.refusal(signed);
    expect(code).toBe('signatures_missing');
    expect(message).toContain('1 of role certifier (0 there)');
  });

  it('is certified without what names people, and then answered; the receipt names the certifier', async () => {
    const request = holder.at('answered');
    cpSync(signed, request, { recursive: true });
    const copy = travelling(request);
    const { code, events } = await certify(copy);
    expect(code).toBe(0);
    expect(events.find(({ event }) => event === 'checked')).toMatchObject({
      ...{ records: 4, failing: 0, differing: [], registered_orders: 4 },
    });
    expect(events.at(-1)).toMatchObject({
      ...{ event: 'certified', records: 4, certifier: cast.certifier.fingerprint, signatures: 2 },
    });
    cpSync(join(copy, 'manifest.dsse.json'), join(request, 'manifest.dsse.json'));
    expect(await holder.submit(request)).toMatchObject({ code: 0 });
    expect(readFileSync(`${request}.csv`, 'utf8')).toBe(RESULTS_CSV);
    const [accepted] = (await holder.leaves()).filter((leaf) => leaf.type === 'accepted');
    expect(accepted).toMatchObject({
      certifiers: [cast.certifier.fingerprint],
      officials: [cast.alice.fingerprint],
    });
  });

  it('that match made is kept where the certificate is missing, certified, and finished as match tells', async () => {
    const out = holder.at('matched.csv');
    const to = ['--server', holder.daemon.url, '--holder', holder.fingerprint, '--workers', '1'];
    const law = ['--statute', STATUTE, '--reason', 'Final orders of May'];
    const files = ['--key', cast.alice.key, '--cache', holder.at('cache'), '--out', out];
    const matched = await run('blindmatch', ['match', holder.records, ...to, ...law, ...files, '--json']);
    expect(matched.code).toBe(1);
    const { code, message } = matched.events.at(-1) as unknown as { code: string; message: string };
    expect(code).toBe('signatures_missing');
    expect(message).toContain(`a certifier with: blindmatch certify ${out}.request --registry`);
    expect(await certify(`${out}.request`)).toMatchObject({ code: 0 });
    const [, goOn = ''] = / go on with: blindmatch (.*)$/.exec(message) ?? [];
    expect(await run('blindmatch', goOn.split(' '))).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toBe(RESULTS_CSV);
  });

  it('is shown to the certifier in plain words, and not signed without a yes', async () => {
    const copy = travelling();
    const { code, stdout, stderr } = await certify(copy, { more: [] });
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^4 records and \d+ match keys checked against 4 orders: 0 fail\.\nTo be certified:\n {2}records {8}4 \(/,
    );
    expect(stderr).toMatch(/^blindmatch: Nothing was signed\. .* with --yes\.\n$/);
    expect(manifestOf(copy)).toBe(manifestOf(signed));
  });

  it('is refused with the signature of somebody else in the place of the certifier', async () => {
    const request = holder.at('by-a-stranger');
    cpSync(signed, request, { recursive: true });
    expect(await certify(request, { signer: cast.stranger })).toMatchObject({ code: 0 });
    expect((await holder.refusal(request)).code).toBe('signatures_missing');
  });

  it("is refused with the certifier's signature over another batch", async () => {
    const other = await holder.request('other');
    expect(await certify(other)).toMatchObject({ code: 0 });
    const request = holder.at('borrowed');
    cpSync(signed, request, { recursive: true });
    const [own, lent] = [request, other].map((path) =>
      parseEnvelope(Buffer.from(manifestOf(path)), PAYLOAD_TYPES.requestManifest),
    );
    const borrowed = lent!.signatures.filter(({ keyid }) => keyid === cast.certifier.fingerprint);
    const envelope = { ...own!, signatures: [...own!.signatures, ...borrowed] };
    writeFileSync(join(request, 'manifest.dsse.json'), encodeEnvelope(envelope));
    const { code, message } = await holder.refusal(request);
    expect(code).toBe('signatures_missing');
    expect(message).toContain('1 of role certifier (0 there)');
    expect(existsSync(`${request}.csv`)).toBe(false);
  });
});

describe('records that the registry does not bear out', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['whose order is not in it', REGISTRY.replace('A100000004', 'A100000009'), 'order_unknown', ['R-4']],
    [
      'whose order is of another day',
      REGISTRY.replace('2024-05-01', '2024-06-01'),
      'order_date_differs',
      ['R-1'],
    ],
    [
      'whose order is of another person',
      REGISTRY.replace('Nadia,', 'Norbert,'),
      'order_name_differs',
      ['R-4'],
    ],
    [
      'whose order has no name in it',
      REGISTRY.replace('Ottoline,Rae,Featherstone', ',,'),
      'order_name_missing',
      ['R-2'],
    ],
  ])('are named: those %s', async (_, registry, code, ids) => {
    const copy = travelling();
    const failures = `${copy}.failures.csv`;
    const ended = await certify(copy, { registry, more: ['--yes', '--json', '--failures', failures] });
    expectRefused(ended, 'records_failed');
    expect(ended.events).toContainEqual({ event: 'total', code, records: ids.length });
    expect(readFileSync(failures, 'utf8')).toBe(
      `record_id,code\n${ids.map((id) => `${id},${code}\n`).join('')}`,
    );
    expect(manifestOf(copy)).toBe(manifestOf(signed));
  });

  it('are let pass without a name where the certifier says so, and are counted', async () => {
    const registry = REGISTRY.replace('given_name,middle_name,surname', 'given,middle,family');
    const more = ['--yes', '--json', '--without-names'];
    const { code, events } = await certify(travelling(), { registry, more });
    expect(code).toBe(0);
    expect(events).toContainEqual(expect.objectContaining({ code: 'names_not_compared', records: 4 }));
    expect(events.at(-1)).toMatchObject({ event: 'certified', names_not_compared: 4 });
  });

  it('are named: those whose orders are younger than the certifier asks for', async () => {
    const days = ['--yes', '--json', '--minimum-order-age-days', '20000'];
    const ended = await certify(travelling(), { more: days });
    expectRefused(ended, 'records_failed');
    expect(ended.events).toContainEqual({ event: 'total', code: 'order_too_young', records: 4 });
  });

  it('are named: the second of two that rest on one order', async () => {
    const [, first = '', second = ''] = REQUESTS_CSV.split('\n');
    const twice = [
      REQUESTS_HEADER,
      first,
      second.replace('A100000002,2024-05-02', 'A100000001,2024-05-01'),
      '',
    ];
    writeFileSync(holder.at('twice.csv'), twice.join('\n'));
    const request = await holder.request('twice', { records: holder.at('twice.csv') });
    const ended = await certify(request);
    expectRefused(ended, 'records_failed');
    expect(ended.events).toContainEqual({ event: 'total', code: 'order_used_twice', records: 1 });
  });

  it('are none where the registry itself has a number twice: then nothing is checked', async () => {
    const registry = `${REGISTRY}A100000001,2023-01-01,,,\n`;
    const { code, events } = await certify(travelling(), { registry });
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'registry_order_twice' });
  });
});

describe('a request that is not of the records in its evidence', () => {
  it('is not certified where somebody else is asked about', async () => {
    const request = await holder.request('somebody-else');
    await sealChanged(request, (lines) => lines.replace('Nadia', 'Nora'), {
      ...{ reader: cast.certifierReads, signer: cast.alice },
    });
    const ended = await certify(request, { registry: REGISTRY.replace('Nadia,', 'Nora,') });
    expectRefused(ended, 'request_mismatch');
    expect(ended.events.find(({ event }) => event === 'checked')).toMatchObject({ differing: ['elements'] });
  });

  it('is not certified where it says fewer records', async () => {
    const request = await holder.request('understated');
    signChanged(request, { records: 3 }, cast.alice);
    const ended = await certify(request);
    expectRefused(ended, 'request_mismatch');
    expect(ended.events.find(({ event }) => event === 'checked')).toMatchObject({ differing: ['records'] });
  });

  it.each<[string, (request: string) => void, string]>([
    [
      'the evidence is of another request',
      (request) => {
        cpSync(holder.at('somebody-else/evidence.age'), join(request, 'evidence.age'));
      },
      'evidence_mismatch',
    ],
    [
      'there is no evidence',
      (request) => {
        rmSync(join(request, 'evidence.age'));
      },
      'evidence_missing',
    ],
  ])('is not certified where %s', async (_, change, error) => {
    const copy = travelling();
    change(copy);
    const { code, events } = await certify(copy);
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: error });
    expect(manifestOf(copy)).toBe(manifestOf(signed));
  });

  it('is not opened by whom it is not sealed for', async () => {
    const { code, events } = await certify(travelling(), { reader: cast.auditor });
    expect(code).toBe(1);
    expect(events.at(-1)).toMatchObject({ event: 'error', code: 'evidence_sealed' });
  });
});
