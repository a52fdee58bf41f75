const DIGIT: Readonly<Record<string, string>> = {
  ...{ B: '1', F: '1', P: '1', V: '1' },
  ...{ C: '2', G: '2', J: '2', K: '2', Q: '2', S: '2', X: '2', Z: '2' },
  ...{ D: '3', T: '3', L: '4', M: '5', N: '5', R: '6' },
};

/**
 * The Soundex code of a surname, as the US National Archives describe it: the first letter and the digits of the next three
 * consonants; neighbours of one digit count once, also across H and W. '' for no letters.
 */
export function soundex(surname: string): string {
  let code = surname.charAt(0);
  let last = DIGIT[code] ?? '';
  for (let i = 1; i < surname.length && code.length < 4; i++) {
    const letter = surname.charAt(i);
    if (letter === 'H' || letter === 'W') continue;
    const digit = DIGIT[letter] ?? '';
    if (digit !== last) code += digit;
    last = digit;
  }
  return code === '' ? '' : code.padEnd(4, '0');
}
