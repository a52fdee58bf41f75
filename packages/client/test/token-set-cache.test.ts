import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochDescriptor } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import type { HolderConnection } from '../src/holder-connection.ts';
import { TokenSetCache } from '../src/token-set-cache.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const NOW = Date.UTC(2026, 10, 21);
const DAY = 86_400_000;
const OWN = 'aaaaaaaaaaaaaaaa';
const digest = new Uint8Array(32).fill(0xab);
const tokenSet = { digest, bytes: 1000, tokens: 1, bits: 40 } as EpochDescriptor['tokenSet'];
const set = 'ab'.repeat(32);

/** A holder that goes away before the first piece. */
const gone = {
  readSet: () => Promise.reject(Object.assign(new Error('gone'), { code: 'holder_gone' })),
} as unknown as HolderConnection;

describe('a download', () => {
  it('first removes what others began and left for more than a week, and nothing else', async () => {
    const home = join(directory, 'cache');
    mkdirSync(home);
    const other = 'cd'.repeat(32);
    const put = (name: string, days: number): void => {
      writeFileSync(join(home, name), 'x');
      utimesSync(join(home, name), (NOW - days * DAY) / 1000, (NOW - days * DAY) / 1000);
    };
    put(`${other}.bmts.1111111111111111.partial`, 8);
    put(`${set}.bmts.2222222222222222.partial`, 8);
    put(`${other}.bmts.3333333333333333.partial`, 6);
    put(`${set}.bmts.${OWN}.partial`, 30);
    put(`${other}.bmts`, 100);
    put('notes.partial', 100);
    const cache = new TokenSetCache(home, () => NOW);
    expect(await codeOf(() => cache.download(gone, tokenSet, OWN, () => undefined))).toBe('holder_gone');
    expect(readdirSync(home).sort()).toEqual(
      [
        `${other}.bmts.3333333333333333.partial`,
        `${set}.bmts.${OWN}.partial`,
        `${other}.bmts`,
        'notes.partial',
      ].sort(),
    );
  });
});
