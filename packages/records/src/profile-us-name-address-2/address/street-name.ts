import { spellings } from '../word-table.ts';
import { CONNECTIVES, DIRECTIONALS } from './directionals.ts';
import { ABBREVIATED_NAMES, SHORTENED_WORDS, SPANISH_STREET_WORDS } from './name-words.ts';
import { withDigits, withoutOrdinal } from './number-words.ts';
import type { NumberedRoad } from './numbered-road.ts';
import { findNumberedRoad } from './numbered-road.ts';
import { FULL_WORD_OF } from './full-words.ts';
import { hasDigit } from './numbers.ts';
import { phraseTable } from './phrase-table.ts';
import { PLAIN_SUFFIXES, STREET_SUFFIXES } from './street-suffixes.ts';

/** A street name in canonical form. */
export interface StreetName {
  /** The whole name: "N MAIN ST", "FOREST GLEN DR", "US HWY 19 ALT". */
  readonly whole: string;
  /** Without directionals and plain suffixes and in one word: "MAIN", "FORESTGLEN", "19HWYALT". */
  readonly core: string;
}

const directionalOf = spellings(DIRECTIONALS);
const suffixOf = spellings(STREET_SUFFIXES);
const plain: ReadonlySet<string> = new Set(PLAIN_SUFFIXES);
const connectives: ReadonlySet<string> = new Set(CONNECTIVES);
const abbreviatedNameAt = phraseTable(ABBREVIATED_NAMES);
const spanishOf = spellings(SPANISH_STREET_WORDS);

/** Whether the words end in a street suffix behind a name, with or without a directional after it. */
export function endsInSuffix(words: readonly string[], from: number, end: number): boolean {
  let last = end - 1;
  while (last > from && directionalOf.has(words[last] ?? '') && !connectives.has(words[last - 1] ?? ''))
    last--;
  return last > from && suffixOf.has(words[last] ?? '');
}

export function isSuffix(word: string | undefined): boolean {
  return word !== undefined && suffixOf.has(word);
}

export function isDirectional(word: string | undefined): boolean {
  return word !== undefined && directionalOf.has(word);
}

/** The canonical form of the words of a street name, of which there is at least one. */
export function canonicalStreetName(written: readonly string[]): StreetName {
  const words = withAbbreviatedNames(written);
  const road = findNumberedRoad(words, 0);
  return road === undefined ? namedStreet(words) : numberedStreet(words, road);
}

/** The words of a street name without directionals and suffix; at least one. */
export function streetNameCore(words: readonly string[]): readonly string[] {
  return partsOf(words).name;
}

function namedStreet(words: readonly string[]): StreetName {
  const { before, name, suffix, after } = partsOf(words);
  const counted = withDigits(name);
  const inner = counted.map((word, index) => innerWord(word, index, counted.length, suffix));
  const last = inner.length - 1;
  // Publication 28 shortens a suffix at the end, and only there; a name that is nothing but such a word stays.
  const shown =
    suffix === '' && last > 0
      ? inner.with(last, suffixOf.get(inner[last] ?? '') ?? inner[last] ?? '')
      : inner;
  return { whole: joined([before, ...shown, suffix, after]), core: coreOf(inner, suffix, after) };
}

/** Joined, because Lake View is Lakeview; without the plain suffixes at its end and a Spanish word for the street before it. */
function coreOf(inner: readonly string[], suffix: string, after: string): string {
  let end = inner.length;
  // "Oak Trail" and "Oak Trail Drive" have lost one suffix or two.
  while (end > 1 && plain.has(suffixOf.get(inner[end - 1] ?? '') ?? '')) end--;
  let start = 0;
  if (end > 1 && suffix === '' && spanishOf.has(inner[0] ?? '')) start = 1;
  const own = suffix !== '' && !plain.has(suffix) ? (FULL_WORD_OF.get(suffix) ?? suffix) : '';
  const name = inner.slice(start, end).join('');
  // "EAST ST" is often written "E ST", whose name is a letter.
  const core = (directionalOf.get(name) ?? name) + own;
  // In a grid of numbered streets, "500 N" is another street than "500 S".
  return suffix === '' && /^\d+$/.test(core) ? core + after : core;
}

function numberedStreet(words: readonly string[], found: NumberedRoad): StreetName {
  const { road, designation, branch, start, end } = found;
  const head = directionalAndRest(words.slice(0, start), 'start', 0);
  const tail = directionalAndRest(words.slice(end), 'end', 0);
  const others = [...head.rest, ...tail.rest];
  const middle = others.map((word, index) => innerWord(word, index, others.length + 1, ''));
  const lead = middle.slice(0, head.rest.length);
  const trail = middle.slice(head.rest.length);
  // The number first: it tells most. Which authority keeps a highway is often wrong, but a county's roads are others.
  const kind = CORE_OF_ROAD[road] ?? road.replaceAll(' ', '');
  return {
    whole: joined([head.directional, ...lead, road, designation, branch, ...trail, tail.directional]),
    core: designation + kind + branch + lead.filter((word) => word !== 'OLD').join('') + trail.join(''),
  };
}

const CORE_OF_ROAD: Readonly<Record<string, string>> = {
  'US HWY': 'HWY',
  'STATE HWY': 'HWY',
  INTERSTATE: 'HWY',
  CARR: 'HWY',
  CALLE: '',
};

interface Parts {
  /** Directionals and suffix are canonical, '' where there is none. */
  readonly before: string;
  readonly name: readonly string[];
  readonly suffix: string;
  readonly after: string;
}

function partsOf(words: readonly string[]): Parts {
  const { directional: after, rest } = directionalAndRest(words, 'end', 1);
  const suffix = rest.length > 1 ? (suffixOf.get(rest.at(-1) ?? '') ?? '') : '';
  const { directional: before, rest: name } = directionalAndRest(
    suffix === '' ? rest : rest.slice(0, -1),
    'start',
    1,
  );
  return { before, name, suffix, after };
}

/** Takes a directional of one or two words ("NORTH WEST") off one end, if at least so many words remain. */
function directionalAndRest(
  words: readonly string[],
  side: 'start' | 'end',
  atLeast: number,
): { readonly directional: string; readonly rest: readonly string[] } {
  const outer = directionalOf.get((side === 'start' ? words[0] : words.at(-1)) ?? '');
  if (outer === undefined || words.length < atLeast + 1) return { directional: '', rest: words };
  if (words.length >= atLeast + 2) {
    const inner = directionalOf.get((side === 'start' ? words[1] : words.at(-2)) ?? '') ?? '';
    const two = side === 'start' ? outer + inner : inner + outer;
    if (two.length === 2 && directionalOf.has(two) && two !== outer) {
      return { directional: two, rest: side === 'start' ? words.slice(2) : words.slice(0, -2) };
    }
    // "CAMINO DEL SUR"
    if (side === 'end' && connectives.has(words.at(-2) ?? '')) return { directional: '', rest: words };
  }
  return { directional: outer, rest: side === 'start' ? words.slice(1) : words.slice(0, -1) };
}

function innerWord(word: string, index: number, length: number, suffix: string): string {
  const isLast = index === length - 1;
  if (isLast && index > 0 && suffix !== '') {
    // "7TH ST RD", "GAZEBO E DR"
    if (suffixOf.get(word) === 'ST') return 'STREET';
    const directional = directionalOf.get(word);
    if (directional !== undefined) return directional;
  }
  const short = SHORTENED_WORDS[word];
  if (short !== undefined && (!isLast || suffix !== '' || word === 'JUNIOR')) return short;
  const full = FULL_WORD_OF.get(word);
  if (full !== undefined) return full;
  if (index === 0 && !isLast && spanishOf.has(word)) return spanishOf.get(word) ?? word;
  if (hasDigit(word))
    return length === 1 && suffix !== ''
      ? word.replace(/^(\d*[23])D$/, '$1').replace(/^(\d+)(?:ST|ND|RD|TH)$/, '$1')
      : withoutOrdinal(word);
  return word;
}

function withAbbreviatedNames(words: readonly string[]): readonly string[] {
  for (let start = 0; start < words.length; start++) {
    const found = abbreviatedNameAt(words, start);
    if (found !== undefined) {
      return [...words.slice(0, start), ...found.canonical.split(' '), ...words.slice(start + found.length)];
    }
  }
  return words;
}

function joined(words: readonly string[]): string {
  let text = '';
  for (const word of words) {
    if (word !== '') text += text === '' ? word : ` ${word}`;
  }
  return text;
}
