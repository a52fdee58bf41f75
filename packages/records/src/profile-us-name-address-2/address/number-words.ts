/** English numbers as words, with the ordinal of each. All others are composed of them. */
export const NUMBER_WORDS: Readonly<Record<number, readonly [cardinal: string, ordinal: string]>> = {
  1: ['ONE', 'FIRST'],
  2: ['TWO', 'SECOND'],
  3: ['THREE', 'THIRD'],
  4: ['FOUR', 'FOURTH'],
  5: ['FIVE', 'FIFTH'],
  6: ['SIX', 'SIXTH'],
  7: ['SEVEN', 'SEVENTH'],
  8: ['EIGHT', 'EIGHTH'],
  9: ['NINE', 'NINTH'],
  10: ['TEN', 'TENTH'],
  11: ['ELEVEN', 'ELEVENTH'],
  12: ['TWELVE', 'TWELFTH'],
  13: ['THIRTEEN', 'THIRTEENTH'],
  14: ['FOURTEEN', 'FOURTEENTH'],
  15: ['FIFTEEN', 'FIFTEENTH'],
  16: ['SIXTEEN', 'SIXTEENTH'],
  17: ['SEVENTEEN', 'SEVENTEENTH'],
  18: ['EIGHTEEN', 'EIGHTEENTH'],
  19: ['NINETEEN', 'NINETEENTH'],
  20: ['TWENTY', 'TWENTIETH'],
  30: ['THIRTY', 'THIRTIETH'],
  40: ['FORTY', 'FORTIETH'],
  50: ['FIFTY', 'FIFTIETH'],
  60: ['SIXTY', 'SIXTIETH'],
  70: ['SEVENTY', 'SEVENTIETH'],
  80: ['EIGHTY', 'EIGHTIETH'],
  90: ['NINETY', 'NINETIETH'],
};

/** A number among words: its value, how many words it takes and whether it is an ordinal. */
export interface FoundNumber {
  readonly value: number;
  readonly length: number;
  readonly isOrdinal: boolean;
}

const cardinals = new Map<string, number>();
const ordinals = new Map<string, number>();
for (const [value, [cardinal, ordinal]] of Object.entries(NUMBER_WORDS)) {
  cardinals.set(cardinal, Number(value));
  ordinals.set(ordinal, Number(value));
}
for (const [tens, tensWord] of [...cardinals]
  .filter(([, value]) => value >= 20)
  .map(([word, value]) => [value, word] as const)) {
  for (let ones = 1; ones <= 9; ones++) {
    const [cardinal = '', ordinal = ''] = NUMBER_WORDS[ones] ?? [];
    cardinals.set(tensWord + cardinal, tens + ones);
    ordinals.set(tensWord + ordinal, tens + ones);
  }
}

/** The number below a hundred that begins at `start`: SEVEN, FORTY, TWENTY ONE, TWENTYFIRST. */
function belowHundred(words: readonly string[], start: number): FoundNumber | undefined {
  const word = words[start] ?? '';
  const ordinal = ordinals.get(word);
  if (ordinal !== undefined) return { value: ordinal, length: 1, isOrdinal: true };
  const value = cardinals.get(word);
  if (value === undefined) return undefined;
  if (value >= 20 && value % 10 === 0) {
    const next = words[start + 1] ?? '';
    const ones = ordinals.get(next) ?? cardinals.get(next) ?? 0;
    if (ones > 0 && ones < 10) return { value: value + ones, length: 2, isOrdinal: ordinals.has(next) };
  }
  return { value, length: 1, isOrdinal: false };
}

/**
 * The number in words that begins at `start`. Hundreds are said ("ONE HUNDRED TWENTY THIRD") or, before an ordinal, left out
 * ("ONE TWENTY THIRD").
 */
export function numberInWords(words: readonly string[], start: number): FoundNumber | undefined {
  const head = belowHundred(words, start);
  if (head === undefined || head.isOrdinal || head.value > 19) return head;
  const next = words[start + head.length];
  if (next === 'HUNDREDTH') return { value: head.value * 100, length: head.length + 1, isOrdinal: true };
  if (next === 'HUNDRED') {
    const rest = start + head.length + (words[start + head.length + 1] === 'AND' ? 2 : 1);
    const tail = belowHundred(words, rest);
    if (tail === undefined) return { value: head.value * 100, length: head.length + 1, isOrdinal: false };
    return {
      value: head.value * 100 + tail.value,
      length: rest - start + tail.length,
      isOrdinal: tail.isOrdinal,
    };
  }
  const tail = belowHundred(words, start + head.length);
  if (tail?.isOrdinal === true && tail.value >= 10) {
    return { value: head.value * 100 + tail.value, length: head.length + tail.length, isOrdinal: true };
  }
  return head;
}

/** The words with every number in words as digits. */
export function withDigits(words: readonly string[]): string[] {
  const out: string[] = [];
  for (let index = 0; index < words.length;) {
    const found = numberInWords(words, index);
    out.push(found === undefined ? (words[index] ?? '') : String(found.value));
    index += found?.length ?? 1;
  }
  return out;
}

/** The digits of an ordinal, as a word or as digits with their ending; any other word as it is. */
export function withoutOrdinal(word: string): string {
  const value = ordinals.get(word);
  if (value !== undefined) return String(value);
  return /^\d+(?:ST|ND|RD|TH)$/.test(word) ? word.slice(0, -2) : word;
}

export function isOrdinal(word: string | undefined): boolean {
  return word !== undefined && withoutOrdinal(word) !== word;
}
