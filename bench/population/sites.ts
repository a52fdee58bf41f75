import { AREAS } from './geography.ts';
import type { Area } from './geography.ts';
import { scramble } from './random.ts';

// Streets of an area: first the routes of its post office, then its highways, then ordinary streets.
const BOX_SECTIONS = 10;
const ROUTES = 8;
const HIGHWAYS = 16;
const STREETS = 366;
const STREETS_IN_ALL = BOX_SECTIONS + ROUTES + HIGHWAYS + STREETS;

/** Hundreds of house numbers of a street that sites take; the next one is kept for people who move. */
const HUNDREDS = 98;

/** How many sites there are: some half a thousand million. */
export const SITES: number = AREAS.length * STREETS_IN_ALL * HUNDREDS;

// A prime far above every factor of SITES, so that index · STRIDE mod SITES visits every site once. It is small enough that
// the product is exact: SITES · STRIDE < 2^53.
const STRIDE = 15_485_863;

/** What stands on a site. `index` counts within its kind and area. */
type SiteKind = 'boxes' | 'route' | 'highway' | 'street';

/** A hundred house numbers of a street, or a range of boxes. No two sites share an address. */
export interface Site {
  readonly area: Area;
  readonly areaCode: number;
  readonly kind: SiteKind;
  /** The number of the street, route, highway or range of boxes within the area, from 0. */
  readonly street: number;
  readonly hundred: number;
}

/**
 * The site with this index: different indices below SITES give different sites, so that no register of those in use is needed.
 *
 * @throws RangeError beyond the last one
 */
export function siteAt(index: number, offset: number): Site {
  if (!Number.isSafeInteger(index) || index < 0 || index >= SITES) {
    throw new RangeError('There are not so many addresses; ask for fewer people or requests.');
  }
  let place = (index * STRIDE + offset) % SITES;
  const take = (count: number): number => {
    const digit = place % count;
    place = Math.floor(place / count);
    return digit;
  };
  const street = take(STREETS_IN_ALL);
  const areaIndex = take(AREAS.length);
  const hundred = take(HUNDREDS);
  const area = AREAS[areaIndex];
  if (area === undefined) throw new RangeError(`There is no area ${areaIndex}.`);
  return { area, areaCode: scramble(areaIndex + 1), ...streetOf(street), hundred };
}

/** Another street of the same area with house numbers that no site has. Different counters give different places. */
export function reservedSiteNear(site: Site, counter: number): Site {
  return {
    ...site,
    kind: 'street',
    street: counter % STREETS,
    hundred: HUNDREDS + Math.floor(counter / STREETS),
  };
}

function streetOf(street: number): Pick<Site, 'kind' | 'street'> {
  if (street < BOX_SECTIONS) return { kind: 'boxes', street };
  const route = street - BOX_SECTIONS;
  if (route < ROUTES) return { kind: 'route', street: route };
  const highway = route - ROUTES;
  if (highway < HIGHWAYS) return { kind: 'highway', street: highway };
  return { kind: 'street', street: highway - HIGHWAYS };
}
