import type {
  Address,
  AddressFields,
  BoxAddress,
  MilitaryAddress,
  RouteAddress,
  StreetAddress,
  Unit,
} from './address.ts';
import { cardinalWord, DIRECTIONALS, ordinal, ordinalWord, SUFFIXES, UNIT_WORDS } from './address-words.ts';
import { STATE_NAMES } from './geography-names.ts';
import type { Random } from './random.ts';

const DIRECTIONAL_FORMS = formsByWord(DIRECTIONALS);
const SUFFIX_FORMS = formsByWord(SUFFIXES);

/** How freely addresses are written: each a probability. Nothing here loses or changes a part of an address. */
export interface WritingHabits {
  /** The word in full instead of the abbreviation of the post office; Saint for St. */
  readonly otherForms: number;
  /** An abbreviation that the post office does not use; small numbers and ordinals above twentieth in words; "12-1/2", "N64 W23760". */
  readonly rareForms: number;
  /** A dot after an abbreviation. */
  readonly dots: number;
  /** Words for ordinals up to twentieth. */
  readonly numberWords: number;
  /** The unit in the second line instead of after the street. */
  readonly secondLine: number;
  /** A comma between street and unit, and the like. */
  readonly punctuation: number;
  readonly zipPlusFour: number;
  readonly stateName: number;
  /** The other forms of names of highways and boxes, and of Spanish words. */
  readonly otherNames: number;
}

const ALL_VARIANTS: WritingHabits = {
  otherForms: 0.5,
  rareForms: 0.15,
  dots: 0.15,
  numberWords: 0.3,
  secondLine: 0.45,
  punctuation: 0.3,
  zipPlusFour: 0.25,
  stateName: 0.1,
  otherNames: 0.6,
};

/**
 * Different ways of writing one address, all of them complete: words long or abbreviated, with or without dots, ordinals and small
 * numbers in digits or words, the unit in either line and by any of its words, the ZIP code with four more digits, Saint or St, highways in their
 * several names, any case. No part of the address is left out, changed or mistyped.
 *
 * @param count how many; equal ones can be among them, for few addresses have many ways of writing
 */
export function addressVariants(address: Address, random: Random, count: number): AddressFields[] {
  return Array.from({ length: count }, () => inCase(random, writeAddress(random, address, ALL_VARIANTS)));
}

/** One way of writing an address, in mixed case. */
export function writeAddress(random: Random, address: Address, habits: WritingHabits): AddressFields {
  const place = {
    city: writeCity(random, address.city, habits),
    state: random.chance(habits.stateName) ? (STATE_NAMES[address.state] ?? address.state) : address.state,
    postcode: random.chance(habits.zipPlusFour)
      ? `${address.zip}-${String(1 + random.below(9_998)).padStart(4, '0')}`
      : address.zip,
  };
  switch (address.kind) {
    case 'street':
      return { ...writeStreet(random, address, habits), ...place };
    case 'box':
      return { street: writeBox(random, address, habits), street2: '', ...place };
    case 'route':
      return { street: writeRoute(random, address, habits), street2: '', ...place };
    case 'military':
      return { street: writeMilitary(random, address, habits), street2: '', ...place };
  }
}

/** The fields in capitals, in small letters or as they are. */
export function inCase<T extends Record<keyof T, string>>(random: Random, fields: T): T {
  const choice = random.unit();
  if (choice < 0.4) return fields;
  const change = (text: string): string => (choice < 0.85 ? text.toUpperCase() : text.toLowerCase());
  const changed = { ...fields };
  for (const name of Object.keys(fields) as (keyof T)[]) changed[name] = change(fields[name]) as T[keyof T];
  return changed;
}

function writeStreet(
  random: Random,
  address: StreetAddress,
  habits: WritingHabits,
): Pick<AddressFields, 'street' | 'street2'> {
  const { number, unit, urbanization = '' } = address;
  const suffix = writeForm(random, SUFFIX_FORMS, address.suffix, habits);
  const street = [
    writeNumber(random, number, address.name, habits),
    writeForm(random, DIRECTIONAL_FORMS, address.before, habits),
    writeName(random, address, habits),
    suffix,
    writeForm(random, DIRECTIONAL_FORMS, address.after, habits),
  ]
    .filter((part) => part !== '')
    .join(' ');
  const written = unit === undefined ? '' : writeUnit(random, unit, habits);
  if (urbanization !== '') {
    const words = random.chance(habits.otherNames) ? ['Urbanización', 'Urbanizacion', 'Urb.'] : ['Urb'];
    const named = `${random.pick(words)} ${urbanization}`;
    const line = written === '' ? street : `${street} ${written}`;
    return random.chance(0.5) ? { street: named, street2: line } : { street: line, street2: named };
  }
  if (written === '') return { street, street2: '' };
  if (random.chance(habits.secondLine)) return { street, street2: written };
  return { street: `${street}${random.chance(habits.punctuation) ? ', ' : ' '}${written}`, street2: '' };
}

/** One of the forms of a word that has several; the word itself when it has none. */
function writeForm(
  random: Random,
  forms: ReadonlyMap<string, readonly string[]>,
  word: string,
  { otherForms, rareForms, dots }: WritingHabits,
): string {
  const [short, long, ...rare] = forms.get(word.toLowerCase().replaceAll('.', '')) ?? [];
  if (short === undefined) return word;
  const usual = random.chance(otherForms) ? (long ?? short) : short;
  const form = rare.length > 0 && random.chance(rareForms) ? random.pick(rare) : usual;
  const isShort = form !== long && form !== 'Way' && !form.includes('.');
  return isShort && random.chance(dots) ? `${form}.` : form;
}

function writeNumber(random: Random, number: string, name: string, { rareForms }: WritingHabits): string {
  const fraction = /^(\d+) (\d)\/(\d)$/.exec(number);
  if (fraction !== null) return random.chance(rareForms) ? number.replace(' ', '-') : number;
  const grid = /^([NS]\d+)([EW]\d+)$/.exec(number);
  if (grid !== null) return random.chance(2 * rareForms) ? `${grid[1] ?? ''} ${grid[2] ?? ''}` : number;
  // "One Park Place", but not "One 5th Avenue", which could be fifteenth.
  const isName = /^\p{L}{3}/u.test(name);
  const word = isName && /^\d+$/.test(number) ? cardinalWord(Number(number)) : undefined;
  return word !== undefined && random.chance(rareForms) ? word : number;
}

const HIGHWAYS: readonly (readonly [pattern: RegExp, forms: readonly string[]])[] = [
  [
    /^(?:US|U\.S\.) (?:Highway|Hwy|Route|Rte) (\S+)$/i,
    ['US Highway', 'US Hwy', 'US Route', 'U.S. Highway', 'US Rte', 'US', 'U.S. Hwy'],
  ],
  [
    /^State (?:Highway|Hwy|Route|Rte|Road|Rd) (\S+)$/i,
    ['State Highway', 'State Hwy', 'St Hwy', 'State Hwy.', 'SH'],
  ],
  [/^County (?:Road|Rd) (\S+)$/i, ['County Road', 'County Rd', 'Co Rd', 'CR', 'Co. Road', 'Cnty Rd']],
  [/^County (?:Highway|Hwy) (\S+)$/i, ['County Highway', 'County Hwy', 'Co Hwy']],
  [
    /^(?:FM|Farm to Market Road|Farm to Market) (\S+)$/i,
    ['FM', 'Farm to Market Road', 'FM Road', 'Farm to Market', 'F.M.', 'FM Rd'],
  ],
];

const OPENINGS: readonly (readonly [pattern: RegExp, forms: readonly string[]])[] = [
  [/^(?:Saint|St\.?) /i, ['Saint ', 'St ', 'St. ']],
  [/^(?:Mount|Mt\.?) /i, ['Mount ', 'Mt ', 'Mt. ']],
  [/^(?:Fort|Ft\.?) /i, ['Fort ', 'Ft ', 'Ft. ']],
];

function writeName(random: Random, { name, state }: StreetAddress, habits: WritingHabits): string {
  for (const [pattern, forms] of HIGHWAYS) {
    const [, number] = pattern.exec(name) ?? [];
    if (number !== undefined)
      return `${random.chance(habits.otherNames) ? random.pick(forms) : (forms[0] ?? '')} ${number}`;
  }
  if (state === 'PR') {
    return random.chance(habits.otherNames)
      ? name.replace(/^Calle /, random.pick(['Calle ', 'C ', 'C/ ', 'Cll ']))
      : name;
  }
  const [, digits] = /^(\d+)(?:st|nd|rd|th)$/i.exec(name) ?? [];
  if (digits !== undefined) {
    const word = ordinalWord(Number(digits));
    const share = habits.numberWords * (Number(digits) > 20 ? habits.rareForms : 1);
    return word !== undefined && random.chance(share)
      ? random.chance(0.8)
        ? word
        : word.replace('-', ' ')
      : ordinal(Number(digits));
  }
  const [, first = '', rest] = /^(\S+)( .+)?$/.exec(name) ?? [];
  if (rest !== undefined && random.chance(2 * habits.rareForms)) {
    const word = /^\d+$/.test(first) ? cardinalWord(Number(first)) : undefined;
    const figure = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].indexOf(
      first.toLowerCase(),
    );
    if (word !== undefined) return `${word}${rest}`;
    if (figure >= 0) return `${figure + 1}${rest}`;
  }
  if (name === 'Martin Luther King' && random.chance(habits.otherNames))
    return random.pick(['M L King', 'ML King', 'MLK']);
  for (const [pattern, forms] of OPENINGS) {
    if (pattern.test(name) && random.chance(habits.otherForms))
      return name.replace(pattern, random.pick(forms));
  }
  if (random.chance(habits.otherForms) && name.includes("'")) return name.replaceAll("'", '');
  return name;
}

function writeUnit(random: Random, { designator, id }: Unit, habits: WritingHabits): string {
  const words = UNIT_WORDS[designator] ?? [designator];
  const word = random.chance(habits.otherForms) ? random.pick(words) : (words[0] ?? '');
  const spelled = random.chance(habits.punctuation)
    ? id.replace(/^(\d+)-?([A-Z])$/, `$1${random.pick(['', '-', ' '])}$2`)
    : id;
  const joined = word.endsWith('#') && random.chance(0.8) ? '' : ' ';
  return `${word}${joined}${spelled}`.replace(/ {2,}/g, ' ');
}

function writeBox(random: Random, { box, state }: BoxAddress, { otherNames }: WritingHabits): string {
  const english = ['PO Box', 'P.O. Box', 'P O Box', 'POB', 'Post Office Box', 'PO Box #', 'P.O.Box'];
  const words = state === 'PR' ? [...english, 'Apartado', 'Apdo.', 'Apartado Postal'] : english;
  const word = random.chance(otherNames) ? random.pick(words) : 'PO Box';
  return `${word}${word.endsWith('#') ? '' : ' '}${box}`;
}

function writeRoute(
  random: Random,
  { route, number, box }: RouteAddress,
  { otherNames, punctuation }: WritingHabits,
): string {
  const rural = ['RR', 'R.R.', 'Rural Route', 'RFD', 'R R', 'Rt', 'Route', 'RR #'];
  const contract = ['HC', 'HC', 'H.C.', 'Highway Contract', 'HCR', 'Hwy Contract Route'];
  const words = route === 'RR' ? rural : contract;
  const word = random.chance(otherNames) ? random.pick(words) : route;
  const comma = random.chance(punctuation / 2) ? ',' : '';
  return `${word}${word.endsWith('#') ? '' : ' '}${number}${comma} Box ${random.chance(otherNames / 6) ? '#' : ''}${box}`;
}

function writeMilitary(
  random: Random,
  { service, number, box }: MilitaryAddress,
  { otherNames, punctuation }: WritingHabits,
): string {
  const word = service === 'UNIT' && random.chance(otherNames / 2) ? 'Unit' : service;
  return `${word} ${number}${random.chance(punctuation / 2) ? ',' : ''} ${random.chance(otherNames / 2) ? 'BOX' : 'Box'} ${box}`;
}

function writeCity(random: Random, city: string, { otherForms }: WritingHabits): string {
  if (!random.chance(otherForms)) return city;
  const directional = /^(North|South|East|West) /.exec(city);
  if (directional !== null) return city.replace(/^(\w)\w+ /, random.pick(['$1 ', '$1. ']));
  for (const [pattern, forms] of OPENINGS)
    if (pattern.test(city)) return city.replace(pattern, random.pick(forms));
  return city;
}

function formsByWord(table: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    table.flatMap((forms) => forms.map((form) => [form.toLowerCase().replaceAll('.', ''), forms])),
  );
}
