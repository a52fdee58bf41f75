import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PROFILE, readPeople, readRequests, understand } from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressAt } from './addresses.ts';
import { generatePopulation } from './population.ts';
import type { PopulationOptions } from './population.ts';
import { STREETS, TOWNS } from './places.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'population-'));
});
afterAll(async () => {
  await rm(root, { recursive: true });
});

type Sizes = Omit<PopulationOptions, 'directory'>;

async function populationIn(name: string, sizes: Sizes): Promise<string> {
  const directory = join(root, name);
  await generatePopulation({ ...sizes, directory });
  return directory;
}

async function bytesOf(directory: string): Promise<string[]> {
  const files = ['people.csv', 'requests.csv', 'truth.csv'];
  return Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')));
}

async function truthOf(directory: string): Promise<string[]> {
  return (await readFile(join(directory, 'truth.csv'), 'utf8')).trim().split('\n').slice(1);
}

/** What a plain join of the match keys says of each request, in the words of the truth file. */
async function joinOf(directory: string): Promise<string[]> {
  const rowsOfKey = new Map<string, Set<number>>();
  let row = 0;
  for await (const person of readPeople(join(directory, 'people.csv'))) {
    row++;
    const understood = understand(DEFAULT_PROFILE, person);
    if (understood.kind === 'rejected') throw new Error(`Row ${row} is rejected: ${understood.code}.`);
    for (const { value } of understood.keys)
      rowsOfKey.set(value, (rowsOfKey.get(value) ?? new Set()).add(row));
  }
  const outcomes: string[] = [];
  for await (const request of readRequests(join(directory, 'requests.csv'))) {
    const understood = understand(DEFAULT_PROFILE, request);
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

  it.each(['1', '2', 'another seed'])('is matched exactly as its truth says, with seed %s', async (seed) => {
    const directory = await populationIn(`exact ${seed}`, {
      seed,
      people: 3_000,
      requests: 1_500,
      incomplete: 0.05,
    });
    const expected = (await truthOf(directory)).map((line) =>
      line.replace(/,absent,$|,moved,\d+$/, ',none,'),
    );
    expect(await joinOf(directory)).toEqual(expected);
  });

  it('has the sizes and classes that are asked for', async () => {
    const directory = join(root, 'sizes');
    const counts = await generatePopulation({
      seed: 1,
      people: 501,
      requests: 200,
      same: 0.25,
      moved: 0.05,
      directory,
    });
    expect(counts).toEqual({ people: 501, same: 50, moved: 10, absent: 136, incomplete: 4 });
    const classes = (await truthOf(directory)).map((line) => line.split(',')[1]);
    expect(classes.filter((name) => name === 'same')).toHaveLength(50);
    expect(classes.filter((name) => name === 'moved')).toHaveLength(10);
    expect(classes.filter((name) => name === 'absent')).toHaveLength(136);
    expect(classes.filter((name) => name === 'incomplete')).toHaveLength(4);
    expect((await bytesOf(directory))[0]?.trim().split('\n')).toHaveLength(502);
  });

  it('loses matches to typing errors when they are asked for, and gains none', async () => {
    const sizes = { seed: 3, people: 1_000, requests: 500, foldableNoiseOnly: false, typingErrors: 0.5 };
    const directory = await populationIn('typing', sizes);
    const truth = await truthOf(directory);
    const found = (await joinOf(directory)).filter((line) => line.includes(',same,'));
    expect(found.length).toBeGreaterThan(50);
    expect(found.length).toBeLessThan(150);
    expect(found.filter((line) => !truth.includes(line))).toEqual([]);
  });

  it('is refused when more requests are for people on file than there are', async () => {
    await expect(populationIn('refused', { seed: 1, people: 10, requests: 100 })).rejects.toThrow(RangeError);
  });
});

describe('the addresses', () => {
  it('do not repeat', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 20_000; index++) {
      const { number, street, town } = addressAt(index, 12_345);
      const name = street.kind === 'box' ? 'box' : `${street.before} ${street.name} ${street.suffix}`;
      seen.add(`${number} ${name} ${town.postcode}`);
    }
    expect(seen.size).toBe(20_000);
  });

  it('have towns with ZIP codes of their own and streets that differ', () => {
    expect(new Set(TOWNS.map(({ postcode }) => postcode)).size).toBe(TOWNS.length);
    expect(new Set(TOWNS.map(({ city, state }) => `${city} ${state}`)).size).toBe(TOWNS.length);
    const streets = STREETS.filter((street) => street.kind === 'street');
    expect(new Set(streets.map(({ before, name, suffix }) => `${before} ${name} ${suffix}`)).size).toBe(
      streets.length,
    );
  });
});
