import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { ledgerFaults } from './rig/ledger-faults.ts';
import type { Caps } from './rig/ledger-faults.ts';
import { acceptance, request } from './rig/samples.ts';

const TARGET = fileURLToPath(new URL('./rig/fill-target.ts', import.meta.url));
const ANY = Number.MAX_SAFE_INTEGER;
const CAPS: Caps = { day: ANY, epoch: ANY, statute_day: ANY, statute_epoch: ANY, investigator_epoch: ANY };

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  path = join(directory, 'ledger.sqlite');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Whether a small file system can be mounted that only one program sees. */
const canMount = spawnSync('unshare', [
  '--user',
  '--map-root-user',
  '--mount',
  'mount',
  '-t',
  'tmpfs',
  'x',
  '/mnt',
]);

/** Runs a program and gives the lines that it wrote, by their first word. */
function linesOf(command: string, args: readonly string[]): Record<string, string[]> {
  const { stdout, stderr, status } = spawnSync(command, args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines: Record<string, string[]> = {};
  for (const line of stdout.trimEnd().split('\n')) {
    const [word = '', rest = ''] = line.split(' ');
    (lines[word] ??= []).push(rest);
  }
  return lines;
}

describe('a ledger without room to grow', () => {
  it('says so, does nothing by halves, and goes on when there is room', async () => {
    const limited = 'ulimit -f 1500 && exec "$0" "$@"';
    const lines = linesOf('bash', ['-c', limited, process.execPath, TARGET, path]);
    const accepted = lines['new']!;
    expect(accepted.length).toBeGreaterThan(5);
    expect(lines['failed']).toEqual(['ledger_full', 'ledger_full']);
    expect(lines['failed-state']).toEqual(['unknown']);
    expect(await ledgerFaults(path, { evaluated: new Set(accepted), heads: new Map() }, CAPS)).toEqual([]);

    const ledger = openSqliteLedger(path);
    expect(await ledger.log.head()).toMatchObject({ size: accepted.length + 1 });
    const next = acceptance(request(String(accepted.length + 1)));
    expect(await ledger.accept(next)).toMatchObject({ outcome: 'new' });
    await ledger.close();
  });

  it.skipIf(canMount.status !== 0)('goes on by itself on a disk that was full', async () => {
    const [disk, copy] = [join(directory, 'disk'), join(directory, 'copy.sqlite')];
    mkdirSync(disk);
    const script =
      'mount -t tmpfs -o size=3m tmpfs "$1" && head -c 1000000 /dev/zero > "$1/filler" && ' +
      'exec "$0" "$2" "$1/ledger.sqlite" "$1/filler" "$3"';
    const lines = linesOf('unshare', [
      ...['--user', '--map-root-user', '--mount', 'sh', '-c', script],
      ...[process.execPath, disk, TARGET, copy],
    ]);
    expect(lines['failed']).toEqual(['ledger_full', 'ledger_full']);
    expect(lines['failed-state']).toEqual(['unknown']);
    expect(lines['again']).toEqual(['accepted']);
    const evaluated = new Set(lines['new']);
    expect(evaluated.size).toBeGreaterThan(5);
    expect(await ledgerFaults(copy, { evaluated, heads: new Map() }, CAPS)).toEqual([]);
  });
});
