import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  addSignature,
  CHUNK_ELEMENTS,
  encodeEnvelope,
  encodeRequestManifest,
  generateSigningKey,
  MAX_ENVELOPE,
  MAX_SIGNATURES,
  PAYLOAD_TYPES,
  unsignedEnvelope,
} from '@blindmatch/protocol';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { AUTHORITY_MAX, requireFitting, type Authority } from '../src/authority.ts';
import { authorityOptions, readAuthority, type AuthorityOptions } from '../src/commands/authority-options.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;

/** The authority that a command line gives. */
async function authorityOf(...line: readonly string[]): Promise<Authority> {
  const command = authorityOptions(new Command('prepare'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(['--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders', ...line], { from: 'user' });
  return await readAuthority(command.opts<AuthorityOptions>());
}

function csv(text: string): string {
  const path = join(directory, `investigators-${++files}.csv`);
  writeFileSync(path, text);
  return path;
}

describe('the authority of a request', () => {
  it('may name a statute and a reason alone', async () => {
    expect(await authorityOf()).toEqual({
      statute: '8 U.S.C. 1253(a)(1)',
      purpose: null,
      reason: 'Final orders',
      taxPeriods: [],
      investigators: [],
      attestation: null,
    });
  });

  it('names all that the command line and the file of investigators say', async () => {
    const path = csv('name,id\nJohn Doe,4712\n"Poe, Edgar",4713\n');
    const authority = await authorityOf(
      ...['--purpose', 'Non-tax criminal investigation', '--attestation', 'For this use alone.'],
      ...['--tax-period', '2024', '--tax-period', '2025-Q3', '--tax-period', '2025-07'],
      ...['--investigator', '4711=Jane = Doe', '--investigators', path],
    );
    expect(authority).toMatchObject({
      purpose: 'Non-tax criminal investigation',
      attestation: 'For this use alone.',
      taxPeriods: ['2024', '2025-Q3', '2025-07'],
      investigators: [
        { id: '4711', name: 'Jane = Doe' },
        { id: '4712', name: 'John Doe' },
        { id: '4713', name: 'Poe, Edgar' },
      ],
    });
  });

  it.each([
    ['a tax period of another form', '--tax-period', '2025-13'],
    ['a tax period twice', '--tax-period', '2025', '--tax-period', '2025'],
    [
      'more than 64 tax periods',
      ...Array.from({ length: 65 }, (_, at) => ['--tax-period', `${1950 + at}`]).flat(),
    ],
    ['an investigator without a name', '--investigator', '4711'],
    ['an investigator with an empty name', '--investigator', '4711= '],
    ['an investigator with an id too long', '--investigator', `${'x'.repeat(33)}=Jane Doe`],
    ['an attestation too long', '--attestation', 'x'.repeat(401)],
    ['a purpose of two lines', '--purpose', 'a\nb'],
  ])('is refused as wrong usage with %s', async (_, ...line) => {
    expect(await codeOf(() => authorityOf(...line))).toBe('commander.invalidArgument');
  });

  it('names an investigator once', async () => {
    const twice = ['--investigator', '4711=Jane Doe', '--investigator', '4711=John Doe'];
    expect(await codeOf(() => authorityOf(...twice))).toBe('investigator_twice');
    const path = csv('id,name\n4711,John Doe\n');
    expect(await codeOf(() => authorityOf(...twice.slice(0, 2), '--investigators', path))).toBe(
      'investigator_twice',
    );
  });

  it('names at most 200 investigators', async () => {
    const rows = (count: number): string =>
      Array.from({ length: count }, (_, at) => `${at},N ${at}\n`).join('');
    expect((await authorityOf('--investigators', csv(`id,name\n${rows(200)}`))).investigators).toHaveLength(
      200,
    );
    expect(await codeOf(() => authorityOf('--investigators', csv(`id,name\n${rows(201)}`)))).toBe(
      'investigators_too_many',
    );
  });

  it('tells the line of a file that names no investigator', async () => {
    const path = csv('id,name\n1,Jane Doe\n2,\n');
    await expect(authorityOf('--investigators', path)).rejects.toThrow(/^Line 3 of .*names no investigator/);
    expect(await codeOf(() => authorityOf('--investigators', csv('id\n1\n')))).toBe('column_missing');
  });

  /** An authority whose JSON has so many bytes. */
  function authorityOfLength(bytes: number): Authority {
    const authority: Authority = {
      statute: 's',
      purpose: null,
      reason: 'r',
      taxPeriods: [],
      investigators: Array.from({ length: 199 }, (_, at) => ({ id: `${at}`, name: '"'.repeat(100) })),
      attestation: null,
    };
    const length = Buffer.byteLength(JSON.stringify(authority));
    return { ...authority, reason: `r${'x'.repeat(bytes - length)}` };
  }

  it('fits into an envelope with every signature that there can be, at its longest', () => {
    const authority = authorityOfLength(AUTHORITY_MAX);
    requireFitting(authority);
    const digest = `sha256:${'ff'.repeat(32)}`;
    const manifest = {
      nonce: new Uint8Array(32),
      epochId: new Uint8Array(32),
      holder: digest,
      created: new Date('2026-11-20T10:00:00.000Z'),
      expires: new Date('2026-12-20T10:00:00.000Z'),
      ...authority,
      orders: { from: '2025-06-01', to: '2025-06-30' },
      evidence: new Uint8Array(32),
      records: (CHUNK_ELEMENTS - 2) * 2 ** 32,
      elements: CHUNK_ELEMENTS * 2 ** 32,
      chunks: { count: 2 ** 32, root: new Uint8Array(32) },
      reason: 'r',
    };
    const padding = Buffer.byteLength(authority.reason) - 1;
    const payload = Buffer.concat([encodeRequestManifest(manifest), Buffer.alloc(padding, ' ')]);
    let envelope = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, payload);
    for (let signed = 0; signed < MAX_SIGNATURES; signed++) {
      envelope = addSignature(envelope, generateSigningKey().privateKey);
    }
    expect(encodeEnvelope(envelope).length).toBeLessThanOrEqual(MAX_ENVELOPE);
  });

  it('is refused before any work where it is longer', async () => {
    expect(
      await codeOf(() => {
        requireFitting(authorityOfLength(AUTHORITY_MAX + 1));
      }),
    ).toBe('authority_too_long');
  });
});
