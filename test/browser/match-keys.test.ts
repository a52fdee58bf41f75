import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '@blindmatch/records';
import type { MatchKeyVectors, VectorOutcome } from '../../packages/records/test/match-key-vectors.ts';
import { absenceNotice, HeadlessPages, importsFrom, isAbsent } from './headless-pages.ts';

const DIST = new URL('../../packages/records/dist/', import.meta.url);
const VECTORS = new URL('../../protocol-spec/vectors/', import.meta.url);

const { cases } = JSON.parse(readFileSync(new URL('match-keys.json', VECTORS), 'utf8')) as MatchKeyVectors;
const expected = cases.map(({ fields, holder, requester }): VectorOutcome => ({
  ...(fields === undefined ? {} : { fields }),
  holder,
  requester,
}));

/** What the page told. */
interface Told {
  readonly hash?: string;
  readonly outcomes?: readonly VectorOutcome[];
  readonly error?: string;
}

const pages = new HeadlessPages<Told>([
  ['/records/', DIST],
  ['/test/', new URL('../../packages/records/test/', import.meta.url)],
  ['/vectors/', VECTORS],
  ['/node_modules/', new URL('../../packages/records/node_modules/', import.meta.url)],
]);

beforeAll(() => pages.start());
afterAll(() => pages.stop());

describe('the match keys in headless Chromium', () => {
  it.skipIf(isAbsent)(`are those of the vectors${absenceNotice}`, async () => {
    const told = await pages.open('match-keys.html');
    expect(told).toMatchObject({ hash: DEFAULT_PROFILE.hash, outcomes: expected });
  });
});

describe('what the records for browsers are made of', () => {
  const foreign = (file: string): string[] =>
    [...importsFrom(DIST, file)].filter((name) => !name.startsWith('./'));

  it('needs nothing of Node', () => {
    expect(foreign('browser.js').sort()).toEqual([
      '@noble/hashes/sha2.js',
      '@noble/hashes/utils.js',
      'any-ascii',
    ]);
  });

  it('would be seen to need Node, as the index of the package does', () => {
    expect(foreign('index.js')).toContain('node:fs/promises');
  });
});
