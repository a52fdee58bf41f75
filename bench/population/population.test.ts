import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_PROFILE,
  readPeople,
  readRequests,
  TIERS,
  understandPerson,
  understandRequest,
} from '@blindmatch/records';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePopulation } from './population.ts';
import type { PopulationOptions } from './population.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'population-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

type Sizes = Omit<PopulationOptions, 'directory'>;
type Row = Record<string, string>;

async function populationIn(name: string, sizes: Sizes): Promise<string> {
  const directory = join(root, name);
  await generatePopulation({ ...sizes, directory });
  return directory;
}

async function bytesOf(directory: string): Promise<string[]> {
  const files = ['people.csv', 'requests.csv', 'truth.csv'];
  return Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
}

async function rowsOf(directory: string, file: string): Promise<Row[]> {
  return parse<Row>(await readFile(join(directory, file), 'utf8'), { columns: true });
}

const rules = {
  profile: DEFAULT_PROFILE,
  tiers: TIERS,
  today: { year: 2026, month: 11, day: 22 },
  minimumOrderAgeDays: 0,
};

/** What a plain join of the match keys says of each request, in the words of the truth file. */
async function joinOf(directory: string): Promise<string[]> {
  const rowsOfKey = new Map<string, Set<number>>();
  let row = 0;
  for await (const person of readPeople(join(directory, 'people.csv'))) {
    row++;
    const understood = understandPerson(person, rules);
    if (understood.kind === 'rejected') throw new Error(`Row ${row} is rejected: ${understood.code}.`);
    for (const { value } of understood.keys)
      rowsOfKey.set(value, (rowsOfKey.get(value) ?? new Set()).add(row));
  }
  const outcomes: string[] = [];
  for await (const request of readRequests(join(directory, 'requests.csv'))) {
    const understood = understandRequest(request, rules);
    if (understood.kind === 'rejected') {
      outcomes.push(`${request.recordId},incomplete,`);
    } else {
      const rows = new Set(understood.keys.flatMap(({ value }) => [...(rowsOfKey.get(value) ?? [])]));
      outcomes.push(`${request.recordId},${rows.size === 0 ? 'none' : 'same'},${[...rows].join('+')}`);
    }
  }
  return outcomes;
}

describe('a generated population', () => {
  it('is the same bytes for the same seed, and others for another', async () => {
    const sizes = { seed: 7, people: 300, requests: 120 };
    const first = await bytesOf(await populationIn('first', sizes));
    expect(await bytesOf(await populationIn('second', sizes))).toEqual(first);
    expect(await bytesOf(await populationIn('third', { ...sizes, seed: 8 }))).not.toEqual(first);
  });

  it.each(['1', '2', 'another seed'])(
    'is matched exactly as its truth says when only formatting differs, with seed %s',
    async (seed) => {
      const directory = await populationIn(`exact ${seed}`, {
        seed,
        people: 4_000,
        requests: 2_000,
        same: 0.4,
        incomplete: 0.05,
        foldableNoiseOnly: true,
      });
      const expected = (await rowsOf(directory, 'truth.csv')).map((row) => {
        const isMatch = row['class'] === 'same';
        const outcome = isMatch || row['class'] === 'incomplete' ? row['class'] : 'none';
        return `${row['record_id'] ?? ''},${outcome},${isMatch ? (row['holder_row'] ?? '') : ''}`;
      });
      expect(await joinOf(directory)).toEqual(expected);
    },
  );

  it('has the sizes and classes that are asked for', async () => {
    const directory = join(root, 'sizes');
    const sizes = { seed: 1, people: 501, requests: 200, same: 0.25, moved: 0.05, incomplete: 0.02 };
    const counts = await generatePopulation({ ...sizes, directory });
    expect(counts).toEqual({ people: 501, same: 50, moved: 10, absent: 136, incomplete: 4 });
    const classes = (await rowsOf(directory, 'truth.csv')).map((row) => row['class']);
    expect(classes.filter((name) => name === 'same')).toHaveLength(50);
    expect(classes.filter((name) => name === 'moved')).toHaveLength(10);
    expect(classes.filter((name) => name === 'absent')).toHaveLength(136);
    expect(classes.filter((name) => name === 'incomplete')).toHaveLength(4);
    expect(await rowsOf(directory, 'people.csv')).toHaveLength(501);
  });

  it('has far more requests than people on file when that is asked for', async () => {
    const directory = await populationIn('many requests', {
      seed: 1,
      people: 200,
      requests: 3_000,
      moved: 0.01,
    });
    expect(await rowsOf(directory, 'requests.csv')).toHaveLength(3_000);
  });

  it('names the requests and their truth in one order, and mixes the classes', async () => {
    const directory = await populationIn('order', { seed: 5, people: 2_000, requests: 1_000, same: 0.5 });
    const truth = await rowsOf(directory, 'truth.csv');
    const ids = (await rowsOf(directory, 'requests.csv')).map((row) => row['record_id']);
    expect(truth.map((row) => row['record_id'])).toEqual(ids);
    const firstHalf = truth.slice(0, 500).filter((row) => row['class'] === 'same').length;
    expect(firstHalf).toBeGreaterThan(200);
    expect(firstHalf).toBeLessThan(300);
    const rows = truth.flatMap((row) => (row['holder_row'] === '' ? [] : [Number(row['holder_row'])]));
    expect(rows).not.toEqual([...rows].sort((one, other) => one - other));
  });

  it('names the row of the people file of everybody on it', async () => {
    const directory = await populationIn('rows', {
      seed: 9,
      people: 2_000,
      requests: 1_000,
      same: 0.3,
      moved: 0.3,
      requestRates: { birthMissing: 0, birthWrong: 0 },
      holderRates: { birthMissing: 0, birthWrong: 0 },
    });
    const people = await rowsOf(directory, 'people.csv');
    const requests = await rowsOf(directory, 'requests.csv');
    const truth = await rowsOf(directory, 'truth.csv');
    truth.forEach(({ class: requestClass, holder_row: row }, index) => {
      const isOnFile = requestClass === 'same' || requestClass === 'moved';
      expect(row !== '', requestClass).toBe(isOnFile);
      if (isOnFile)
        expect(requests[index]?.['date_of_birth']).toBe(people[Number(row) - 1]?.['date_of_birth']);
    });
  });

  it('has a people file that what is wrong with the requests does not change', async () => {
    const sizes = { seed: 4, people: 500, requests: 300 };
    const [people] = await bytesOf(await populationIn('usual', sizes));
    const rates = { surnameTypo: 1, birthMissing: 1 };
    const [same, requests] = await bytesOf(await populationIn('spoilt', { ...sizes, requestRates: rates }));
    expect(same).toBe(people);
    expect(requests).not.toBe((await bytesOf(join(root, 'usual')))[1]);
  });

  it('tells the origin of every name, in about the shares asked for', async () => {
    const origins = { general: 0.25, hispanic: 0.5, asian: 0.25, other: 0 };
    const directory = await populationIn('origins', { seed: 2, people: 3_000, requests: 3_000, origins });
    const truth = await rowsOf(directory, 'truth.csv');
    const share = (origin: string): number =>
      truth.filter((row) => row['origin'] === origin).length / truth.length;
    expect(share('hispanic')).toBeGreaterThan(0.4);
    expect(share('asian')).toBeGreaterThan(0.18);
    expect(share('general') + share('hispanic') + share('asian')).toBe(1);
  });

  it.each([
    ['more requests are for people on file than there are', { people: 10, requests: 100, same: 0.5 }],
    ['there is nobody on file', { people: 0, requests: 10 }],
    ['the shares exceed 1', { people: 100, requests: 10, same: 0.9, moved: 0.2 }],
    ['a share is no number', { people: 100, requests: 10, same: Number.NaN }],
    ['a rate exceeds 1', { people: 100, requests: 10, requestRates: { nickname: 1.5 } }],
  ])('is refused when %s', async (_, sizes) => {
    await expect(populationIn('refused', { seed: 1, ...sizes })).rejects.toThrow(RangeError);
  });
});
