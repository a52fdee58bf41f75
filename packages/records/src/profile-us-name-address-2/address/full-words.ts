import { NO_SUFFIX_WITHIN, STREET_SUFFIXES } from './street-suffixes.ts';

const ambiguous: ReadonlySet<string> = new Set(NO_SUFFIX_WITHIN);

/**
 * From the spellings of a suffix to its full word, for those that mean nothing else inside a name: "Lk Vw" is LAKE VIEW, which
 * without spaces is LAKEVIEW.
 */
export const FULL_WORD_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(STREET_SUFFIXES).flatMap(([short, others]) =>
    [short, ...others]
      .filter((word) => !ambiguous.has(word))
      .map((word) => [word, others[0] ?? short] as const),
  ),
);
