import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REJECTION_REASONS } from '@blindmatch/records';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authority, makeAgencies, type Agencies } from './agencies.ts';
import { cleanUp, startDaemon, succeed, type Daemon, type Ended } from '../running-program.ts';

const DAY_MS = 86_400_000;
/** The age in days of the order of R-2; that of R-4 is two days younger. */
const AGE_OF_R2 = Math.floor((Date.now() - Date.parse('2024-05-02T00:00:00Z')) / DAY_MS);

let agencies: Agencies;
let daemon: Daemon;
let ended: Ended;

const at = (name: string): string => join(agencies.home, name);

beforeAll(async () => {
  agencies = await makeAgencies();
  const policy = join(agencies.holder, 'holder.yaml');
  const changed = readFileSync(policy, 'utf8')
    .replace(/^answered_tiers: .*$/m, 'answered_tiers: [name_address_dob]')
    .replace(/^minimum_order_age_days: .*$/m, `minimum_order_age_days: ${AGE_OF_R2}`);
  writeFileSync(policy, changed);
  const source = ['--source', at('people.csv'), '--workers', '1'];
  await succeed('blindmatchd', ['build', agencies.holder, ...source]);
  daemon = await startDaemon(agencies.holder);
  const files = ['--key', agencies.key, '--out', at('results.csv'), '--cache', at('cache')];
  const options = [...authority(agencies, daemon.url), ...files, '--json'];
  ended = await succeed('blindmatch', ['match', agencies.requests, ...options]);
});
afterAll(cleanUp);

/** The outcome, the tier and the reason of each record, by its id. */
function results(): Map<string, { outcome: string; tier: string; reason: string }> {
  const [, ...lines] = readFileSync(at('results.csv'), 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [id = '', outcome = '', tier = '', , ...reason] = line.split(',');
      return [id, { outcome, tier, reason: reason.join(',').replaceAll('"', '') }];
    }),
  );
}

it('a holder that answers dates of birth only is asked for those alone, and its matches say so', () => {
  expect(results().get('R-1')).toEqual({ outcome: 'match', tier: 'name_address_dob', reason: '' });
  expect(results().get('R-2')).toEqual({ outcome: 'no_match', tier: 'name_address_dob', reason: '' });
  expect(ended.events.filter(({ event }) => event === 'tier')).toMatchObject([
    { tier: 'name_address_dob', records: 2 },
    { tier: 'name_address', records: 0, keys: 0 },
  ]);
  expect(ended.events.find(({ event }) => event === 'finished')).toMatchObject({
    ...{ match: 1, match_name_address_dob: 1, match_name_address: 0, no_match: 1, rejected: 3 },
  });
});

it('an order that is younger than the holder allows is not asked about', () => {
  expect(results().get('R-4')).toEqual({
    ...{ outcome: 'rejected', tier: '', reason: REJECTION_REASONS.order_too_recent },
  });
});

it('a record without a date of birth is told that it needs one', async () => {
  const tiers = ['--tiers', 'name_address_dob', '--json'];
  const { events } = await succeed('blindmatch', ['check', agencies.requests, ...tiers]);
  expect(events.find((event) => event['record_id'] === 'R-5')).toMatchObject({
    ...{ event: 'rejected', code: 'tier_not_answered', reason: REJECTION_REASONS.tier_not_answered },
  });
  expect(results().get('R-5')?.outcome).toBe('rejected');
});
