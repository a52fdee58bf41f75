import { describe, expect, it } from 'vitest';
import type { KeyPart } from '../src/match-key.ts';
import { composeKeys, lintKeys } from '../src/match-key.ts';
import { KEYS } from '../src/profile-us-name-address-1/definition.ts';

const PARTS: Record<KeyPart, string> = {
  given_name: 'MARIA',
  surname: 'LOPEZ',
  street: '12 MAIN ST',
  postcode: '62704',
  city: 'SPRINGFIELD',
  state: 'IL',
};

describe('the lint of match keys', () => {
  it('passes the keys of us-name-address/1', () => {
    expect(() => {
      lintKeys(KEYS);
    }).not.toThrow();
  });

  it.each<[string, KeyPart[]]>([
    ['no street', ['given_name', 'surname', 'postcode', 'city', 'state']],
    ['no given name', ['surname', 'street', 'postcode']],
    ['no surname', ['given_name', 'street', 'postcode']],
    ['nothing', []],
    ['a part twice', ['given_name', 'surname', 'street', 'street']],
  ])('refuses a key with %s', (_, parts) => {
    expect(() => {
      lintKeys([{ name: 'name_street', parts }]);
    }).toThrow(expect.objectContaining({ code: 'profile_unsound' }));
  });

  it.each([['Upper'], ['with space'], ['with\u001fseparator'], ['']])('refuses the key name %j', (name) => {
    expect(() => {
      lintKeys([{ name, parts: ['given_name', 'surname', 'street'] }]);
    }).toThrow(expect.objectContaining({ code: 'profile_unsound' }));
  });

  it('refuses a name used twice and a profile without keys', () => {
    const key = { name: 'a', parts: ['given_name', 'surname', 'street'] as const };
    const unsound: unknown = expect.objectContaining({ code: 'profile_unsound' });
    expect(() => {
      lintKeys([key, key]);
    }).toThrow(unsound);
    expect(() => {
      lintKeys([]);
    }).toThrow(unsound);
  });
});

describe('a match key', () => {
  it('is profile id, key name and parts, joined by U+001F', () => {
    const [key] = composeKeys('p/1', [{ name: 'k', parts: ['given_name', 'surname', 'street'] }], PARTS);
    expect(key).toEqual({ name: 'k', value: 'p/1\u001fk\u001fMARIA\u001fLOPEZ\u001f12 MAIN ST' });
  });

  it('with an empty part is not made', () => {
    expect(composeKeys('p/1', KEYS, { ...PARTS, postcode: '' }).map(({ name }) => name)).toEqual([
      'name_street_city',
    ]);
    expect(composeKeys('p/1', KEYS, { ...PARTS, street: '' })).toEqual([]);
  });
});
