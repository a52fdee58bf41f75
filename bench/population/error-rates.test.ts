import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { drawCases } from './cases.ts';
import type { RequestCase } from './cases.ts';
import { makeRequestClerk } from './clerk.ts';
import { ERROR_RATES, RATE_NAMES, ratesOf, readRateName } from './error-rates.ts';
import type { ErrorRates, RateName } from './error-rates.ts';
import type { Culture } from './person.ts';
import { valuesOf } from './record.ts';
import { sharesOf } from './shares.ts';

const CULTURES: readonly [Culture, number][] = [
  ['european', 3],
  ['hispanic', 3],
  ['chinese', 1],
  ['vietnamese', 1],
  ['arabic', 1],
];
const requests: readonly RequestCase[] = [
  ...drawCases({
    seed: 'rates',
    people: 2_500,
    counts: { same: 2_500, moved: 0, absent: 0, incomplete: 0 },
    cultures: sharesOf(CULTURES),
    namesakeSons: 0.1,
    twins: 0,
    registeredAdults: 0.9,
    withoutNamesakes: false,
    absentBesideOnFile: 0,
    farMovesOnly: true,
  }),
].filter((drawn) => drawn.kind === 'request');

const NONE: ErrorRates = ratesOf('requests', Object.fromEntries(RATE_NAMES.map((name) => [name, 0])));

/** The records in capitals. */
function written(rates: Partial<ErrorRates>): string[] {
  const write = makeRequestClerk({ seed: 'rates', rates: { ...NONE, ...rates }, formattingOnly: false });
  return requests.map((request) => valuesOf(write(request)).join('|').toUpperCase());
}

const faultless: ReadonlySet<string> = new Set(written({}));

/** What a rate needs besides itself to show. */
const COMPANIONS: Partial<Record<RateName, Partial<ErrorRates>>> = {
  secondTypo: { surnameTypo: 1 },
};

describe('the error rates', () => {
  it.each(RATE_NAMES)('give %s an effect at 1 that it does not have at 0', (name) => {
    const companions = COMPANIONS[name] ?? {};
    const without = name in COMPANIONS ? new Set(written(companions)) : faultless;
    const changed = written({ ...companions, [name]: 1 }).filter((line) => !without.has(line));
    expect(changed.length).toBeGreaterThan(2);
  });

  it('leave the same records when they are the same', () => {
    expect(written({})).toEqual(written({}));
  });

  it.each<[RateName, RegExp, number]>([
    ['birthMissing', /\|\d{4}-\d\d-\d\d\|/, 0.25],
    ['zipMissing', /\|\d{5}$/, 0.04],
  ])('make %s happen as often as they say', (name, present, rate) => {
    const lines = written({ [name]: rate });
    const missing = lines.filter((line) => !present.test(line)).length / lines.length;
    expect(missing).toBeGreaterThan(rate * 0.7);
    expect(missing).toBeLessThan(rate * 1.3);
  });

  it('are refused when they are no probabilities or have no such name', () => {
    expect(() => ratesOf('holder', { nickname: 1.01 })).toThrow(RangeError);
    expect(() => ratesOf('holder', { nickname: Number.NaN })).toThrow(RangeError);
    expect(() => readRateName('nicknames')).toThrow(RangeError);
    expect(readRateName('nickname')).toBe('nickname');
  });

  it('stand in the README as they are', async () => {
    const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)` *\| *([\d.]+) *\| *([\d.]+) *\| *(.+?) *\|$/gm)];
    expect(
      rows.map(([, name, request, holder, meaning]) => [name, Number(request), Number(holder), meaning]),
    ).toEqual(
      RATE_NAMES.map((name) => {
        const { requests: request, holder, meaning } = ERROR_RATES[name];
        return [name, request, holder, meaning];
      }),
    );
  });
});
