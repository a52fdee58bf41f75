import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NODES } from '../../packages/group/test/nodes.ts';
import { HAS_FUSED_MULTIPLY_ADD, needingFusedMultiplyAdd } from '../fused-multiply-add.ts';
import { authority, makeAgencies, NO_EVIDENCE, RESULTS_CSV, signedRequest } from '../commands/agencies.ts';
import type { Agencies } from '../commands/agencies.ts';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import type { RunOptions } from '../running-program.ts';

/** What takes the fused multiply-add from V8 on x86: the control of what is said and done without one. */
const WITHOUT_FMA = '--no-enable-fma3';
const CAN_TAKE_FMA = process.arch === 'x64';
const cantTake = CAN_TAKE_FMA ? '' : ` (skipped: ${WITHOUT_FMA} is for x86 only)`;

const SLOWER =
  'This processor or JavaScript engine has no fused multiply-add for WebAssembly: the slower engine over integers is at work.';

afterAll(cleanUp);

describe.each(NODES)('on Node $name', ({ path, isMissing }) => {
  const plain: RunOptions = { node: { path, flags: [] } };
  const unfused: RunOptions = { node: { path, flags: [WITHOUT_FMA] } };
  let agencies: Agencies;

  beforeAll(async () => {
    if (!isMissing) agencies = await makeAgencies(100, plain);
  });

  const results = (name: string): string => join(agencies.home, name);
  const matchOptions = (url: string, out: string): string[] => [
    ...authority(agencies, url),
    ...['--key', agencies.key, '--out', out],
  ];

  it.skipIf(isMissing)('the programs bring out what they must, and say nothing else', async () => {
    const { program, url } = await startDaemon(agencies.holder, [], plain);
    const request = await signedRequest(agencies, url, 'request', plain);
    const out = results('results.csv');
    const submit = ['submit', request, '--server', url, '--workers', '1', '--out', out];
    const { stderr } = await succeed('blindmatch', submit, plain);
    expect(stderr).toBe('');
    expect(readFileSync(out, 'utf8')).toBe(RESULTS_CSV);
    const daemon = await program.stop('SIGTERM');
    expect(daemon.code).toBe(0);
    for (const line of daemon.stderr.split('\n').slice(0, -1))
      expect(JSON.parse(line)).toMatchObject({ level: 30 });
  });

  it.skipIf(isMissing || !HAS_FUSED_MULTIPLY_ADD)(needingFusedMultiplyAdd('the engine is wasm'), async () => {
    const { program } = await startDaemon(agencies.holder, [], plain);
    expect(await program.event('listening')).toMatchObject({ engine: 'wasm' });
    await program.stop('SIGTERM');
  });

  it.skipIf(isMissing || !CAN_TAKE_FMA)(
    `without a fused multiply-add the slower engine is taken, which is said once${cantTake}`,
    async () => {
      const { program, url } = await startDaemon(agencies.holder, [], unfused);
      expect(await program.event('listening')).toMatchObject({ engine: 'wasm-int' });
      const out = results('unfused.csv');
      const options = matchOptions(url, out);
      const text = await succeed('blindmatch', ['match', agencies.requests, ...options], unfused);
      expect(text.stderr).toBe(`blindmatch: ${SLOWER}\n${NO_EVIDENCE}`);
      expect(readFileSync(out, 'utf8')).toBe(RESULTS_CSV);
      const json = ['match', agencies.requests, ...options, '--json'];
      const { events } = await succeed('blindmatch', json, unfused);
      expect(events.filter(({ code }) => code === 'engine_slower')).toEqual([
        { event: 'notice', code: 'engine_slower', message: SLOWER, engine: 'wasm-int' },
      ]);
      const { stderr } = await program.stop('SIGTERM');
      const [first = ''] = stderr.split('\n', 1);
      expect(JSON.parse(first)).toMatchObject({ level: 40, engine: 'wasm-int', message: 'slower engine' });
      expect(stderr.match(/slower engine/g)).toHaveLength(1);
    },
  );

  it.skipIf(isMissing || !CAN_TAKE_FMA)(
    `without a fused multiply-add build says so too, and wasm is refused${cantTake}`,
    async () => {
      const build = ['build', agencies.holder, '--source', results('people.csv'), '--workers', '1'];
      const slow = await succeed('blindmatchd', build, unfused);
      expect(slow.stderr).toBe(`blindmatchd: ${SLOWER}\n`);
      const forced = { ...unfused, env: { BLINDMATCH_ENGINE: 'wasm' } };
      expect(await run('blindmatchd', build, forced)).toMatchObject({
        code: 2,
        stdout: '',
        stderr:
          'blindmatchd: The wasm engine needs a fused multiply-add, which is not to be had here; unset BLINDMATCH_ENGINE.\n',
      });
    },
  );
});
