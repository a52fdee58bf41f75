import { DIRECTIONALS } from './directionals.ts';
import { withoutOrdinal } from './ordinals.ts';
import { NUMBERED_ROADS, SHORTENED_WORDS } from './routes.ts';
import { STREET_SUFFIXES } from './street-suffixes.ts';
import { spellings } from './word-table.ts';

const directionalOf = spellings(DIRECTIONALS);
const suffixOf = spellings(STREET_SUFFIXES);
const roadOf = spellings(NUMBERED_ROADS);
const LONGEST_ROAD_PHRASE = Math.max(...[...roadOf.keys()].map((phrase) => phrase.split(' ').length));

/** Whether the words end in a street suffix, with or without a directional after it. */
export function endsInSuffix(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  if (words.length > 1 && suffixOf.has(last)) return true;
  return words.length > 2 && directionalOf.has(last) && suffixOf.has(words.at(-2) ?? '');
}

/**
 * The canonical street name: directionals before and after it and the suffix at its end in their short form, as long as a
 * name remains beside them; ordinals as digits; numbered roads in one form; SAINT, MOUNT and FORT short.
 */
export function canonicalStreetName(words: readonly string[]): string {
  const { before, core, suffix, after } = streetNameParts(words);
  const name = numberedRoads(core).map((word, index, all) => nameWord(word, index, all.length, suffix));
  return [before, ...name, suffix, after].filter((word) => word !== '').join(' ');
}

/** The words of a street name without directionals and suffix; at least one. */
export function streetNameCore(words: readonly string[]): string[] {
  return streetNameParts(words).core;
}

/** The parts of a street name, directionals and suffix in their short form and '' where there is none. */
function streetNameParts(words: readonly string[]): {
  readonly before: string;
  readonly core: string[];
  readonly suffix: string;
  readonly after: string;
} {
  const { directional: after, rest } = takeDirectional(words, 'end');
  const suffix = rest.length > 1 ? (suffixOf.get(rest.at(-1) ?? '') ?? '') : '';
  const { directional: before, rest: core } = takeDirectional(
    suffix === '' ? rest : rest.slice(0, -1),
    'start',
  );
  return { before, core, suffix, after };
}

/** Takes a directional of one or two words ("NORTH WEST") off one end, if a word remains. */
function takeDirectional(
  words: readonly string[],
  end: 'start' | 'end',
): { readonly directional: string; readonly rest: string[] } {
  const at = (count: number): string[] => (end === 'start' ? words.slice(0, count) : words.slice(-count));
  const without = (count: number): string[] =>
    end === 'start' ? words.slice(count) : words.slice(0, -count);
  for (const count of [2, 1]) {
    if (words.length <= count) continue;
    const taken = at(count).map((word) => directionalOf.get(word) ?? '?');
    const directional = taken.join('');
    const isOne = count === 1 ? directional !== '?' : /^[NS][EW]$/.test(directional);
    // "100 WEST ST" after its suffix is gone has one word left and keeps it as a name.
    if (isOne) return { directional, rest: without(count) };
  }
  return { directional: '', rest: [...words] };
}

/** Puts "CO RD 5", "COUNTY ROAD 5" and "CR 5" in one form. The longest phrase before a number wins. */
function numberedRoads(words: readonly string[]): string[] {
  for (let start = 0; start < words.length - 1; start++) {
    for (let length = LONGEST_ROAD_PHRASE; length > 0; length--) {
      const road = roadOf.get(words.slice(start, start + length).join(' '));
      if (road !== undefined && /^[0-9]+[A-Z]?$/.test(words[start + length] ?? '')) {
        return [...words.slice(0, start), ...road.split(' '), ...words.slice(start + length)];
      }
    }
  }
  return [...words];
}

function nameWord(word: string, index: number, length: number, suffix: string): string {
  const last = index === length - 1;
  if (!last && SHORTENED_WORDS[word] !== undefined) return SHORTENED_WORDS[word];
  // "AVENUE B" and "AVE OF THE OAKS": the suffix word leads.
  if (index === 0 && !last && suffix === '' && suffixOf.get(word) === 'AVE') return 'AVE';
  return withoutOrdinal(word);
}
