const NUMBER_SIGNS: ReadonlySet<string> = new Set(['#', 'NO', 'NUM', 'NUMBER', 'NUMERO']);

/** Whether the word only says "a number follows". */
export function isNumberSign(word: string | undefined): boolean {
  return word !== undefined && NUMBER_SIGNS.has(word);
}

/** A number without its leading zeros, at least one digit kept: "012A" is 12A, but "0A" stays, which is not A. */
export function withoutZeros(number: string): string {
  return number.replace(/^0+(?=[0-9])/, '');
}
