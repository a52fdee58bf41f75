/** Prints, as JSON, what the records of the vectors give on the Node.js that runs it, and what that is. */
import { readFileSync } from 'node:fs';
import * as records from '@blindmatch/records/browser';
import { outcomeOf } from '../../packages/records/test/match-key-vectors.ts';
import type { MatchKeyVectors } from '../../packages/records/test/match-key-vectors.ts';

const file = new URL('../../protocol-spec/vectors/match-keys.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as MatchKeyVectors;
const printed = {
  locale: new Intl.NumberFormat().resolvedOptions().locale,
  hash: records.DEFAULT_PROFILE.hash,
  outcomes: cases.map((vector) => outcomeOf(records, vector)),
};
process.stdout.write(JSON.stringify(printed));
