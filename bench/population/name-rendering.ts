import type { ErrorRates } from './error-rates.ts';
import { NICKNAMES, OTHER_SPELLINGS } from './names/nicknames.ts';
import type { Day, Person } from './person.ts';
import type { Random } from './random.ts';
import type { NameFields } from './record.ts';
import { mistype } from './typing-errors.ts';

/** Writes a person's name and date of birth down, with the errors and omissions that the rates say. */
export function renderName(random: Random, person: Person, rates: ErrorRates): NameFields {
  const surname = renderSurname(random, person, rates);
  let given = renderGiven(random, person, rates);
  let middle = random.chance(rates.middleMissing) ? '' : person.middle;
  if (person.middle.length > 1 && random.chance(rates.middleAsGiven)) {
    given = person.middle;
    middle = '';
  } else if (random.chance(rates.givenInitial)) {
    given = given.charAt(0);
  }
  middle = spoil(random, middle, rates.middleTypo, rates);
  if (middle.length > 1 && random.chance(rates.middleInitial)) middle = middle.charAt(0);
  if (surname.asMiddle !== '') middle = surname.asMiddle;
  given = spoil(random, given, rates.givenTypo, rates);
  const family = spoil(random, surname.text, rates.surnameTypo, rates);
  const generation = renderGeneration(random, person, rates);
  const isInGivenField = middle !== '' && surname.asMiddle === '' && random.chance(rates.middleInGivenField);
  const dot = middle.length === 1 && random.chance(0.25) ? '.' : '';
  const fields = {
    given_name: isInGivenField ? `${given} ${middle}${dot}` : given,
    middle_name: isInGivenField ? '' : `${middle}${dot}`,
    surname: `${family}${generation}`,
    date_of_birth: renderBirth(random, person.born, rates),
  };
  const swapped = isSwapped(random, person, rates)
    ? { ...fields, given_name: fields.surname, surname: fields.given_name }
    : fields;
  return random.chance(rates.accentsDropped) ? withoutAccents(swapped) : swapped;
}

function renderGiven(random: Random, { given, culture }: Person, rates: ErrorRates): string {
  const [first = given, second] = given.split(' ');
  const key = plain(given);
  const nicknames = NICKNAMES.get(key) ?? NICKNAMES.get(plain(first));
  if (nicknames !== undefined && random.chance(rates.nickname)) return capitalised(random.pick(nicknames));
  const spelled = respell(random, given, rates);
  if (second === undefined) return spelled;
  if (culture === 'chinese' || culture === 'korean') {
    if (!random.chance(rates.compoundGivenJoined)) return given;
    return `${first}${random.pick(['', '-'])}${random.chance(0.5) ? second : second.toLowerCase()}`;
  }
  return random.chance(rates.compoundGivenCut) ? first : spelled;
}

interface RenderedSurname {
  readonly text: string;
  /** The first of two surnames where it stands in the field for the middle name; else ''. */
  readonly asMiddle: string;
}

function renderSurname(random: Random, person: Person, rates: ErrorRates): RenderedSurname {
  const { formerSurname, secondSurname } = person;
  const isFormer = formerSurname !== '' && random.chance(rates.formerSurname);
  const first = respell(random, isFormer ? formerSurname : person.surname, rates);
  if (secondSurname === '') return { text: first, asMiddle: '' };
  if (random.chance(rates.secondSurnameOnly)) return { text: secondSurname, asMiddle: '' };
  if (random.chance(rates.oneSurname)) return { text: first, asMiddle: '' };
  if (random.chance(rates.firstSurnameAsMiddle)) return { text: secondSurname, asMiddle: first };
  return {
    text: `${first}${random.chance(rates.hyphenatedSurnames) ? '-' : ' '}${secondSurname}`,
    asMiddle: '',
  };
}

function renderGeneration(random: Random, { generation }: Person, rates: ErrorRates): string {
  if (generation === '') return '';
  const isWritten =
    generation === 'Sr' ? random.chance(rates.seniorWritten) : !random.chance(rates.generationMissing);
  if (!isWritten) return '';
  const form =
    generation === 'III'
      ? random.pick(['III', 'III', '3rd'])
      : generation === 'II'
        ? 'II'
        : `${generation}${random.pick(['', '.'])}`;
  return `${random.pick([' ', ' ', ', '])}${form}`;
}

function isSwapped(random: Random, { culture }: Person, rates: ErrorRates): boolean {
  const givesSurnameFirst = culture === 'chinese' || culture === 'vietnamese' || culture === 'korean';
  return random.chance(rates.swappedNames) || (givesSurnameFirst && random.chance(rates.swappedAsianNames));
}

function renderBirth(random: Random, born: Day, rates: ErrorRates): string {
  if (random.chance(rates.birthMissing)) return '';
  return writeDay(random.chance(rates.birthWrong) ? wrongDay(random, born) : born);
}

/** An existing day that is not the one given. */
function wrongDay(random: Random, { year, month, day }: Day): Day {
  const kind = random.below(5);
  if (kind === 0 && day <= 12 && day !== month) return { year, month: day, day: month };
  if (kind === 1 && (month !== 1 || day !== 1)) return { year, month: 1, day: 1 };
  if (kind === 2) return { year, month, day: day > 1 ? day - 1 : 2 };
  if (kind === 3 && year < 2015) return { year: year + random.pick([10, -10]), month, day };
  const other = year + random.pick([1, -1]);
  return { year: other > 2025 ? year - 1 : other, month, day: Math.min(day, 28) };
}

/** A day as YYYY-MM-DD. */
function writeDay({ year, month, day }: Day): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function respell(random: Random, name: string, rates: ErrorRates): string {
  const spellings = OTHER_SPELLINGS.get(plain(name));
  if (spellings === undefined || !random.chance(rates.spelling)) return name;
  return capitalised(random.pick(spellings));
}

/** The text with a typing error at the rate given, and sometimes another one. */
export function spoil(random: Random, text: string, rate: number, { secondTypo }: ErrorRates): string {
  if (text === '' || !random.chance(rate)) return text;
  const once = mistype(random, text);
  return random.chance(secondTypo) ? mistype(random, once) : once;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

const ASCII = /^[\x20-\x7e]*$/;

function stripAccents(text: string): string {
  if (ASCII.test(text)) return text;
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
}

function plain(name: string): string {
  return stripAccents(name).toLowerCase();
}

function withoutAccents(fields: NameFields): NameFields {
  return {
    ...fields,
    given_name: stripAccents(fields.given_name),
    middle_name: stripAccents(fields.middle_name),
    surname: stripAccents(fields.surname),
  };
}
