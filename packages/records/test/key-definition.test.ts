import { describe, expect, it } from 'vitest';
import { lintKeys, mostKeys } from '../src/key-definition.ts';
import type { KeyDefinition, PartDefinition, PartKind } from '../src/key-definition.ts';
import { KEYS, PARTS } from '../src/profile-us-name-address-2/definition.ts';
import { RecordsError } from '../src/records-error.ts';
import type { Tier } from '../src/tier.ts';

const KINDS: readonly PartKind[] = [
  'given',
  'surname',
  'name',
  'street',
  'birth',
  'place',
  'unit',
  'generation',
];

/** One part of each kind, with as many values on file as its place in the list, and one more in a request. */
const ONE_OF_EACH = Object.fromEntries(
  KINDS.map((kind, at) => [kind, { kind, mostOnFile: at + 1, mostInRequest: at + 2 }]),
) as Record<PartKind, PartDefinition>;

const keyOf = (tier: Tier, parts: PartKind[], name = 'a_key'): KeyDefinition<PartKind> => ({
  name,
  tier,
  parts,
});

/** What the lint says of keys; nothing where they are sound. */
function faultOf(...keys: KeyDefinition<PartKind>[]): string | undefined {
  try {
    lintKeys(keys, ONE_OF_EACH);
    return undefined;
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    expect(error.code).toBe('profile_unsound');
    return error.message;
  }
}

describe('the lint of match keys', () => {
  it.each<[Tier, PartKind[], string]>([
    ['name_address_dob', ['given', 'birth', 'street'], 'a given name, a date of birth and a street'],
    ['name_address_dob', ['name', 'birth', 'street', 'unit', 'place'], 'a whole name in one part'],
    ['name_address_dob', ['given', 'surname', 'birth', 'street'], 'a whole name in two parts'],
    ['name_address', ['name', 'street'], 'a whole name and a street'],
    ['name_address', ['given', 'surname', 'generation', 'street'], 'a whole name in two parts and a street'],
  ])('accepts a key of %s with %j: %s', (tier, parts) => {
    expect(faultOf(keyOf(tier, parts))).toBeUndefined();
  });

  it.each<[Tier, PartKind[], string, string]>([
    ['name_address_dob', ['birth', 'street'], 'without a name part', 'lacks a name part'],
    ['name_address_dob', ['surname', 'birth', 'street'], 'with a surname only', 'lacks a name part'],
    ['name_address', ['street', 'unit', 'place'], 'of an address only', 'lacks a name part'],
    ['name_address_dob', ['name', 'birth'], 'without a street', 'lacks the street or box'],
    [
      'name_address_dob',
      ['name', 'birth', 'place', 'unit'],
      'with a ZIP code for a street',
      'lacks the street',
    ],
    ['name_address_dob', ['name', 'street'], 'without a date of birth in its tier', 'lacks a date of birth'],
    ['name_address', ['name', 'birth', 'street'], 'with one in the other tier', 'no date of birth'],
    ['name_address', ['given', 'street'], 'with half a name', 'must hold given name and surname'],
    ['name_address', ['name', 'street', 'street'], 'with a part twice', 'holds a part twice'],
  ])('refuses a key of %s with %j: %s', (tier, parts, _, fault) => {
    expect(faultOf(keyOf(tier, parts))).toContain(fault);
  });

  it.each(['', 'Name', 'name-street', '1_name', 'name street', 'näme'])('refuses the name "%s"', (name) => {
    expect(faultOf(keyOf('name_address', ['name', 'street'], name))).toContain('lower case words');
  });

  it('refuses a name that is used twice', () => {
    const key = keyOf('name_address', ['name', 'street']);
    expect(faultOf(key, key)).toContain('used once');
    expect(faultOf(key, { ...key, name: 'another_key' })).toBeUndefined();
  });

  it('names the key that is unsound', () => {
    const sound = keyOf('name_address', ['name', 'street'], 'sound');
    expect(faultOf(sound, keyOf('name_address', ['street'], 'streets_only'))).toContain('streets_only');
  });

  it('refuses a tier that is none', () => {
    expect(faultOf(keyOf('address' as Tier, ['name', 'street']))).toContain('no known tier');
  });

  it('refuses a profile without a key', () => {
    expect(faultOf()).toContain('at least one');
  });

  it('accepts the keys of us-name-address/2', () => {
    expect(() => {
      lintKeys(KEYS, PARTS);
    }).not.toThrow();
  });
});

describe('the most keys of a record', () => {
  it('are the sum over the keys of the product over their parts, on each side', () => {
    const keys = [keyOf('name_address', ['name', 'street']), keyOf('name_address', ['given', 'surname'])];
    expect(mostKeys(keys, ONE_OF_EACH, 'mostOnFile')).toBe(3 * 4 + 1 * 2);
    expect(mostKeys(keys, ONE_OF_EACH, 'mostInRequest')).toBe(4 * 5 + 2 * 3);
  });
});
