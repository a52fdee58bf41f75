import {
  MADE_UP_NAMES,
  NUMBERED_STREETS,
  puertoRicanStreet,
  URBANIZATIONS,
  USUAL_NAMES,
} from './street-names.ts';
import { scramble } from './random.ts';
import type { Site } from './sites.ts';

/** A street of an area, by the parts of its name. */
export interface Street {
  readonly before: string;
  readonly name: string;
  readonly suffix: string;
  readonly after: string;
  readonly urbanization: string;
  /** How its houses are numbered. */
  readonly numbering: 'plain' | 'hyphenated' | 'grid';
}

const NAMED_SUFFIXES =
  'St St St St Ave Ave Ave Dr Dr Dr Rd Rd Rd Ln Ln Ct Ct Pl Cir Blvd Way Ter Trl Pkwy Loop Pt Cv Run Sq Xing'.split(
    ' ',
  );
const NUMBERED_SUFFIXES = 'St St St St Ave Ave Ave Pl Ct Ter'.split(' ');
const BEFORE = ['', '', '', '', '', '', '', '', 'N', 'S', 'E', 'W', 'N', 'S', 'E', 'W', 'NE', 'SW'];
const AFTER = ['NW', 'NE', 'SE', 'SW'];

/**
 * The street of a site. Streets of one area differ in name, or, two by two, in the suffix alone, as Oak St and Oak Ave do.
 */
export function streetOf({ area, areaCode, kind, street }: Site): Street {
  const code = scramble(areaCode ^ Math.imul(street + 1, 0x9e3779b1));
  const plain = { before: '', suffix: '', after: '', urbanization: '', numbering: 'plain' } as const;
  if (kind === 'highway')
    return {
      ...plain,
      before: code % 4 === 0 ? choose('NSEW'.split(''), code) : '',
      name: highway(area.state, areaCode, street),
    };
  if (area.state === 'PR') {
    const urbanization = code % 3 === 0 ? '' : choose(URBANIZATIONS, areaCode + Math.floor(street / 40));
    // With the urbanización the same street name comes again in the next one.
    return { ...plain, name: puertoRicanStreet(street), urbanization };
  }
  const pair = Math.floor(street / 2);
  const isQueens = area.state === 'NY' && /^11[346]/.test(area.zip);
  if (area.state === 'UT' && code % 5 < 3) return utahStreet(street, code);
  const own = isQueens ? queensName(areaCode, pair) : nameOf(areaCode, pair);
  const isNumbered = /^\d/.test(own);
  const suffixes = isNumbered ? NUMBERED_SUFFIXES : NAMED_SUFFIXES;
  const first = scramble(areaCode ^ pair) % suffixes.length;
  const suffix = at(suffixes, first);
  const other = at(
    [...suffixes.slice(first), ...suffixes].filter((word) => word !== suffix),
    code % 5,
  );
  // Quadrants, as in Washington and many towns of Florida and the North-West.
  const isQuadrant = area.state === 'DC' || areaCode % 12 === 0;
  const bare = own === 'Broadway' || / (Del|De) /.test(own) || own === 'El Camino Real';
  return {
    ...plain,
    before: isQuadrant || bare ? '' : choose(BEFORE, code >>> 8),
    name: own,
    suffix: bare && street % 2 === 0 ? '' : street % 2 === 0 ? suffix : other,
    after: isQuadrant && code % 4 > 0 ? choose(AFTER, areaCode >>> 4) : '',
    numbering:
      isQueens && isNumbered
        ? 'hyphenated'
        : area.state === 'WI' && /^53[01]/.test(area.zip) && code % 2 === 0
          ? 'grid'
          : 'plain',
  };
}

/** A name for each pair of streets of an area, usual ones for two thirds; different pairs below 400 have different names. */
function nameOf(areaCode: number, pair: number): string {
  const turn = Math.floor(pair / 3);
  return pair % 3 < 2
    ? at(USUAL_NAMES, (areaCode % 100_000) + (2 * turn + (pair % 3)) * 7_919)
    : at(MADE_UP_NAMES, (areaCode % 100_000) + turn * 7_919);
}

/** Numbered streets as long as there are numbers, then made-up names. */
function queensName(areaCode: number, pair: number): string {
  return NUMBERED_STREETS[pair] ?? at(MADE_UP_NAMES, (areaCode % 100_000) + pair * 7_919);
}

/** Streets by their distance from the centre: "W 1575 S". */
function utahStreet(street: number, code: number): Street {
  const northSouth = code % 2 === 0;
  const distance = 100 + 25 * street;
  return {
    before: northSouth ? choose(['E', 'W'], code >>> 4) : choose(['N', 'S'], code >>> 4),
    name: String(distance),
    suffix: '',
    after: northSouth ? choose(['N', 'S'], code >>> 6) : choose(['E', 'W'], code >>> 6),
    urbanization: '',
    numbering: 'plain',
  };
}

function highway(state: string, areaCode: number, index: number): string {
  // Numbers of one area differ by their remainder, so that no two of its highways are one.
  const number = 1 + index + 16 * (areaCode % 40);
  const kind = (areaCode + index) % 5;
  if (state === 'PR') return `Carr ${number}`;
  if (kind === 0) return `US Highway ${1 + (number % 99) + 100 * (index % 3)}`;
  if (kind === 1 && state === 'TX') return `FM ${number}`;
  return `${kind <= 2 ? 'County Road' : 'State Highway'} ${number}`;
}

function choose(values: readonly string[], code: number): string {
  return at(values, code % values.length);
}

function at(values: readonly string[], index: number): string {
  return values[index % values.length] ?? '';
}
