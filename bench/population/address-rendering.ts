import type { Address, AddressFields, StreetAddress } from './address.ts';
import { writeAddress } from './address-variants.ts';
import type { WritingHabits } from './address-variants.ts';
import type { ErrorRates } from './error-rates.ts';
import { AREAS } from './geography.ts';
import type { Area } from './geography.ts';
import { spoil } from './name-rendering.ts';
import type { Random } from './random.ts';

/** What must be kept of an address so that it can't be taken for a neighbouring one. */
export type Keep = 'anything' | 'number_and_unit';

const SUFFIX_SLIPS = ['St', 'Ave', 'Dr', 'Rd', 'Ln', 'Ct'];
const CARE_OF = [
  'Maria Lopez',
  'John Miller',
  'Ana Torres',
  'Robert King',
  'Linda Tran',
  'James Carter',
  'Rosa Diaz',
  'Samuel Cohen',
];

const AREAS_BY_PREFIX: ReadonlyMap<string, readonly Area[]> = Map.groupBy(AREAS, prefixOf);

/**
 * Writes an address down, with the errors and omissions that the rates say.
 *
 * With `keep` at 'number_and_unit', house number and unit are right and present: people who moved to the next house or flat are
 * told apart from those who did not by nothing else.
 */
export function renderAddress(
  random: Random,
  address: Address,
  rates: ErrorRates,
  habits: WritingHabits,
  keep: Keep,
): AddressFields {
  const wrong =
    keep === 'anything'
      ? withErrors(random, address, rates)
      : withErrors(random, address, keepNumbers(rates));
  const fields = writeAddress(random, withWrongPlace(random, wrong, rates), {
    ...habits,
    zipPlusFour: rates.zipPlusFour,
  });
  if (random.chance(rates.zipMissing)) fields.postcode = '';
  else if (fields.postcode.startsWith('0') && random.chance(rates.zipZeroDropped))
    fields.postcode = fields.postcode.slice(1);
  if (fields.street2 === '' && random.chance(rates.careOf)) {
    const line = `${random.pick(['c/o ', 'C/O ', 'c/o: ', 'care of '])}${random.pick(CARE_OF)}`;
    if (random.chance(0.8)) fields.street2 = line;
    else [fields.street, fields.street2] = [line, fields.street];
  }
  if (random.chance(rates.doubleSpace))
    fields.street = random.chance(0.5) ? `${fields.street} ` : fields.street.replace(' ', '  ');
  return fields;
}

function keepNumbers(rates: ErrorRates): ErrorRates {
  return { ...rates, numberTypo: 0, unitTypo: 0, unitDropped: 0 };
}

function withErrors(random: Random, address: Address, rates: ErrorRates): Address {
  switch (address.kind) {
    case 'street':
      return streetWithErrors(random, address, rates);
    case 'box':
      return { ...address, box: mistypeNumber(random, address.box, rates) };
    case 'route':
    case 'military':
      return random.chance(0.3)
        ? { ...address, number: mistypeNumber(random, address.number, rates) }
        : { ...address, box: mistypeNumber(random, address.box, rates) };
  }
}

function streetWithErrors(random: Random, address: StreetAddress, rates: ErrorRates): StreetAddress {
  const { unit, urbanization = '' } = address;
  const isNumbered = /^\d+(st|nd|rd|th)$/.test(address.name) && address.suffix !== '';
  let name = isNumbered && random.chance(rates.ordinalBare) ? `${parseInt(address.name, 10)}` : address.name;
  // A Utah street is its number.
  if (!/^\d+$/.test(name)) name = spoil(random, name, rates.streetTypo, rates);
  let { before, after, suffix } = address;
  // In Utah the directionals are half of the address, and nobody leaves them out lightly.
  const directionals = /^\d+$/.test(address.name) ? rates.directionalDropped / 4 : rates.directionalDropped;
  if (random.chance(directionals)) before = '';
  if (random.chance(directionals)) after = '';
  if (random.chance(rates.suffixDropped)) suffix = '';
  else if (suffix !== '' && random.chance(rates.suffixWrong))
    suffix = random.pick(SUFFIX_SLIPS.filter((other) => other !== suffix));
  return {
    ...address,
    number: mistypeNumber(random, address.number, rates),
    before,
    name,
    suffix,
    after,
    unit:
      unit === undefined || random.chance(rates.unitDropped)
        ? undefined
        : { ...unit, id: spoil(random, unit.id, rates.unitTypo, rates) },
    urbanization: random.chance(rates.urbanizationDropped) ? '' : urbanization,
  };
}

/** Digits get lost, doubled, swapped or mistaken for others, but don't become letters. */
function mistypeNumber(random: Random, number: string, rates: ErrorRates): string {
  const at = random.below(number.length);
  const digit = number.charAt(at);
  if (!random.chance(rates.numberTypo) || !/\d/.test(digit)) return number;
  const next = number.charAt(at + 1);
  const kinds = [String((Number(digit) + 1 + random.below(9)) % 10), `${digit}${digit}`];
  if (number.length > 1) kinds.push('');
  if (/\d/.test(next) && next !== digit)
    return `${number.slice(0, at)}${next}${digit}${number.slice(at + 2)}`;
  return `${number.slice(0, at)}${random.pick(kinds)}${number.slice(at + 1)}`;
}

function withWrongPlace(random: Random, address: Address, rates: ErrorRates): Address {
  const near = AREAS_BY_PREFIX.get(prefixOf(address)) ?? [];
  let { city, zip } = address;
  if (near.length > 0 && random.chance(rates.cityAlias)) ({ city } = random.pick(near));
  else city = spoil(random, city, rates.cityTypo, rates);
  if (random.chance(rates.zipWrong)) {
    if (near.length > 0 && random.chance(0.6)) ({ zip } = random.pick(near));
    else {
      const at = random.below(zip.length);
      zip = `${zip.slice(0, at)}${(Number(zip.charAt(at)) + 1 + random.below(9)) % 10}${zip.slice(at + 1)}`;
    }
  }
  return { ...address, city, zip };
}

function prefixOf({ zip }: { readonly zip: string }): string {
  return zip.slice(0, 3);
}
