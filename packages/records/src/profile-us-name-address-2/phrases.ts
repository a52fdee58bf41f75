/** A list of phrases, to be found among folded words. */
export interface Phrases {
  /** Whether the words as a whole are a phrase. */
  readonly isWhole: (words: readonly string[]) => boolean;
  /** Whether neighbouring words, somewhere, are a phrase. */
  readonly isWithin: (words: readonly string[]) => boolean;
}

/** The shortest phrase, in letters, that also counts when it is split or run together: "UN KNOWN", "FAILEDTO PROVIDE". */
const SHORTEST_JOINED = 5;

/**
 * Words are a phrase when they are its words, or when both are the same without spaces. The latter holds for phrases of
 * five letters or more, because "NA" is a name where "N A" is none; and for single letters, because "F N U" is FNU.
 */
export function phrasesOf(list: readonly string[]): Phrases {
  const spaced = new Set(list);
  const joined = new Set(list.map((phrase) => phrase.replaceAll(' ', '')));
  const longest = Math.max(...[...joined].map(({ length }) => length));
  // Most words hold none: one search tells so. Phrases are letters and spaces, which mean themselves in a pattern.
  const anywhere = new RegExp([...joined].join('|'));

  const isPhrase = (words: readonly string[], together: string): boolean =>
    joined.has(together) &&
    (together.length >= SHORTEST_JOINED ||
      words.every((word) => word.length === 1) ||
      spaced.has(words.join(' ')));

  return {
    isWhole: (words) => words.length > 0 && isPhrase(words, words.join('')),
    isWithin: (words) => {
      if (!anywhere.test(words.join(''))) return false;
      for (let start = 0; start < words.length; start++) {
        let together = '';
        for (let end = start; end < words.length; end++) {
          together += words[end] ?? '';
          if (together.length > longest) break;
          if (isPhrase(words.slice(start, end + 1), together)) return true;
        }
      }
      return false;
    },
  };
}
