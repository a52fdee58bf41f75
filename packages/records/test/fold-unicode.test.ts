import anyAscii from 'any-ascii';
import { describe, expect, it } from 'vitest';
import { foldText } from '../src/profile-us-name-address-2/fold.ts';

/** Every character beyond ASCII of which `is` holds, as code points in hexadecimal. */
function charactersOf(is: (character: string) => boolean): string[] {
  const found: string[] = [];
  for (let code = 0x80; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    if (is(String.fromCodePoint(code))) found.push(code.toString(16));
  }
  return found;
}

describe('a character that any-ascii does not know', () => {
  it('is as if it were not there, whatever this platform knows about it', () => {
    const telling = charactersOf(
      (character) =>
        anyAscii(character) === '' &&
        !/[\u0080-\u009f\p{Co}]/u.test(character) &&
        foldText(`a${character}b 1${character}2`) !== 'AB 12',
    );
    expect(telling).toEqual([]);
  });

  it('is one that no platform need know: what any-ascii knows is assigned here', () => {
    expect(charactersOf((character) => anyAscii(character) !== '' && /\p{Cn}/u.test(character))).toEqual([]);
  });
});
