import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runLinkage } from './linkage.ts';
import type { LinkageReport } from './report.ts';

const directory = mkdtempSync(join(tmpdir(), 'blindmatch-linkage-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const FIELDS = 'given_name,middle_name,surname,date_of_birth,street,street2,city,state,postcode';

function fileOf(name: string, ...lines: readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const FILES = [
  '--holder',
  fileOf('holder.csv', FIELDS, 'Anna,,Miller,1980-02-03,12 Oak Street,,Alton,IL,62002'),
  '--requests',
  fileOf(
    'requests.csv',
    `record_id,${FIELDS},order_number,order_date`,
    'R1,ANNA,,MILLER,1980-02-03,12 OAK ST,,ALTON,IL,62002,A1,2020-05-06',
    'R2,Bertha,,Young,1981-12-13,7 Elm Street,,Alton,IL,62002,A2,2020-05-06',
    'R3,Carl,,Young,1981-12-14,Unknown Address,,Alton,IL,62002,A3,2020-05-06',
  ),
  '--truth',
  fileOf('truth.csv', 'record_id,class,holder_row', 'R1,same,1', 'R2,absent,', 'R3,incomplete,'),
];

const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
const noticed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
beforeEach(() => {
  printed.mockClear();
  noticed.mockClear();
});

const output = (): string => printed.mock.calls.map(([line]) => String(line)).join('\n');

describe('bench linkage', () => {
  it('runs the record code over files, and prints one JSON object', async () => {
    expect(await runLinkage([...FILES, '--json', '--today', '2026-11-22'])).toBe(0);
    const report = JSON.parse(output()) as LinkageReport;
    expect(report).toMatchObject({ today: '2026-11-22', matchRate: 0.037, peopleExtrapolated: 150_000_000 });
    const { same, absent, incomplete } = report.requests.classes;
    expect(same).toMatchObject({ requests: 1, confirmedByOwn: 1 });
    expect(absent).toMatchObject({ requests: 1, confirmed: 0 });
    expect(incomplete).toMatchObject({ requests: 1, rejections: { street_placeholder: 1 } });
    expect(report.file).toMatchObject({ rows: 1, people: 1 });
  });

  it('prints tables, and writes the JSON object to a file as well', async () => {
    const out = join(directory, 'out.json');
    expect(await runLinkage([...FILES, '--out', out])).toBe(0);
    expect(output()).toContain('recall (95 %)');
    expect((JSON.parse(readFileSync(out, 'utf8')) as LinkageReport).requests.all).toBe(3);
  });

  it('reads the records on the latest date of birth on file where that is to come, and says so', async () => {
    const born = fileOf('born.csv', FIELDS, 'Anna,,Miller,2999-02-03,12 Oak Street,,Alton,IL,62002');
    const later = [...FILES, '--holder', born];
    expect(await runLinkage(later)).toBe(0);
    expect(output()).toContain('read as on 2999-02-03');
    printed.mockClear();
    expect(await runLinkage([...later, '--today', '2026-11-22'])).toBe(0);
    expect(output()).toContain('read as on 2026-11-22');
  });

  it('answers 1 when a limit does not hold, beside the JSON object', async () => {
    expect(
      await runLinkage([...FILES, '--json', '--check', '--tiers', 'name_address', '--without-dates']),
    ).toBe(0);
    expect(noticed.mock.calls.join('')).toContain('pass');
    const none = ['--requests', fileOf('none.csv', `record_id,${FIELDS},order_number,order_date`)];
    expect(await runLinkage([...FILES, ...none, '--check'])).toBe(1);
    expect(output()).toContain('FAIL');
  });

  it.each([
    [['--tiers', 'name'], '--tiers takes'],
    [['--profile', 'us/9'], '--profile us/9 is none'],
    [['--today', '2026-02-30'], '--today must be a day'],
    [['--match-rate', '3.7'], '--match-rate must be a share'],
    [['--recall', ''], '--recall must be a share'],
    [['--addresses', 'missing.json'], "can't be read as JSON"],
    [['--truth', join(directory, 'holder.csv')], 'neither a known class nor a row'],
  ])('refuses %j', async (more, message) => {
    await expect(runLinkage([...FILES, ...more])).rejects.toThrow(message);
  });

  it('asks for the files of a population', async () => {
    await expect(runLinkage(['--json'])).rejects.toThrow('--holder, --requests and --truth');
  });
});
