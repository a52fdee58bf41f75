import { openTokenSetBuild } from '../../src/build.ts';
import { IDENTITY } from './obvious.ts';
import { outputsOf, uniformTokens } from './tokens.ts';

/* A holder's process that a test kills: node kill-target.ts DIRECTORY ROWS. It writes a line after each call. */

const [directory = '', rows = '0'] = process.argv.slice(2);
const count = Number(rows);
const tokens = uniformTokens(count * 8);
const build = await openTokenSetBuild(`${directory}/build`, { source: 'source', runTokens: 16 });
process.stdout.write(`from ${build.completed}\n`);
for (let row = build.completed; row < count; row++) {
  await build.add(outputsOf(tokens.subarray(16 * 8 * row, 16 * 8 * (row + 1))), row + 1);
  process.stdout.write(`added ${row + 1}\n`);
}
await build.finish(`${directory}/set`, IDENTITY, (done) => process.stdout.write(`merged ${done}\n`));
process.stdout.write('finished\n');
