import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soundex } from '../src/profile-us-name-address-2/soundex.ts';

describe('the Soundex code', () => {
  it.each([
    ['WASHINGTON', 'W252', 'keeps the first letter and three digits'],
    ['LEE', 'L000', 'is filled up with zeros'],
    ['JACKSON', 'J250', 'counts neighbours of one digit once'],
    ['GUTIERREZ', 'G362', 'counts a doubled letter once'],
    ['PFISTER', 'P236', 'counts a neighbour of the first letter with its digit not at all'],
    ['TYMCZAK', 'T522', 'counts letters of one digit twice where a vowel divides them'],
    ['ASHCRAFT', 'A261', 'but not where an H or W does'],
    ['ROBERT', 'R163', 'is the same for what sounds alike'],
    ['RUPERT', 'R163', 'as for this'],
    ['HONEYMAN', 'H555', 'counts each of three'],
    ['', '', 'is empty for no letters'],
  ])('of %s is %s: it %s', (surname, code) => {
    expect(soundex(surname)).toBe(code);
  });

  it('tells surnames that sound differently apart', () => {
    expect(soundex('LOPEZ')).not.toBe(soundex('GARCIA'));
  });

  it('is a letter and three digits of any name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,30}$/), (surname) => {
        expect(soundex(surname)).toMatch(new RegExp(`^${surname.charAt(0)}[0-6]{3}$`));
      }),
    );
  });
});
