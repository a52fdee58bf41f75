import { spellings } from '../word-table.ts';
import { DIRECTIONALS } from './directionals.ts';
import { beginsWithDigit, hasDigit, pastSigns, withoutZeros } from './numbers.ts';
import { withoutOrdinal } from './number-words.ts';
import { phraseTable } from './phrase-table.ts';
import {
  LEADING_BRANCHES,
  LETTERED_ROADS,
  NUMBERED_ROADS,
  ROAD_BRANCHES,
  ROAD_QUALIFIERS,
  ROADS_AT_START,
  ROADS_WITH_NUMBER_SIGN,
} from './roads.ts';
import { STATES } from './states.ts';
import { STREET_SUFFIXES } from './street-suffixes.ts';

/** A numbered road among the words of a street name. */
export interface NumberedRoad {
  readonly start: number;
  readonly end: number;
  /** "STATE HWY" */
  readonly road: string;
  /** "19", "MM", "A1A" */
  readonly designation: string;
  /** "ALT", '' where none. */
  readonly branch: string;
}

const roadAt = phraseTable(NUMBERED_ROADS);
const branchAt = phraseTable(ROAD_BRANCHES);
const atStartOnly: ReadonlySet<string> = new Set(ROADS_AT_START);
const withNumberSign: ReadonlySet<string> = new Set(ROADS_WITH_NUMBER_SIGN);
const leadingBranches: ReadonlySet<string> = new Set(LEADING_BRANCHES);
const lettered: ReadonlySet<string> = new Set(LETTERED_ROADS);
const qualifiers: ReadonlySet<string> = new Set(ROAD_QUALIFIERS);
const directionals = spellings(DIRECTIONALS);
const suffixes = spellings(STREET_SUFFIXES);
/** VERMONT 5A and VT 5A are a state's roads, and so is KY HIGHWAY 80. */
const stateAt = phraseTable(STATES);
/** They own roads, but need the word for it before a letter. */
const BARE_OWNERS: ReadonlySet<string> = new Set(['COUNTY', 'STATE']);
const OF_A_STATE: ReadonlySet<string> = new Set(['HWY', 'STATE HWY', 'COUNTY RD']);

/** The first numbered road in a street name that begins at `from`; undefined where there is none. */
export function findNumberedRoad(words: readonly string[], from: number): NumberedRoad | undefined {
  let isStart = true;
  for (let start = from; start < words.length - 1; start++) {
    const word = words[start] ?? '';
    const found = roadFrom(words, start, isStart);
    if (found !== undefined) return found;
    const branch = branchAt(words, start)?.canonical ?? '';
    if (!directionals.has(word) && !qualifiers.has(word) && !leadingBranches.has(branch)) isStart = false;
  }
  return undefined;
}

function roadFrom(words: readonly string[], start: number, isStart: boolean): NumberedRoad | undefined {
  const phrase = roadAt(words, start);
  if (phrase !== undefined) {
    if (!isStart && atStartOnly.has(words.slice(start, start + phrase.length).join(' '))) return undefined;
    const found = withDesignation(words, start, start + phrase.length, phrase.canonical);
    if (found !== undefined) return found;
  }
  return isStart ? (roadOfState(words, start) ?? businessRoad(words, start)) : undefined;
}

/** "KY HIGHWAY 80", "VERMONT 5A" */
function roadOfState(words: readonly string[], start: number): NumberedRoad | undefined {
  const state = stateAt(words, start);
  if (state === undefined) return undefined;
  const after = start + state.length;
  const named = roadAt(words, after);
  if (named !== undefined && OF_A_STATE.has(named.canonical)) {
    const road = named.canonical === 'HWY' ? 'STATE HWY' : named.canonical;
    return withDesignation(words, start, after + named.length, road);
  }
  // WASHINGTON 1506 is a suite in Washington Street.
  return start === 0 && after === words.length - 1 && /^\d{1,3}[A-Z]?$/.test(words[after] ?? '')
    ? withDesignation(words, start, after, 'STATE HWY')
    : undefined;
}

/** "BUSINESS 190" */
function businessRoad(words: readonly string[], start: number): NumberedRoad | undefined {
  const branch = branchAt(words, start);
  if (branch?.canonical !== 'BUS' || !beginsWithDigit(words[start + branch.length])) return undefined;
  return withDesignation(words, start, start + branch.length, 'HWY', 'BUS');
}

function withDesignation(
  words: readonly string[],
  start: number,
  afterPhrase: number,
  road: string,
  knownBranch = '',
): NumberedRoad | undefined {
  const at = pastSigns(words, afterPhrase);
  const word = words[at];
  const isBare = afterPhrase === start + 1 && BARE_OWNERS.has(words[start] ?? '');
  // STATE ST is a street, and so is STATE # B200.
  if (isBare && (at > afterPhrase || !hasDigit(word ?? ''))) return undefined;
  if (at > afterPhrase && !(withNumberSign.has(road) && hasDigit(word ?? ''))) return undefined;
  if (word === undefined || !isDesignation(word, road, at === words.length - 1)) return undefined;
  // "CR 5 ST" and "AVENUE 5 RD" are names with a suffix, not roads.
  const next = words[at + 1];
  if (next !== undefined && suffixes.get(next) !== undefined && !isBranch(words, at + 1)) {
    if (road === 'AVENUE' || road === 'ROAD' || road === 'STREET' || road === 'CALLE') return undefined;
  }
  const branch = branchAt(words, at + 1);
  return {
    start,
    end: at + 1 + (branch?.length ?? 0),
    road,
    designation: withoutZeros(withoutOrdinal(word)),
    branch: branch?.canonical ?? knownBranch,
  };
}

function isBranch(words: readonly string[], at: number): boolean {
  return branchAt(words, at) !== undefined;
}

function isDesignation(word: string, road: string, isLast: boolean): boolean {
  if (hasDigit(word)) return /^[A-Z]{0,2}\d+(?:-\d+)?[A-Z]{0,2}$/.test(word);
  if (!lettered.has(road) || !/^[A-Z]{1,2}$/.test(word)) return false;
  if (road === 'CALLE' || road === 'AVENUE') return word.length === 1 && (isLast || !directionals.has(word));
  // County roads of Wisconsin have any two letters: COUNTY ROAD DV.
  if (isLast && (road === 'COUNTY RD' || road === 'STATE HWY')) return true;
  // "HIGHWAY N" is a road of Missouri, but "HIGHWAY NW" says where the highway lies.
  return suffixes.get(word) === undefined && (word.length === 1 ? true : !directionals.has(word));
}
