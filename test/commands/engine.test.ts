import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_FUSED_MULTIPLY_ADD } from '../fused-multiply-add.ts';
import { authority, initialise, makeAgencies, PEOPLE_CSV, RESULTS_CSV, signedRequest } from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import type { ProgramName, RunOptions } from '../running-program.ts';

/** On a processor that can't run `wasm`, the others take its place. */
const FASTEST = HAS_FUSED_MULTIPLY_ADD ? 'wasm' : 'wasm-int';

const FOR_TESTS =
  'The engine noble is for tests only, because its timing gives secrets away; unset BLINDMATCH_ENGINE.';

let agencies: Agencies;

const at = (name: string): string => join(agencies.home, name);
const withEngine = (engine: string): RunOptions => ({ env: { BLINDMATCH_ENGINE: engine } });

beforeAll(async () => {
  agencies = await makeAgencies();
});
afterAll(cleanUp);

describe('BLINDMATCH_ENGINE', () => {
  it('makes no difference to what is found, whichever engine prepares, submits and answers', async () => {
    for (const [prepares, submits, answers] of [
      [FASTEST, 'wasm-int', 'noble'],
      ['wasm-int', 'noble', FASTEST],
      ['noble', FASTEST, 'wasm-int'],
    ] as const) {
      const { program, url } = await startDaemon(agencies.holder, [], withEngine(answers));
      expect(await program.event('listening')).toMatchObject({ engine: answers });
      const request = await signedRequest(agencies, url, `from-${prepares}`, withEngine(prepares));
      const out = at(`by-${submits}.csv`);
      const to = ['--server', url, '--workers', '1', '--out', out];
      const { stderr } = await succeed('blindmatch', ['submit', request, ...to], withEngine(submits));
      expect(stderr).toBe(submits === 'noble' ? `blindmatch: ${FOR_TESTS}\n` : '');
      expect(readFileSync(out, 'utf8'), `${prepares}, ${submits}, ${answers}`).toBe(RESULTS_CSV);
      await program.stop('SIGTERM');
    }
  });

  it.each([FASTEST, 'wasm-int', 'noble'])('has match work with %s alone', async (engine) => {
    const { program, url } = await startDaemon(agencies.holder, [], withEngine(engine));
    const out = at(`${engine}.csv`);
    const options = [...authority(agencies, url), '--key', agencies.key, '--out', out];
    await succeed('blindmatch', ['match', agencies.requests, ...options], withEngine(engine));
    expect(readFileSync(out, 'utf8')).toBe(RESULTS_CSV);
    await program.stop('SIGTERM');
  });

  it('makes no difference to the token set that is built with a key', async () => {
    await initialise(at('empty-holder'));
    writeFileSync(at('few.csv'), PEOPLE_CSV);
    const sets: Buffer[] = [];
    for (const engine of [FASTEST, 'wasm-int', 'noble']) {
      const holder = at(`holder-${engine}`);
      cpSync(at('empty-holder'), holder, { recursive: true });
      const build = ['build', holder, '--source', at('few.csv'), '--workers', '1'];
      await succeed('blindmatchd', build, withEngine(engine));
      sets.push(readFileSync(join(holder, 'epochs/1/token-set.bmts')));
    }
    expect(sets[1]!.equals(sets[0]!)).toBe(true);
    expect(sets[2]!.equals(sets[0]!)).toBe(true);
  });

  it('is as good as unset when it is empty', async () => {
    const { program } = await startDaemon(agencies.holder, [], withEngine(''));
    expect(await program.event('listening')).toMatchObject({ engine: FASTEST });
    await program.stop('SIGTERM');
  });

  it('has the daemon warn in its log of the engine that is for tests', async () => {
    const { program } = await startDaemon(agencies.holder, [], withEngine('noble'));
    const { stderr } = await program.stop('SIGTERM');
    const lines = stderr.split('\n').slice(0, -1);
    const entries = lines.map((line) => JSON.parse(line) as { readonly level: number });
    expect(entries.filter(({ level }) => level > 30)).toMatchObject([
      { level: 40, engine: 'noble', message: 'engine for tests only' },
    ]);
  });

  it('has init and build warn of the engine that is for tests, and of no other', async () => {
    for (const [engine, said] of [
      ['noble', `blindmatchd: ${FOR_TESTS}\n`],
      ['wasm-int', ''],
    ] as const) {
      const holder = at(`warned-by-${engine}`);
      writeFileSync(at('a-few.csv'), PEOPLE_CSV);
      const init = ['init', holder, '--name', 'Tax Agency'];
      expect((await succeed('blindmatchd', init, withEngine(engine))).stderr).toBe(said);
      const build = ['build', holder, '--source', at('a-few.csv'), '--workers', '1', '--json'];
      const { stderr, events } = await succeed('blindmatchd', build, withEngine(engine));
      expect(stderr).toBe(said);
      expect(events.filter(({ event }) => event === 'notice')).toEqual(
        said === '' ? [] : [{ event: 'notice', code: 'engine_for_tests', message: FOR_TESTS, engine }],
      );
    }
  });

  const toNobody = ['--server', 'ws://127.0.0.1:1', '--workers', '1'];
  const law = ['--holder', `sha256:${'0'.repeat(64)}`, '--statute', 'A', '--reason', 'B'];

  it.each<[ProgramName, string, readonly string[]]>([
    ['blindmatch', 'match', ['requests.csv', ...toNobody, ...law, '--key', 'k.pem', '--out', 'results.csv']],
    ['blindmatch', 'prepare', ['requests.csv', ...toNobody, ...law, '-o', 'request']],
    ['blindmatch', 'submit', ['request', ...toNobody, '--out', 'results.csv']],
    ['blindmatchd', 'init', ['holder', '--name', 'Tax Agency']],
    ['blindmatchd', 'build', ['holder', '--source', 'people.csv']],
    ['blindmatchd', 'serve', ['holder', '--listen', '127.0.0.1:0']],
  ])(
    'that names no engine ends %s %s before it has written or asked anything',
    async (program, command, options) => {
      const cwd = at(`unknown-${command}`);
      mkdirSync(cwd);
      const { code, stdout, stderr } = await run(program, [command, ...options], {
        cwd,
        ...withEngine('turbo'),
      });
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `${program}: There is no engine turbo; set BLINDMATCH_ENGINE to one of wasm, wasm-int, noble, or unset it.\n`,
      });
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('that names no engine is told to a machine by its code', async () => {
    const args = ['init', at('never'), '--name', 'Tax Agency', '--json'];
    const { code, events } = await run('blindmatchd', args, withEngine('turbo'));
    expect(code).toBe(2);
    expect(events).toMatchObject([{ event: 'error', code: 'engine_unusable', exit: 2 }]);
  });
});
