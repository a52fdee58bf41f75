import { RecordsError } from './records-error.ts';
import type { Tier } from './tier.ts';
import { TIERS } from './tier.ts';

/**
 * What a part of a key is about. `given` and `surname` are name parts, `name` is both; `street` is house number and street, or
 * the box; `birth` is a date of birth or of it what tells people of one name apart; `place` and `unit` narrow a street down.
 */
export type PartKind = 'given' | 'surname' | 'name' | 'street' | 'birth' | 'place' | 'unit' | 'generation';

/** A part that keys may be made of. One record may have several values of it, of which any may match. */
export interface PartDefinition {
  readonly kind: PartKind;
  /** The most values that a person on file has of it. */
  readonly mostOnFile: number;
  /** The most values that a record of a request has of it. */
  readonly mostInRequest: number;
}

/** A match key as data: its name, the tier of a match on it, and its parts in their order. */
export interface KeyDefinition<Part extends string> {
  readonly name: string;
  readonly tier: Tier;
  readonly parts: readonly Part[];
}

/**
 * Refuses key definitions that would confirm what the law does not ask, or name a wrong person. Every key holds a name part and
 * the street or box: a ZIP code is not an address. A key of the tier with a date of birth holds one; a key of the tier
 * without holds the whole name, for nothing else tells two people of an address apart there.
 *
 * @throws RecordsError `profile_unsound`, naming the key.
 */
export function lintKeys<Part extends string>(
  keys: readonly KeyDefinition<Part>[],
  parts: Readonly<Record<Part, PartDefinition>>,
): void {
  const names = new Set<string>();
  for (const key of keys) {
    const { name } = key;
    if (!/^[a-z][a-z0-9_]*$/.test(name) || names.has(name)) {
      throw unsound(`Key name "${name}" must be lower case words joined by "_" and used once.`);
    }
    names.add(name);
    if (!TIERS.includes(key.tier)) throw unsound(`Key ${name} belongs to no known tier.`);
    if (new Set(key.parts).size !== key.parts.length) throw unsound(`Key ${name} holds a part twice.`);
    lintKinds(key, new Set(key.parts.map((part) => parts[part].kind)));
  }
  if (names.size === 0) throw unsound('A profile has at least one match key.');
}

function lintKinds<Part extends string>(
  { name, tier }: KeyDefinition<Part>,
  kinds: ReadonlySet<PartKind>,
): void {
  const isWholeName = kinds.has('name') || (kinds.has('given') && kinds.has('surname'));
  if (!isWholeName && !kinds.has('given'))
    throw unsound(`Key ${name} lacks a name part: every match key holds one.`);
  if (!kinds.has('street')) throw unsound(`Key ${name} lacks the street or box: every match key holds it.`);
  if (tier === 'name_address_dob' && !kinds.has('birth')) {
    throw unsound(`Key ${name} lacks a date of birth, which every key of its tier holds.`);
  }
  if (tier === 'name_address' && (kinds.has('birth') || !isWholeName)) {
    throw unsound(
      `Key ${name} must hold given name and surname and no date of birth, as every key of its tier.`,
    );
  }
}

/** The most match keys that a record gives on each side, over the given tier or over all. */
export function mostKeys<Part extends string>(
  keys: readonly KeyDefinition<Part>[],
  parts: Readonly<Record<Part, PartDefinition>>,
  most: 'mostOnFile' | 'mostInRequest',
): number {
  return keys.reduce(
    (sum, key) => sum + key.parts.reduce((product, part) => product * parts[part][most], 1),
    0,
  );
}

function unsound(message: string): RecordsError {
  return new RecordsError('profile_unsound', message);
}
