import type { MatchKey } from './profile.ts';
import { RecordsError } from './records-error.ts';

/**
 * What a key part is made of. `given_name` and `surname` are name parts, `street` is the address part (house number and
 * street, or box); the rest are place parts.
 */
export type KeyPart = 'given_name' | 'surname' | 'street' | 'postcode' | 'city' | 'state';

/** A match key as data: its name and its parts, in their order. */
export interface KeyDefinition {
  readonly name: string;
  readonly parts: readonly KeyPart[];
}

/** U+001F stands between the parts of a key. Canonical fields hold A–Z, 0–9, space, '#', '-' and '/' only, never this. */
export const PART_SEPARATOR = '\u001f';

/**
 * Refuses key definitions that would not check a name and an address: each key must hold both name parts and
 * the street, have a name of its own and no part twice.
 *
 * @throws RecordsError `profile_unsound`, naming the key.
 */
export function lintKeys(keys: readonly KeyDefinition[]): void {
  const names = new Set<string>();
  for (const { name, parts } of keys) {
    if (!/^[a-z][a-z0-9_]*$/.test(name) || names.has(name)) {
      throw unsound(`Key name "${name}" must be lower case words joined by "_" and used once.`);
    }
    names.add(name);
    for (const required of ['given_name', 'surname', 'street'] as const) {
      if (!parts.includes(required)) {
        throw unsound(`Key ${name} lacks ${required}: every match key holds the name and the street or box.`);
      }
    }
    if (new Set(parts).size !== parts.length) throw unsound(`Key ${name} holds a part twice.`);
  }
  if (names.size === 0) throw unsound('A profile has at least one match key.');
}

/**
 * Makes the keys of one record: profile id, key name and parts, joined by U+001F. A key with an empty part is not made.
 */
export function composeKeys(
  profileId: string,
  keys: readonly KeyDefinition[],
  parts: Readonly<Record<KeyPart, string>>,
): MatchKey[] {
  const made: MatchKey[] = [];
  for (const { name, parts: wanted } of keys) {
    const values = wanted.map((part) => parts[part]);
    if (values.includes('')) continue;
    made.push({ name, tier: 'name_address', value: [profileId, name, ...values].join(PART_SEPARATOR) });
  }
  return made;
}

function unsound(message: string): RecordsError {
  return new RecordsError('profile_unsound', message);
}
