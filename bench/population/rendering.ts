import type { Person } from './households.ts';
import { LONG_FORMS, ORDINAL_NAMES } from './places.ts';
import type { Random } from './random.ts';

/** A person as a file has it: the columns of a people file. */
export interface Row {
  given_name: string;
  middle_name: string;
  surname: string;
  date_of_birth: string;
  street: string;
  street2: string;
  city: string;
  state: string;
  postcode: string;
}

/**
 * Writes a person down the way offices do: long or short words, units in many ways, accents or none, any case. All of it is
 * what the matching profile folds, so two renderings of a person always match.
 */
export function renderPerson(random: Random, person: Person): Row {
  const row = { ...writeName(random, person), ...writeAddress(random, person) };
  if (random.chance(0.3)) stripAccents(row);
  const letters = random.below(4);
  if (letters === 0) return mapRow(row, (text) => text.toUpperCase());
  if (letters === 1) return mapRow(row, (text) => text.toLowerCase());
  return row;
}

/** Adds one fault that the profile does not fold: such a record is not expected to match. */
export function addTypingError(random: Random, row: Row): Row {
  const column = random.pick(['given_name', 'surname', 'street'] as const);
  const text = row[column];
  const at = text.search(/\p{L}{3}/u);
  return at < 0 ? row : { ...row, [column]: `${text.slice(0, at + 1)}q${text.slice(at + 2)}` };
}

type NamePart = Pick<Row, 'given_name' | 'middle_name' | 'surname' | 'date_of_birth'>;
type AddressPart = Pick<Row, 'street' | 'street2' | 'city' | 'state' | 'postcode'>;

function writeName(random: Random, { given, initial, surname, generation, dateOfBirth }: Person): NamePart {
  const inGiven = initial !== '' && random.chance(0.4);
  const generationForm = generation === 'III' ? '3rd' : `${generation}.`;
  const suffix = generation === '' ? '' : random.pick([` ${generation}`, `, ${generationForm}`]);
  const family = surname.includes('-') || !random.chance(0.3) ? surname : surname.replaceAll(' ', '-');
  return {
    given_name: inGiven ? `${given} ${initial}${random.pick(['', '.'])}` : given,
    middle_name: inGiven || random.chance(0.3) ? '' : initial,
    surname: `${family}${suffix}`,
    date_of_birth: dateOfBirth,
  };
}

function writeAddress(random: Random, { address }: Person): AddressPart {
  const { number, street, unit, town } = address;
  const place = {
    city: town.city
      .replace(/^Saint /, random.pick(['Saint ', 'St. ']))
      .replace(/^West /, random.pick(['West ', 'W '])),
    state: random.chance(0.05) ? town.stateName : town.state,
    postcode: writePostcode(random, town.postcode),
  };
  if (street.kind === 'box') {
    return {
      street: `${random.pick(['PO Box', 'P.O. Box', 'Post Office Box', 'P O BOX'])} ${number}`,
      street2: '',
      ...place,
    };
  }
  const name = random.chance(0.5)
    ? (ORDINAL_NAMES[street.name] ?? street.name)
    : street.name.replace(/^Saint /, 'St. ').replace(/^Mount /, 'Mt ');
  const words = [number, eitherForm(random, street.before), name, eitherForm(random, street.suffix)];
  const line = words.filter((word) => word !== '').join(random.chance(0.05) ? '  ' : ' ');
  if (unit === '') return { street: line, street2: '', ...place };
  const written = `${random.pick(['Apt ', 'Apt. ', 'Apartment ', 'Unit ', '#', '# ', 'Apt #', 'Suite '])}${spaced(random, unit)}`;
  return random.chance(0.4)
    ? { street: line, street2: written, ...place }
    : { street: `${line}${random.pick([' ', ', '])}${written}`, street2: '', ...place };
}

/** "12B" is also written "12-B" and "12 B". */
function spaced(random: Random, unit: string): string {
  return unit.replace(/^(\d+)([A-Z])$/, `$1${random.pick(['', '', '-', ' '])}$2`);
}

function eitherForm(random: Random, short: string): string {
  const long = LONG_FORMS[short] ?? short;
  return random.pick([short, long, short === '' ? '' : `${short}${short === long ? '' : '.'}`]);
}

function writePostcode(random: Random, postcode: string): string {
  if (random.chance(0.3)) return `${postcode}-${String(1_000 + random.below(9_000))}`;
  if (random.chance(0.05)) return postcode.replace(/^0/, '');
  return random.chance(0.04) ? '' : postcode;
}

function stripAccents(row: Row): void {
  for (const column of ['given_name', 'surname'] as const) {
    row[column] = row[column].normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  }
}

function mapRow(row: Row, change: (text: string) => string): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, text]) => [column, change(String(text))]),
  ) as unknown as Row;
}
