import type { Random } from './random.ts';
import { draw, sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';

type Kind = 'near_key' | 'delete' | 'insert' | 'transpose' | 'phonetic' | 'scan';

const KINDS: Shares<Kind> = sharesOf<Kind>([
  ['near_key', 28],
  ['delete', 22],
  ['transpose', 16],
  ['phonetic', 14],
  ['insert', 12],
  ['scan', 8],
]);

const ROWS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const NEAR_KEYS: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap((row, y) =>
    Array.from(row, (key, x): [string, string] => {
      const digit = y === 0;
      const across = `${row[x - 1] ?? ''}${row[x + 1] ?? ''}`;
      const below = digit ? '' : `${ROWS[y + 1]?.[x - 1] ?? ''}${ROWS[y + 1]?.[x] ?? ''}`;
      const above = y > 1 ? `${ROWS[y - 1]?.[x] ?? ''}${ROWS[y - 1]?.[x + 1] ?? ''}` : '';
      return [key, `${across}${below}${above}`];
    }),
  ),
);

// What sounds alike in English or Spanish, and what looks alike to a scanner.
const SOUNDS = pairs(
  `ph f, c k, ck k, ee ea, ie ei, s z, y i, v b, ll y, sh ch, th t, x s, j g, ai ay, oo u, er or, an en, on en, ss s, tt t, nn n, ll l, rr r, e i, a e, qu k, gn n, wh w, hu w`,
);
const LOOKS = pairs(`m rn, i l, o 0, cl d, w vv, u v, e c, s 5, b h, l 1, g 9, n ri, q g, t f`);
const DIGIT_LOOKS = pairs(`1 7, 3 8, 5 6, 0 8, 4 9, 0 6`);

function pairs(text: string): (readonly [string, string])[] {
  return text.split(', ').flatMap((pair) => {
    const [one = '', other = ''] = pair.split(' ');
    return [[one, other] as const, [other, one] as const];
  });
}

/**
 * Makes one typing error in a text, never touching anything but letters and digits, and always changing a text that
 * holds a letter or digit.
 */
export function mistype(random: Random, text: string): string {
  const places = [...text.matchAll(/[\p{L}\d]/gu)].map(({ index }) => index);
  if (places.length === 0) return text;
  for (let attempt = 0; attempt < 8; attempt++) {
    const changed = oneError(random, text, random.pick(places));
    if (changed !== text && /[\p{L}\d]/u.test(changed)) return changed;
  }
  return `${text}${text.slice(-1)}`;
}

function oneError(random: Random, text: string, at: number): string {
  const letter = text.charAt(at);
  const isDigit = /\d/.test(letter);
  switch (draw(random, KINDS)) {
    case 'near_key':
      return replaceAt(text, at, 1, nearKey(random, letter));
    case 'delete':
      return replaceAt(text, at, 1, '');
    case 'insert':
      return replaceAt(text, at, 1, `${letter}${random.chance(0.5) ? letter : nearKey(random, letter)}`);
    case 'transpose':
      return /[\p{L}\d]/u.test(text.charAt(at + 1))
        ? `${text.slice(0, at)}${text.charAt(at + 1)}${letter}${text.slice(at + 2)}`
        : text;
    case 'phonetic':
      return isDigit ? replaceAt(text, at, 1, nearKey(random, letter)) : substitute(random, text, SOUNDS);
    case 'scan':
      return substitute(random, text, isDigit ? DIGIT_LOOKS : LOOKS);
  }
}

function nearKey(random: Random, letter: string): string {
  const near = NEAR_KEYS.get(letter.toLowerCase()) ?? 'e';
  return asCase(letter, near.charAt(random.below(near.length)));
}

/** Replaces one of the places in which one of the pairs applies. */
function substitute(random: Random, text: string, choices: readonly (readonly [string, string])[]): string {
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return text;
  const start = random.below(choices.length);
  for (let step = 0; step < choices.length; step++) {
    const [from = '', to = ''] = choices[(start + step) % choices.length] ?? [];
    const at = lower.indexOf(from, random.chance(0.5) ? 1 : 0);
    if (at >= 0) return replaceAt(text, at, from.length, asCase(text.charAt(at), to));
  }
  return text;
}

function asCase(model: string, text: string): string {
  return model !== model.toLowerCase() ? text.toUpperCase() : text;
}

function replaceAt(text: string, at: number, length: number, by: string): string {
  return `${text.slice(0, at)}${by}${text.slice(at + length)}`;
}
