/** Ordinal words of street names and floors. An ordinal in digits ("21ST") is folded to its digits by rule. */
export const ORDINAL_WORDS: Readonly<Record<string, string>> = {
  FIRST: '1',
  SECOND: '2',
  THIRD: '3',
  FOURTH: '4',
  FIFTH: '5',
  SIXTH: '6',
  SEVENTH: '7',
  EIGHTH: '8',
  NINTH: '9',
  TENTH: '10',
  ELEVENTH: '11',
  TWELFTH: '12',
  THIRTEENTH: '13',
  FOURTEENTH: '14',
  FIFTEENTH: '15',
  SIXTEENTH: '16',
  SEVENTEENTH: '17',
  EIGHTEENTH: '18',
  NINETEENTH: '19',
  TWENTIETH: '20',
};

/** Number words that stand as a house number. */
export const NUMBER_WORDS: Readonly<Record<string, string>> = {
  ONE: '1',
  TWO: '2',
  THREE: '3',
  FOUR: '4',
  FIVE: '5',
  SIX: '6',
  SEVEN: '7',
  EIGHT: '8',
  NINE: '9',
  TEN: '10',
};

/** The digits of an ordinal, as a word or as digits with their ending; any other word as it is. */
export function withoutOrdinal(word: string): string {
  return ORDINAL_WORDS[word] ?? word.replace(/^(\d+)(?:ST|ND|RD|TH)$/, '$1');
}
