import { readFileSync } from 'node:fs';
import type { PersonRecord } from '@blindmatch/records';
import { UsageError } from '../core/usage.ts';
import { DIRECTIONALS, SUFFIXES, UNIT_WORDS } from '../population/address-words.ts';
import type { StreetAddress, Unit } from '../population/address.ts';

/** A real address: as it was written, and by parts. */
export interface ReferenceAddress {
  /** Without a name. */
  readonly record: PersonRecord;
  readonly address: StreetAddress;
  /** All of it in one line. */
  readonly text: string;
}

type JsonAddress = Readonly<
  Record<'address1' | 'address2' | 'city' | 'state' | 'postalCode', string | undefined>
>;

/**
 * The addresses of a JSON file { "addresses": [{ address1, address2, city, state, postalCode }] }, each once. Those without a house
 * number are left out: they are incomplete.
 * @throws UsageError for a file that isn't one
 */
export function readReferenceAddresses(path: string): ReferenceAddress[] {
  let list: unknown;
  try {
    list = (JSON.parse(readFileSync(path, 'utf8')) as { readonly addresses?: unknown }).addresses;
  } catch (cause) {
    throw new UsageError(`${path} can't be read as JSON; name a file of addresses.`, { cause });
  }
  if (!Array.isArray(list))
    throw new UsageError(`${path} has no list "addresses"; name a file of addresses.`);
  const byText = new Map<string, ReferenceAddress>();
  (list as readonly JsonAddress[]).forEach((row, index) => {
    const address = referenceAddress(row, index + 1);
    if (/^\d/.test(address.address.number)) byText.set(address.text.toUpperCase(), address);
  });
  return [...byText.values()];
}

function referenceAddress(row: JsonAddress, line: number): ReferenceAddress {
  const {
    address1: street = '',
    address2: street2 = '',
    city = '',
    state = '',
    postalCode: postcode = '',
  } = row;
  const place = { city, state, postcode };
  return {
    record: { givenName: '', middleName: '', surname: '', dateOfBirth: '', street, street2, ...place, line },
    address: { ...streetParts(street), unit: unitOf(street2), kind: 'street', city, state, zip: postcode },
    text: `${street}, ${street2}, ${city}, ${state} ${postcode}`.replaceAll(', ,', ','),
  };
}

const DIRECTIONAL_WORDS = new Set(DIRECTIONALS.flat().map((word) => word.toUpperCase()));
const SUFFIX_WORDS = new Set(SUFFIXES.flat().map((word) => word.toUpperCase()));

/**
 * The parts of a street that is written in full, as those of the file are. A word is only taken off as a directional or a suffix
 * while something is left for the name; what is not sure stays in the name, and is then written in fewer ways.
 */
export function streetParts(
  street: string,
): Pick<StreetAddress, 'number' | 'before' | 'name' | 'suffix' | 'after'> {
  const words = street.trim().split(/\s+/);
  const number = words.splice(0, 1);
  if (/^\d\/\d$/.test(words[0] ?? '')) number.push(words.shift() ?? '');
  const takeFirst = (set: ReadonlySet<string>): string =>
    words.length > 2 && set.has((words[0] ?? '').toUpperCase()) ? (words.shift() ?? '') : '';
  const takeLast = (set: ReadonlySet<string>): string =>
    words.length > 1 && set.has((words.at(-1) ?? '').toUpperCase()) ? (words.pop() ?? '') : '';
  const before = takeFirst(DIRECTIONAL_WORDS);
  const after = words.length > 2 ? takeLast(DIRECTIONAL_WORDS) : '';
  const suffix = takeLast(SUFFIX_WORDS);
  return { number: number.join(' '), before, name: words.join(' '), suffix, after };
}

/** The designator that each word stands for: APT for Apartment. The first that has the word, as several share some. */
const DESIGNATORS = new Map(
  Object.entries(UNIT_WORDS)
    .flatMap(([designator, words]) =>
      [designator, ...words].map((word) => [word.toUpperCase(), designator] as const),
    )
    .filter(([word, designator]) => designator !== '' && /^[A-Z]+$/.test(word))
    .reverse(),
);

/** "APT 12", "#203", "# APT 12", "B"; undefined for none. */
export function unitOf(text: string): Unit | undefined {
  const words = text.replaceAll('#', ' ').trim().split(/\s+/);
  const designator = words.length > 1 ? DESIGNATORS.get((words[0] ?? '').toUpperCase()) : undefined;
  const id = (designator === undefined ? words : words.slice(1)).join(' ');
  return id === '' ? undefined : { designator: designator ?? '', id };
}
