import { openTokenSetBuild } from '../../src/build.ts';
import { IDENTITY } from './obvious.ts';
import { addTokens, uniformTokens } from './tokens.ts';

/* A holder's process that a test kills: node kill-target.ts DIRECTORY ROWS. It writes a line after each call. */

const [directory = '', rows = '0'] = process.argv.slice(2);
const count = Number(rows);
const tokens = uniformTokens(count * 8);
const build = await openTokenSetBuild(`${directory}/build`, { source: 'source', runTokens: 18 });
process.stdout.write(`from ${build.completed}\n`);
for (let row = build.completed; row < count; row++) {
  // Two rows of different owners share the last token, which therefore is not in the set.
  const shared = uniformTokens(1, `shared by a pair, ${row >> 1}`);
  const own = tokens.subarray(16 * 8 * row, 16 * 8 * (row + 1));
  await addTokens(build, Buffer.concat([own, shared]), row + 1, row);
  process.stdout.write(`added ${row + 1}\n`);
}
await build.finish(`${directory}/set`, IDENTITY, (done) => process.stdout.write(`merged ${done}\n`));
process.stdout.write('finished\n');
