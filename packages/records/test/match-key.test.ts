import { describe, expect, it } from 'vitest';
import type { KeyDefinition } from '../src/key-definition.ts';
import { composeKeys } from '../src/match-key.ts';

type Part = 'name' | 'street' | 'unit';

const KEY: KeyDefinition<Part> = { name: 'a_key', tier: 'name_address', parts: ['name', 'street', 'unit'] };

/** The texts of the keys, '|' for the separator. */
function composed(
  values: Partial<Record<Part, readonly string[]>>,
  keys: readonly KeyDefinition<Part>[] = [KEY],
): string[] {
  const valuesOf = (part: Part): readonly string[] => values[part] ?? ['X'];
  return composeKeys('profile/9', keys, valuesOf).map(({ value }) => value.replaceAll('\u001f', '|'));
}

describe('a match key', () => {
  it('is the id of the profile, its own name and its parts in their order', () => {
    expect(composed({ name: ['LOPEZ'], street: ['12 MAI'], unit: ['#'] })).toEqual([
      'profile/9|a_key|LOPEZ|12 MAI|#',
    ]);
  });

  it('is divided by U+001F', () => {
    const [key] = composeKeys('profile/9', [KEY], () => ['X']);
    expect(key?.value).toBe('profile/9\u001fa_key\u001fX\u001fX\u001fX');
  });

  it('bears its name and its tier', () => {
    const [key] = composeKeys('profile/9', [KEY], () => ['X']);
    expect(key).toMatchObject({ name: 'a_key', tier: 'name_address' });
  });

  it('is made once for each choice among the values of its parts', () => {
    expect(composed({ name: ['A', 'B'], unit: ['#', '#?'] })).toEqual([
      'profile/9|a_key|A|X|#',
      'profile/9|a_key|A|X|#?',
      'profile/9|a_key|B|X|#',
      'profile/9|a_key|B|X|#?',
    ]);
  });

  it('is made once where two values are equal', () => {
    expect(composed({ name: ['A', 'A'] })).toEqual(['profile/9|a_key|A|X|X']);
  });

  it.each<[string, readonly string[]]>([
    ['an empty value', ['']],
    ['no value', []],
    ['empty values only', ['', '']],
  ])('is not made where a part has %s', (_, values) => {
    expect(composed({ street: values })).toEqual([]);
  });

  it('is made of the other values where one of a part is empty', () => {
    expect(composed({ name: ['', 'A'] })).toEqual(['profile/9|a_key|A|X|X']);
  });

  it('that is not made leaves the others', () => {
    const other: KeyDefinition<Part> = { name: 'other', tier: 'name_address', parts: ['name'] };
    expect(composed({ unit: [''] }, [KEY, other])).toEqual(['profile/9|other|X']);
  });
});
