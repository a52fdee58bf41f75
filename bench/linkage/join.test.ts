import type { PersonRecord, RequestRecord, Tier } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { joinRequests, type Join } from './join.ts';
import { inTurn, madeUpPerson, madeUpProfile, madeUpRequest } from './made-up-people.ts';
import { ownSurnameOrigins } from './origin.ts';
import { PeopleOnFile } from './people-on-file.ts';
import type { Tally } from './tally.ts';
import type { Truth } from './truth.ts';

const PROFILE = madeUpProfile([
  { name: 'date', tier: 'name_address_dob', parts: ['givenName', 'dateOfBirth', 'street'] },
  { name: 'surname', tier: 'name_address_dob', parts: ['surname', 'dateOfBirth', 'street'] },
  { name: 'name', tier: 'name_address', parts: ['givenName', 'surname', 'street'] },
]);

const RULES = {
  profile: PROFILE,
  tiers: ['name_address_dob', 'name_address'],
  today: { year: 2026, month: 11, day: 22 },
} as const;

type Case = readonly [Truth['requestClass'], number, Partial<RequestRecord>, string?];

async function joined(people: readonly Partial<PersonRecord>[], cases: readonly Case[]): Promise<Join> {
  const onFile = await PeopleOnFile.read(inTurn(people.map(madeUpPerson)), RULES);
  const requests = cases.map(([, , said], index) => madeUpRequest({ recordId: `R${index + 1}`, ...said }));
  const truths = new Map(
    cases.map(([requestClass, row, , origin], index) => [`R${index + 1}`, { requestClass, row, origin }]),
  );
  return joinRequests(inTurn(requests), truths, onFile, ownSurnameOrigins());
}

/** What became of all requests of a tier. */
function tallyOf(join: Join, tier: Tier): Tally {
  const tally = join.tiers.get(tier)?.get('all');
  if (tally === undefined) throw new Error(`Nothing was asked in ${tier}.`);
  return tally;
}

const dated = (join: Join): Tally => tallyOf(join, 'name_address_dob');

describe('a request for a person on file', () => {
  it('is found by their own row', async () => {
    const join = await joined([{}], [['same', 1, {}]]);
    expect(dated(join).classes.same).toMatchObject({ requests: 1, confirmedByOwn: 1, confirmedByOthers: 0 });
    expect(dated(join).keys[0]).toMatchObject({ elements: 1, own: 1, added: 1, onlyOwn: 0 });
    expect(dated(join).keys[1]).toMatchObject({ elements: 1, own: 1, added: 0, onlyOwn: 0 });
  });

  it('that only one key finds is what would be lost without it', async () => {
    const join = await joined([{}], [['same', 1, { givenName: 'ANNE' }]]);
    expect(dated(join).keys[0]).toMatchObject({ own: 0, onlyOwn: 0 });
    expect(dated(join).keys[1]).toMatchObject({ own: 1, added: 1, onlyOwn: 1 });
  });

  it("is confirmed wrongly by another's row", async () => {
    const join = await joined([{ surname: 'JONES' }, { street: '2 MAIN ST' }], [['same', 2, {}]]);
    expect(dated(join).classes.same).toMatchObject({ confirmed: 1, confirmedByOwn: 0, confirmedByOthers: 1 });
    expect(dated(join).keys[0]).toMatchObject({ own: 0, wrongSame: 1 });
    expect(join.faults.confirmedByOthers).toEqual(['R1']);
  });

  it('counts as not found, and as a fault, when it is rejected', async () => {
    const join = await joined([{}], [['same', 1, { street: '' }]]);
    expect(dated(join).classes.same).toMatchObject({
      requests: 1,
      rejected: 1,
      rejections: { street_missing: 1 },
      confirmed: 0,
    });
    expect(join.faults.rejectedSame).toEqual(['R1']);
  });

  it('is asked in the tier that its date of birth decides', async () => {
    const join = await joined([{}], [['same', 1, { dateOfBirth: '' }]]);
    expect(() => dated(join)).toThrow('Nothing was asked');
    const { keys, classes } = tallyOf(join, 'name_address');
    expect(classes.same.confirmedByOwn).toBe(1);
    expect(keys.map(({ elements }) => elements)).toEqual([0, 0, 1]);
  });
});

describe('a wrong confirmation', () => {
  it('of an absent person is told by where the other lives', async () => {
    const join = await joined(
      [{}, { street: '9 ELM ST', city: 'CAIRO', postcode: '62914' }],
      [
        ['absent', 0, { givenName: 'BEN' }],
        ['absent', 0, { givenName: 'BEN', street: '9 ELM ST' }],
        ['absent', 0, { street: '3 OAK ST' }],
      ],
    );
    expect(dated(join).classes.absent).toMatchObject({ requests: 3, confirmedByOthers: 2, inTheHouse: 1 });
    expect(dated(join).keys[1]).toMatchObject({ wrongAbsent: 2, onlyWrongAbsent: 2 });
    expect(join.faults.confirmedAbsent).toEqual(['R1', 'R2']);
  });

  it('of one who has moved is one, though it is their own row', async () => {
    const join = await joined([{}], [['moved', 1, {}]]);
    expect(dated(join).classes.moved).toMatchObject({ confirmedByOwn: 0, confirmedByOthers: 1 });
    expect(join.faults.confirmedMoved).toEqual(['R1']);
  });

  it('does not come from a key that two people have, which is counted', async () => {
    const people = await PeopleOnFile.read(
      inTurn([madeUpPerson({}), madeUpPerson({ givenName: 'BEN' })]),
      RULES,
    );
    expect(people.figures).toMatchObject({ rows: 2, people: 2, tokens: [2, 2, 2], ambiguous: [0, 1, 0] });
    const join = await joined([{}, { givenName: 'BEN' }], [['absent', 0, { givenName: 'CAT' }]]);
    expect(dated(join).classes.absent.confirmed).toBe(0);
  });

  it('does come from a key that two rows of one person have', async () => {
    const join = await joined([{}, {}], [['absent', 0, { givenName: 'CAT' }]]);
    expect(dated(join).classes.absent.confirmed).toBe(1);
  });
});

it('takes rows by their place in the file, whoever is rejected before', async () => {
  const join = await joined([{ street: '' }, {}], [['same', 2, {}]]);
  expect(dated(join).classes.same.confirmedByOwn).toBe(1);
});

it('names an incomplete record that is not rejected', async () => {
  const join = await joined(
    [],
    [
      ['incomplete', 0, {}],
      ['incomplete', 0, { street: '' }],
    ],
  );
  expect(join.faults.acceptedIncomplete).toEqual(['R1']);
  expect(join.total.classes.incomplete).toMatchObject({ requests: 2, rejected: 1 });
});

it('splits by date of birth and by origin: the column, or else the surname', async () => {
  const join = await joined(
    [],
    [
      ['absent', 0, { surname: 'García López' }],
      ['absent', 0, { surname: 'Tran' }, 'made up'],
      ['absent', 0, {}],
    ],
  );
  const groups = join.tiers.get('name_address_dob') ?? [];
  expect([...groups].map(([name, { requests }]) => [name, requests])).toEqual([
    ['all', 3],
    ['with date of birth', 3],
    ['origin general', 1],
    ['origin hispanic', 1],
    ['origin made up', 1],
  ]);
});

it('refuses a truth of other files', async () => {
  await expect(joined([{}], [['same', 2, {}]])).rejects.toThrow('has row 2 for "R1", but');
  const people = await PeopleOnFile.read(inTurn([madeUpPerson({})]), RULES);
  await expect(
    joinRequests(inTurn([madeUpRequest({})]), new Map(), people, ownSurnameOrigins()),
  ).rejects.toThrow('says nothing of record "R1"');
});
