import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PROFILE } from '@blindmatch/records';
import { NODES, runJson } from '../../packages/group/test/nodes.ts';
import type { MatchKeyVectors, VectorOutcome } from '../../packages/records/test/match-key-vectors.ts';

const { cases } = JSON.parse(
  readFileSync(new URL('../../protocol-spec/vectors/match-keys.json', import.meta.url), 'utf8'),
) as MatchKeyVectors;
const outcomes = cases.map(({ fields, holder, requester }): VectorOutcome => ({
  ...(fields === undefined ? {} : { fields }),
  holder,
  requester,
}));

/** Languages in which upper case is made by rules of their own: the Turkish and Azeri dotless I, the Lithuanian dots. */
const LOCALES = [
  ['tr_TR.UTF-8', 'tr-TR'],
  ['lt_LT.UTF-8', 'lt-LT'],
  ['az_AZ.UTF-8', 'az-AZ'],
  ['C', 'en-US'],
] as const;

const script = fileURLToPath(new URL('./print-match-keys.ts', import.meta.url));

describe.each(NODES)('on Node $name', ({ path, isMissing }) => {
  it.skipIf(isMissing).each(LOCALES)('under %s the match keys are those of the vectors', (name, locale) => {
    const printed = runJson(path, [script], { LANG: name, LC_ALL: name });
    // The language must have been taken, or nothing was tried.
    expect(printed).toEqual({ locale, hash: DEFAULT_PROFILE.hash, outcomes });
  });
});
