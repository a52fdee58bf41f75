import { describe, expect, it } from 'vitest';
import { houseNear, makeBlock } from './blocks.ts';
import { AREAS } from './geography.ts';
import { STATE_NAMES } from './geography-names.ts';
import { randomStreams, seededRandom } from './random.ts';
import { siteAt, SITES } from './sites.ts';
import { streetOf } from './streets.ts';

const OFFSET = 123_456_789;
const streams = randomStreams('sites', 'test');

describe('the areas', () => {
  it('have ZIP codes of their own, in every state', () => {
    expect(new Set(AREAS.map(({ zip }) => zip)).size).toBe(AREAS.length);
    for (const { zip } of AREAS) expect(zip).toMatch(/^\d{5}$/);
    const states = new Set(AREAS.map(({ state }) => state));
    expect(Object.keys(STATE_NAMES).filter((state) => !states.has(state))).toEqual([]);
  });

  it.each([
    ['CA', /^9[0-6]/],
    ['MA', /^0[12]/],
    ['TX', /^7[5-9]/],
    ['PR', /^00[679]/],
    ['AE', /^09/],
  ])('of %s have ZIP codes of that state', (state, pattern) => {
    const areas = AREAS.filter((area) => area.state === state);
    expect(areas.length).toBeGreaterThan(4);
    for (const { zip } of areas) expect(zip).toMatch(pattern);
  });
});

describe('the sites', () => {
  it('do not repeat, and end', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 20_000; index++) {
      const { area, kind, street, hundred } = siteAt(index, OFFSET);
      seen.add(`${area.zip} ${kind} ${street} ${hundred}`);
    }
    expect(seen.size).toBe(20_000);
    expect(() => siteAt(SITES, 0)).toThrow(RangeError);
    expect(() => siteAt(-1, 0)).toThrow(RangeError);
  });

  it('have streets that differ within an area', () => {
    const random = seededRandom('areas');
    for (let round = 0; round < 60; round++) {
      const site = siteAt(random.below(2 ** 28), OFFSET);
      for (const [kind, count] of [
        ['street', 366],
        ['highway', 16],
      ] as const) {
        const names = Array.from({ length: count }, (_, street) => {
          const { name, suffix } = streetOf({ ...site, kind, street });
          return `${name} ${suffix}`;
        });
        expect(new Set(names).size, JSON.stringify(site)).toBe(count);
      }
    }
  });
});

describe('the blocks', () => {
  it('share no address with each other, nor with the houses kept for those who move', () => {
    const seen = new Set<string>();
    let count = 0;
    for (let index = 0; index < 3_000; index++) {
      const block = makeBlock(streams(index), index, OFFSET);
      const addresses = [...block.addresses, houseNear(streams(index), block.site, index)];
      // Without what errors leave out, so that no two houses of a block differ by their flat alone.
      for (const address of addresses) seen.add(JSON.stringify(address));
      count += addresses.length;
    }
    expect(seen.size).toBe(count);
  });

  it('are of every kind, buildings of some hundred units among them', () => {
    const kinds = new Map<string, number>();
    let largest = 0;
    const numbers: string[] = [];
    for (let index = 0; index < 4_000; index++) {
      const { addresses, isBuilding } = makeBlock(streams(index), index, OFFSET);
      if (isBuilding) largest = Math.max(largest, addresses.length);
      for (const address of addresses) {
        kinds.set(address.kind, (kinds.get(address.kind) ?? 0) + 1);
        if (address.kind === 'street') numbers.push(address.number);
      }
    }
    expect([...kinds.keys()].sort()).toEqual(['box', 'military', 'route', 'street']);
    expect(largest).toBeGreaterThan(150);
    expect(numbers.some((number) => /^\d+-\d\d$/.test(number))).toBe(true);
    expect(numbers.some((number) => number.endsWith(' 1/2'))).toBe(true);
    expect(numbers.some((number) => /^N\d+W\d+$/.test(number))).toBe(true);
  });
});
