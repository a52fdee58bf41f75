/** Words that only say "a number follows". */
export const NUMBER_SIGNS: readonly string[] = ['#', 'NBR', 'NO', 'NRO', 'NUM', 'NUMBER', 'NUMERO'];

const signs: ReadonlySet<string> = new Set(NUMBER_SIGNS);

/** Whether the word only says "a number follows". */
export function isNumberSign(word: string | undefined): boolean {
  return word !== undefined && signs.has(word);
}

/** Where the words go on after number signs. */
export function pastSigns(words: readonly string[], start: number): number {
  let index = start;
  while (isNumberSign(words[index])) index++;
  return index;
}

export function hasDigit(word: string): boolean {
  for (let index = 0; index < word.length; index++) {
    if (isDigit(word.charCodeAt(index))) return true;
  }
  return false;
}

export function beginsWithDigit(word: string | undefined): boolean {
  return word !== undefined && word !== '' && isDigit(word.charCodeAt(0));
}

export function isLetter(word: string | undefined): boolean {
  return word?.length === 1 && word >= 'A' && word <= 'Z';
}

/** A number without its leading zeros, at least one digit kept: "012A" is 12A, but "0A" stays, which is not A. */
export function withoutZeros(number: string): string {
  return number.startsWith('0') ? number.replace(/^0+(?=[0-9])/, '') : number;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
