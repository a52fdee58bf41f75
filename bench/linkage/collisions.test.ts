import type { PersonRecord } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../population/random.ts';
import { countCollisions, extrapolate, type KeyCollisions } from './collisions.ts';
import { inTurn, madeUpPerson, madeUpProfile } from './made-up-people.ts';
import { PeopleOnFile } from './people-on-file.ts';

const KEYS = madeUpProfile([
  // The control: a key without a street, as none may be, whose strangers are easily seen.
  { name: 'streetless', tier: 'name_address', parts: ['givenName', 'surname'] },
  { name: 'name_street_state', tier: 'name_address', parts: ['givenName', 'surname', 'street', 'state'] },
  { name: 'name_street_zip', tier: 'name_address', parts: ['givenName', 'surname', 'street', 'postcode'] },
]);

const RULES = {
  profile: KEYS,
  tiers: ['name_address_dob', 'name_address'],
  today: { year: 2026, month: 11, day: 22 },
} as const;

const NAMES = 50;
const STREETS = 40;
const ZIPS = 900;

/** People of equally likely names, streets and ZIP codes, so that each chance is known. */
function strangers(count: number): PersonRecord[] {
  const random = seededRandom(7, 'collisions');
  return Array.from({ length: count }, (_, line) =>
    madeUpPerson({
      line,
      givenName: `NAME${random.below(NAMES)}`,
      street: `${random.below(STREETS)} MAIN ST`,
      postcode: String(10_000 + random.below(ZIPS)),
      city: `TOWN${line}`,
      dateOfBirth: String(line),
    }),
  );
}

/** In the order of the keys. */
type Collisions = [streetless: KeyCollisions, inState: KeyCollisions, inZip: KeyCollisions];

async function collisionsOf(
  records: readonly PersonRecord[],
  addresses?: readonly PersonRecord[],
): Promise<Collisions> {
  const people = await PeopleOnFile.read(inTurn(records), RULES);
  return (await countCollisions(people, () => inTurn(records), 1_000_000, addresses)) as Collisions;
}

describe('what is extrapolated', () => {
  it('is what strangers do in a population whose chances are known', async () => {
    const [streetless, nameStreetState] = await collisionsOf(strangers(4000));
    const expected = extrapolate(streetless, 1000);
    // A thousand people on file, of whom one in fifty has the name.
    expect(expected.direct / (1000 / NAMES)).toBeCloseTo(1, 1);
    expect(expected.directUpper).toBeGreaterThan(expected.direct);
    const inState = extrapolate(nameStreetState, 1000);
    expect(inState.direct / (1000 / NAMES / STREETS)).toBeCloseTo(1, 1);
    expect(inState.factored / (1000 / NAMES / STREETS)).toBeCloseTo(1, 1);
    expect(inState.factoredUpper).toBeGreaterThan(inState.factored);
  });

  it('grows with the people on file and not with the sample', async () => {
    const [small] = await collisionsOf(strangers(1500));
    const [large] = await collisionsOf(strangers(6000));
    expect(extrapolate(small, 1e6).direct / extrapolate(large, 1e6).direct).toBeCloseTo(1, 1);
    expect(extrapolate(large, 2e6).direct).toBeCloseTo(2 * extrapolate(large, 1e6).direct, 6);
  });

  it('is bounded, by three in all pairs, where no pair was seen', async () => {
    const [, , withZip] = await collisionsOf(strangers(2));
    expect(withZip.onFile).toEqual({ pairs: 0, trials: 1 });
    const [seen] = await collisionsOf(
      strangers(1000).map((person, line) => ({ ...person, givenName: `N${line}` })),
    );
    expect(seen.onFile.pairs).toBe(0);
    expect(extrapolate(seen, 1e6)).toMatchObject({ direct: 0, factored: 0 });
    expect(extrapolate(seen, 1e6).directUpper).toBeCloseTo((1e6 * 2.9957) / (500 * 999), 3);
  });

  it('leaves the people of a house out: they are counted by the absent requests', async () => {
    const family = [1, 2, 3].map((line) =>
      madeUpPerson({ line, givenName: 'JOHN', dateOfBirth: String(line) }),
    );
    const [streetless, inState, inZip] = await collisionsOf(family);
    for (const key of [streetless, inState, inZip]) {
      expect([key.onFile.pairs, key.names.pairs, key.addresses.pairs]).toEqual([0, 0, 0]);
    }
  });

  it('has the address part of one name in two towns, though none of that name live there', async () => {
    const [, inState, inZip] = await collisionsOf([
      madeUpPerson({ givenName: 'ANN', city: 'ALTON', postcode: '62002' }),
      madeUpPerson({ givenName: 'BEN', city: 'CAIRO', postcode: '62914' }),
    ]);
    expect(inState).toMatchObject({ onFile: { pairs: 0 }, names: { pairs: 0 }, addresses: { pairs: 1 } });
    expect(inZip).toMatchObject({ onFile: { pairs: 0 }, addresses: { pairs: 0 } });
  });

  it('takes other addresses for the address part, each of its own place', async () => {
    const records = strangers(10);
    const addresses = [
      madeUpPerson({ postcode: '1' }),
      madeUpPerson({ postcode: '2' }),
      madeUpPerson({ street: '2' }),
    ];
    const [, inState] = await collisionsOf(records, addresses);
    expect(inState.addresses).toEqual({ pairs: 1, trials: 3 });
    expect(inState.names.trials).toBe(45);
  });
});
