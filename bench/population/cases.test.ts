import { describe, expect, it } from 'vitest';
import { drawCases, MOVES } from './cases.ts';
import type { CaseParameters, PersonCase, RequestCase } from './cases.ts';
import type { Culture, Person } from './person.ts';
import { sharesOf } from './shares.ts';

const CULTURES: readonly [Culture, number][] = [
  ['european', 4],
  ['hispanic', 4],
  ['vietnamese', 1],
];

const parameters: CaseParameters = {
  seed: 'cases',
  people: 8_000,
  counts: { same: 300, moved: 2_000, absent: 5_000, incomplete: 50 },
  cultures: sharesOf(CULTURES),
  namesakeSons: 0.2,
  twins: 0.05,
  registeredAdults: 0.7,
  withoutNamesakes: false,
  absentBesideOnFile: 0.4,
  farMovesOnly: false,
};

const nameOf = ({ given, surname }: Person): string => `${given} ${surname}`;
const identityOf = (person: Person): string => JSON.stringify(person);
const placeOf = ({ address }: PersonCase | RequestCase): string => JSON.stringify(address);

function draw(changed: Partial<CaseParameters> = {}): { onFile: PersonCase[]; requests: RequestCase[] } {
  const cases = [...drawCases({ ...parameters, ...changed })];
  return {
    onFile: cases.filter((drawn) => drawn.kind === 'person'),
    requests: cases.filter((drawn) => drawn.kind === 'request'),
  };
}

const { onFile, requests } = draw();
const registered = new Set(onFile.map(({ person }) => identityOf(person)));
const inhabited = Map.groupBy(onFile, placeOf);
const ofClass = (name: string): RequestCase[] => requests.filter(({ requestClass }) => requestClass === name);

describe('the cases', () => {
  it('are as many as asked for', () => {
    expect(onFile).toHaveLength(8_000);
    for (const [name, count] of Object.entries(parameters.counts))
      expect(ofClass(name), name).toHaveLength(count);
  });

  it('are drawn one after the other, however many there are', () => {
    let onFileSoFar = 0;
    for (const { kind } of drawCases({ ...parameters, people: 2 ** 32 })) {
      if (kind === 'person' && ++onFileSoFar === 100) break;
    }
    expect(onFileSoFar).toBe(100);
  });

  it('have nobody on file who is absent', () => {
    expect(ofClass('absent').filter(({ person }) => registered.has(identityOf(person)))).toEqual([]);
  });

  it('have nobody on file at the address submitted who moved', () => {
    const stayed = ofClass('moved').filter((request) =>
      inhabited
        .get(placeOf(request))
        ?.some(({ person }) => identityOf(person) === identityOf(request.person)),
    );
    expect(stayed).toEqual([]);
    for (const { holderRow, person } of ofClass('moved'))
      expect(onFile[(holderRow ?? 0) - 1]?.person).toBe(person);
  });

  it('have those who stayed on file at the address submitted', () => {
    for (const request of ofClass('same')) {
      const row = onFile[(request.holderRow ?? 0) - 1];
      expect(row?.person).toBe(request.person);
      expect(row?.address).toBe(request.address);
    }
  });

  it('have absent people who live with somebody on file, in about the share asked for', () => {
    const beside = ofClass('absent').filter((request) => inhabited.has(placeOf(request)));
    // As many as there are: fewer than the share when the file is small beside the request.
    expect(beside.length).toBeGreaterThan(1_000);
    expect(beside.length).toBeLessThan(2_300);
    const few = draw({ absentBesideOnFile: 0 });
    const homes = new Set(few.onFile.map(placeOf));
    const absent = few.requests.filter(({ requestClass }) => requestClass === 'absent');
    expect(absent.filter((request) => homes.has(placeOf(request)))).toEqual([]);
  });

  it('have absent namesakes and twins of people on file in one household', () => {
    const besideWhom = (request: RequestCase): readonly PersonCase[] => inhabited.get(placeOf(request)) ?? [];
    const namesakes = ofClass('absent').filter((request) =>
      besideWhom(request).some(({ person }) => nameOf(person) === nameOf(request.person)),
    );
    const twins = ofClass('absent').filter(({ person, ...request }) =>
      besideWhom({ person, ...request }).some(
        (other) => other.person.born === person.born && other.person.given !== person.given,
      ),
    );
    expect(namesakes.length).toBeGreaterThan(5);
    expect(twins.length).toBeGreaterThan(3);
  });

  it('have moves within a building and a street, told apart by unit and number', () => {
    const near = ofClass('moved').filter(({ keep }) => keep === 'number_and_unit');
    expect(near.length).toBeGreaterThan(2_000 * MOVES.street * 0.3);
    for (const request of near) {
      const row = onFile[(request.holderRow ?? 0) - 1];
      expect(row?.keep).toBe('number_and_unit');
      expect(row?.address.zip).toBe(request.address.zip);
      expect(placeOf(request)).not.toBe(row === undefined ? '' : placeOf(row));
    }
  });

  it('leave namesakes out when asked to', () => {
    const { onFile: plain } = draw({ withoutNamesakes: true });
    for (const household of Map.groupBy(plain, placeOf).values()) {
      const given = household.map(({ person }) => person.given.split(' ')[0]);
      expect(new Set(given).size).toBe(given.length);
    }
    const hasNamesakes = [...inhabited.values()].some(
      (household) => new Set(household.map(({ person }) => nameOf(person))).size < household.length,
    );
    expect(hasNamesakes).toBe(true);
  });
});
