/** `blindmatchd report` over a log that the real programs have written, while the daemon serves. */

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, startDaemon, succeed, type Ended, type RunOptions } from '../running-program.ts';
import { authority, initialise, makeAgencies, PLANTED, REQUESTS_CSV, type Agencies } from './agencies.ts';

/** Years around now, so that no change of the year comes in between. */
const YEAR = new Date().getUTCFullYear();
const PERIOD = ['--from', `${YEAR - 1}-01-01`, '--to', `${YEAR + 1}-12-31`];
const STATUTE = '8 U.S.C. 1253(a)(1)';

let agencies: Agencies;
let options: RunOptions;
const at = (name: string): string => join(agencies.home, name);
const report = async (name: string, ...more: readonly string[]): Promise<Ended> =>
  await run('blindmatchd', ['report', agencies.holder, ...PERIOD, '--html', at(name), ...more], options);
const textOf = (name: string): string =>
  readFileSync(at(name), 'utf8')
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

beforeAll(async () => {
  agencies = await makeAgencies(5);
  options = { env: { XDG_STATE_HOME: at('state') } };
  const { url } = await startDaemon(agencies.holder);
  const asking = [...authority(agencies, url), '--key', agencies.key, '--cache', at('cache')];
  await succeed('blindmatch', ['match', agencies.requests, ...asking, '--out', at('results.csv')], options);
  // More records than the cap allows: refused, in the requester's name.
  const [header = '', first = ''] = REQUESTS_CSV.split('\n');
  const many = Array.from({ length: 6 }, (_, number) => first.replace('R-1', `R-${number}`));
  writeFileSync(at('many.csv'), `${header}\n${many.join('\n')}\n`);
  const refused = await run(
    'blindmatch',
    ['match', at('many.csv'), ...asking, '--out', at('none.csv')],
    options,
  );
  expect(refused.stderr).toMatch(/6 records/);
});
afterAll(cleanUp);

describe('blindmatchd report', () => {
  it('tells what was asked and decided, while the daemon serves', async () => {
    const { code, stdout } = await report('report.html');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The report on \d+ entries of the log .* is in .*report\.html\.\n$/);
    const text = textOf('report.html');
    expect(text).toContain('Requesting Agency not listed by the policy 1 4 ');
    expect(text).toContain('records_over_cap Requesting Agency 1 6');
    expect(text).toContain('Accepted under');
    expect(text).toContain('Finished: the receipt was given');
    expect(text).toContain('records a request 5 4 80%');
  });

  it('says of a period that has not ended that more may come', async () => {
    expect((await report('open.html')).stderr).toMatch(/^blindmatchd: The period ends only with /);
    const ended = await run(
      'blindmatchd',
      [
        'report',
        agencies.holder,
        '--from',
        `${YEAR - 2}-01-01`,
        '--to',
        `${YEAR - 2}-12-31`,
        '--html',
        at('ended.html'),
      ],
      options,
    );
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('holds no word about any record', () => {
    const page = readFileSync(at('report.html'), 'utf8');
    for (const word of PLANTED) expect(page).not.toContain(word);
  });

  it('carries the checkpoint that the log has', async () => {
    const page = readFileSync(at('report.html'), 'utf8');
    const { events } = await succeed(
      'blindmatchd',
      ['log', 'checkpoint', agencies.holder, '--json'],
      options,
    );
    expect(page).toContain(String(events[0]?.['note']));
  });

  it('leaves out of the version for publication what is small, and says so', async () => {
    const { code } = await report('public.html', '--public');
    expect(code).toBe(0);
    const text = textOf('public.html');
    expect(text).toContain('Requests answered fewer than 10');
    expect(text).toContain('records_over_cap fewer than 10');
    expect(text).not.toContain(STATUTE);
    await report('all.html', '--public', '--suppress-below', '2');
    expect(textOf('all.html')).toContain('Records asked about 4');
  });

  it('gives one event with --json beside the notice, and replaces its own earlier report only', async () => {
    writeFileSync(at('mine.html'), '<p>mine</p>');
    expect((await report('mine.html')).stderr).toMatch(/mine\.html exists and holds no earlier report/);
    const { code, events } = await report('report.html', '--json');
    expect(code).toBe(0);
    expect(events).toMatchObject([
      { event: 'reported', html: at('report.html'), public: false },
      { event: 'notice', code: 'period_not_ended' },
    ]);
    expect(statSync(at('report.html')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['--to before --from', ['--from', '2026-02-01', '--to', '2026-01-01'], /--to is before --from/],
    ['a day that is none', ['--from', '2026-02-30', '--to', '2026-03-01'], /Give a day/],
    ['more than ten years', ['--from', '2000-01-01', '--to', '2026-01-01'], /at most 3700 days/],
    ['a threshold without --public', [...PERIOD, '--suppress-below', '5'], /goes with --public/],
  ])('refuses %s with exit code 2 and writes nothing', async (_, given, sentence) => {
    const { code, stderr } = await run(
      'blindmatchd',
      ['report', agencies.holder, ...given, '--html', at('nothing.html')],
      options,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
    expect(existsSync(at('nothing.html'))).toBe(false);
  });

  it('says how to begin where there is no log yet', async () => {
    await initialise(at('new'));
    const { code, stderr } = await run('blindmatchd', [
      'report',
      at('new'),
      ...PERIOD,
      '--html',
      at('new.html'),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/policy reload/);
  });
});
