import type { KeyDefinition } from './key-definition.ts';
import type { MatchKey } from './profile.ts';

/** U+001F stands between the parts of a key. Parts hold A–Z, 0–9, space and '#', '+', '-', '/', '?' only, never this. */
const PART_SEPARATOR = '\u001f';

/**
 * Makes the keys of one record: profile id, key name and parts, joined by U+001F; one for each choice among the values of
 * its parts. A key with an empty part is not made, and none is made twice.
 *
 * @param valuesOf the values of a part; '' among them where the record has none
 */
export function composeKeys<Part extends string>(
  profileId: string,
  keys: readonly KeyDefinition<Part>[],
  valuesOf: (part: Part) => readonly string[],
): MatchKey[] {
  const made: MatchKey[] = [];
  for (const { name, tier, parts } of keys) {
    let heads = [`${profileId}${PART_SEPARATOR}${name}`];
    for (const part of parts) {
      const values = valuesOf(part);
      const [first = ''] = values;
      if (values.length === 1 && first !== '') {
        // By far the commonest case, without a list of lists.
        for (let i = 0; i < heads.length; i++) heads[i] = `${heads[i] ?? ''}${PART_SEPARATOR}${first}`;
      } else {
        const known = [...new Set(values)].filter((value) => value !== '');
        heads = heads.flatMap((head) => known.map((value) => `${head}${PART_SEPARATOR}${value}`));
      }
    }
    for (const value of heads) made.push({ name, tier, value });
  }
  return made;
}
