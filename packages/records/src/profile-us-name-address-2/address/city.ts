import { spellings } from '../word-table.ts';
import { DIRECTIONALS } from './directionals.ts';
import { SHORTENED_WORDS } from './name-words.ts';
import { FULL_WORD_OF } from './full-words.ts';
import { hasDigit } from './numbers.ts';
import { STATES } from './states.ts';

const directionalOf = spellings(DIRECTIONALS);
/** What a municipality is called in front of its name, which its mail leaves out: CITY OF, TOWN OF. */
const MUNICIPALITIES: ReadonlySet<string> = new Set(['BOROUGH', 'CITY', 'TOWN', 'TOWNSHIP', 'VILLAGE']);
const MILITARY_CITIES: ReadonlySet<string> = new Set(['APO', 'DPO', 'FPO']);
const CITY_WORDS: Readonly<Record<string, string>> = {
  CTY: 'CITY',
  TOWNSHIP: 'TWP',
  TWNSHP: 'TWP',
  TWSP: 'TWP',
  BORO: 'BOROUGH',
};

/**
 * The canonical city, without spaces, and the state, which is taken from the city where it stands there and nowhere else. Saint,
 * Mount and Fort are short, a directional in front is a letter, other words are long: "Nth Palm Bch" is NPALMBEACH.
 */
export function canonicalCity(
  folded: readonly string[],
  state: string,
): { readonly city: string; readonly state: string } {
  let words = folded.filter((word) => !hasDigit(word));
  const [first = '', second = ''] = words;
  if (words.length > 2 && MUNICIPALITIES.has(first) && second === 'OF') words = words.slice(2);
  const last = words.at(-1) ?? '';
  if (MILITARY_CITIES.has(first)) {
    return { city: first, state: state === '' && STATES[second] !== undefined ? second : state };
  }
  // "NEW YORK NY"
  if (
    words.length > 1 &&
    last.length === 2 &&
    STATES[last] !== undefined &&
    (state === '' || state === last)
  ) {
    return { city: joined(words.slice(0, -1)), state: last };
  }
  return { city: joined(words), state };
}

function joined(words: readonly string[]): string {
  let city = '';
  for (let index = 0; index < words.length; index++) city += cityWord(words, index);
  return city;
}

function cityWord(words: readonly string[], index: number): string {
  const word = words[index] ?? '';
  const isLast = index === words.length - 1;
  if (!isLast) {
    const short = (index === 0 ? directionalOf.get(word) : undefined) ?? SHORTENED_WORDS[word];
    if (short !== undefined) return short;
  }
  return CITY_WORDS[word] ?? FULL_WORD_OF.get(word) ?? word;
}
