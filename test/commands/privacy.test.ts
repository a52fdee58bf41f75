/** That a holder has no word of what its requesters' records say, whatever is done with a request; the real programs. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, succeed } from '../running-program.ts';
import { PEOPLE_CSV, PLANTED, REQUESTS_CSV, RESULTS_CSV } from './agencies.ts';
import { PolicedHolder, STATUTE } from './policed-holder.ts';

/** Of people on file and of records; long enough that no key or token has one of them by chance. */
const WORDS = [...PLANTED, 'Unheardof', 'Overby', 'Nowhere', 'Elsewhere', 'A100000001'];

let holder: PolicedHolder;
/** What the daemon wrote to its log, and what its operator was shown. */
let shown: string;

beforeAll(async () => {
  holder = await PolicedHolder.serving(({ operator, auditor, inspector }) => ({
    ...{ approval: 'human', approvers: [operator.entry], auditors: [auditor.entry] },
    ...{ accounting: 'required', inspector: inspector.entry, required_fields: ['evidence'] },
  }));
  const { cast, directory } = holder;
  const told: string[] = [];
  const asOperator = async (...args: readonly string[]): Promise<void> => {
    const [group = '', command = '', ...rest] = args;
    const { stdout, stderr } = await succeed('blindmatchd', [group, command, directory, ...rest]);
    told.push(stdout, stderr);
  };

  const [answered, denied] = [await holder.request('answered'), await holder.request('denied')];
  const inspector = ['--inspector', cast.inspector.entry.recipient];
  const decided = ['--key', cast.operator.key, '--yes', '--reason', 'Looked at'];
  for (const [request, decision] of [
    [answered, 'approve'],
    [denied, 'deny'],
  ] as const) {
    const { events } = await holder.submit(request, ...inspector);
    const [id = ''] = /sha256:[0-9a-f]{64}/.exec(String(events.at(-1)?.['message'])) ?? [];
    await asOperator('requests', 'list');
    await asOperator('requests', decision, id, ...decided);
    await holder.submit(request, ...inspector);
    await asOperator('requests', 'show', id);
  }
  expect(readFileSync(`${answered}.csv`, 'utf8')).toBe(RESULTS_CSV);
  // A request that nobody may sign is remembered too.
  await holder.submit(await holder.request('strange', { signers: [cast.stranger] }));
  await asOperator('log', 'verify');
  await asOperator('log', 'export', '-o', holder.at('log.ndjson'));
  const year = [
    '--from',
    `${new Date().getUTCFullYear()}-01-01`,
    '--to',
    `${new Date().getUTCFullYear()}-12-31`,
  ];
  for (const version of [[], ['--public']]) {
    const html = holder.at(`report${version.length}.html`);
    await succeed('blindmatchd', ['report', directory, ...year, '--html', html, ...version]);
  }
  told.push(await holder.stop());
  shown = told.join('\n');
});
afterAll(cleanUp);

/** The words that are in there, in whatever case. */
function wordsIn(bytes: Buffer): string[] {
  const text = bytes.toString('latin1').toLowerCase();
  return WORDS.filter((word) => text.includes(word.toLowerCase()));
}

describe('no word of a submitted record', () => {
  it('is looked for in vain where it is: the search finds what was planted', () => {
    const planted = wordsIn(Buffer.from(REQUESTS_CSV + PEOPLE_CSV));
    expect(planted).toEqual(WORDS);
    expect(wordsIn(readFileSync(holder.records))).not.toEqual([]);
  });

  it("is in any file of the holder's: policy, keys, epoch, ledger", () => {
    const files = readdirSync(holder.directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(files.map((path) => path.slice(holder.directory.length + 1))).toContain('ledger.sqlite');
    for (const path of files) expect(wordsIn(readFileSync(path)), path).toEqual([]);
  });

  it('is in the log, whose leaves have nothing that a requester wrote freely', async () => {
    const log = readFileSync(holder.at('log.ndjson'));
    expect(wordsIn(log)).toEqual([]);
    // Its policy lists no statutes, so that of a request is the requester's own word.
    for (const text of ['Final orders', STATUTE]) expect(log.toString()).not.toContain(text);
    expect((await holder.leaves()).map(({ type }) => type)).toEqual([
      ...['policy', 'epoch', 'pending', 'approval', 'accepted', 'finished', 'accounting'],
      ...['pending', 'approval', 'refused'],
    ]);
  });

  it('is in what the daemon writes and its operator is shown', () => {
    expect(shown).toContain('request accepted');
    expect(shown).toContain('\n  reason         Final orders of May\n');
    expect(wordsIn(Buffer.from(shown, 'latin1'))).toEqual([]);
  });

  it.each(['report0.html', 'report1.html'])('is in a report: %s', (name) => {
    const page = readFileSync(holder.at(name));
    expect(page.toString()).toContain('Tax Agency');
    expect(wordsIn(page)).toEqual([]);
  });

  it("is in what a request shows outside the requester's own part", async () => {
    const request = holder.at('answered');
    const outside = readdirSync(request, { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name } of outside) expect(wordsIn(readFileSync(join(request, name))), name).toEqual([]);
    const { stdout } = await run('blindmatch', ['sign', request, '--key', holder.cast.bob.key]);
    expect(stdout).toContain('To be signed:');
    expect(wordsIn(Buffer.from(stdout, 'latin1'))).toEqual([]);
  });
});
