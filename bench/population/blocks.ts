import type { Address, Unit } from './address.ts';
import type { Random } from './random.ts';
import { reservedSiteNear, siteAt } from './sites.ts';
import type { Site } from './sites.ts';
import { streetOf } from './streets.ts';

/** Some houses of a street, a building with its units, or some boxes: all that is at one site, in any order. */
export interface Block {
  readonly site: Site;
  readonly addresses: readonly Address[];
  /** Whether they are units of one building. */
  readonly isBuilding: boolean;
}

/** Makes what stands at the site with this index. Blocks of different indices share no address. */
export function makeBlock(random: Random, index: number, offset: number): Block {
  const site = siteAt(index, offset);
  const { city, state, zip } = site.area;
  const locality = { city, state, zip };
  if (state === 'AE' || state === 'AP')
    return { site, addresses: militaryBoxes(random, site), isBuilding: false };
  switch (site.kind) {
    case 'boxes': {
      const first = (site.street * 100 + site.hundred) * 30 + 1;
      const addresses = subset(random, 6, 20, 30).map((box): Address => ({
        kind: 'box',
        box: String(first + box),
        ...locality,
      }));
      return { site, addresses, isBuilding: false };
    }
    case 'route': {
      const route = site.areaCode % 4 === 0 ? 'HC' : 'RR';
      const addresses = subset(random, 4, 12, 20).map((box): Address => ({
        kind: 'route',
        route,
        number: String(site.street + 1),
        box: boxOf(random, site.hundred * 20 + box + 1),
        ...locality,
      }));
      return { site, addresses, isBuilding: false };
    }
    case 'highway':
      return { site, addresses: houses(random, site, 6), isBuilding: false };
    case 'street':
      if (random.chance(0.9)) return { site, addresses: houses(random, site, 16), isBuilding: false };
      return { site, addresses: building(random, site), isBuilding: true };
  }
}

/** One more house of a street of the same area; a different one for each counter, and none that a block holds. */
export function houseNear(random: Random, site: Site, counter: number): Address {
  const near = reservedSiteNear(site, Math.floor(counter / 50));
  return houseAt(random, near, (counter % 50) * 2);
}

function houses(random: Random, site: Site, most: number): Address[] {
  return subset(random, 2, most, 48).map((place) => houseAt(random, site, 2 * place + (place % 2)));
}

/** The house of the site with this number below a hundred, rarely a half one or one of two flats. */
function houseAt(random: Random, site: Site, place: number): Address {
  const { city, state, zip } = site.area;
  const { numbering, ...street } = streetOf(site);
  const fraction = numbering === 'plain' && random.chance(0.004) ? ' 1/2' : '';
  const unit: Unit | undefined = random.chance(0.04)
    ? { designator: 'APT', id: random.pick(['A', 'B', '1', '2']) }
    : undefined;
  return {
    kind: 'street',
    number: `${houseNumber(site, numbering, place)}${fraction}`,
    ...street,
    unit,
    city,
    state,
    zip,
  };
}

function houseNumber(site: Site, numbering: 'plain' | 'hyphenated' | 'grid', place: number): string {
  if (numbering === 'hyphenated') return `${site.hundred + 10}-${String(place).padStart(2, '0')}`;
  if (numbering === 'grid') return `N${50 + (site.areaCode % 40)}W${13_000 + site.hundred * 100 + place}`;
  return String((site.hundred + 1) * 100 + place);
}

type UnitStyle = 'numbers' | 'floors' | 'letters' | 'floor_letters' | 'lots' | 'suites';

/** A building of one street number: mostly some units, sometimes some hundred. */
function building(random: Random, site: Site): Address[] {
  const { city, state, zip } = site.area;
  const { numbering, ...street } = streetOf(site);
  const number = houseNumber(site, numbering, 1 + random.below(98));
  const count = random.chance(0.82) ? 4 + random.below(14) : 24 + Math.floor(random.unit() ** 2 * 280);
  const styles: readonly UnitStyle[] =
    count > 26
      ? ['numbers', 'floors', 'floors', 'floor_letters', 'lots']
      : ['numbers', 'floors', 'letters', 'letters', 'floor_letters', 'suites'];
  const style = random.pick(styles);
  return Array.from({ length: count }, (_, index): Address => ({
    kind: 'street',
    number,
    ...street,
    unit: unitAt(style, index),
    city,
    state,
    zip,
  }));
}

function unitAt(style: UnitStyle, index: number): Unit {
  const letter = 'ABCDEFGHJK'.charAt(index % 10);
  switch (style) {
    case 'numbers':
      return { designator: 'APT', id: String(index + 1) };
    case 'floors':
      return { designator: 'APT', id: String(101 + (index % 12) + 100 * Math.floor(index / 12)) };
    case 'letters':
      return { designator: 'APT', id: String.fromCharCode(65 + (index % 26)) };
    case 'floor_letters':
      return { designator: 'APT', id: `${1 + Math.floor(index / 10)}${letter}` };
    case 'lots':
      return { designator: 'LOT', id: String(index + 1) };
    case 'suites':
      return { designator: 'UNIT', id: String(index + 1) };
  }
}

function militaryBoxes(random: Random, site: Site): Address[] {
  const { city, state, zip } = site.area;
  const service = (['PSC', 'UNIT', 'CMR', 'PSC'] as const)[site.areaCode % 4] ?? 'PSC';
  // The street index of a site is below 400 whatever its kind, and each kind has its own thousands.
  const group = { boxes: 1_000, route: 2_000, highway: 3_000, street: 4_000 }[site.kind] + site.street;
  return subset(random, 3, 8, 20).map((box) => ({
    kind: 'military',
    service,
    number: String(group),
    box: String(site.hundred * 20 + box + 1),
    city,
    state,
    zip,
  }));
}

function boxOf(random: Random, number: number): string {
  return random.chance(0.06) ? `${number}${random.pick(['A', 'B'])}` : String(number);
}

/** From `least` to `most` different numbers below `bound`, in ascending order. */
function subset(random: Random, least: number, most: number, bound: number): number[] {
  const wanted = least + random.below(most - least + 1);
  const chosen: number[] = [];
  for (let value = 0; value < bound; value++) {
    if (random.below(bound - value) < wanted - chosen.length) chosen.push(value);
  }
  return chosen;
}
