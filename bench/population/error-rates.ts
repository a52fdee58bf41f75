interface Rate {
  /** Share of the submitted records to which it happens, of those to which it can. */
  readonly requests: number;
  /** The same for the records on file. */
  readonly holder: number;
  readonly meaning: string;
}

/**
 * Every way in which a record differs from the truth, and how often. The requester's records come from interviews, forms in a foreign
 * language and old case files; the holder's from forms that people fill in about themselves and that a register checks.
 */
export const ERROR_RATES = {
  givenTypo: { requests: 0.02, holder: 0.004, meaning: 'a typing error in the given name' },
  surnameTypo: { requests: 0.022, holder: 0.004, meaning: 'a typing error in the surname' },
  middleTypo: { requests: 0.02, holder: 0.005, meaning: 'a typing error in the middle name' },
  numberTypo: { requests: 0.008, holder: 0.003, meaning: 'a typing error in the house, box or route number' },
  streetTypo: { requests: 0.02, holder: 0.006, meaning: 'a typing error in the name of the street' },
  unitTypo: { requests: 0.01, holder: 0.004, meaning: 'a typing error in the unit' },
  cityTypo: { requests: 0.02, holder: 0.008, meaning: 'a typing error in the city' },
  secondTypo: { requests: 0.1, holder: 0.05, meaning: 'another typing error in a field that has one' },
  nickname: {
    requests: 0.03,
    holder: 0.01,
    meaning: 'a nickname in place of the given name, where there is one',
  },
  spelling: {
    requests: 0.05,
    holder: 0.015,
    meaning: 'another spelling or transliteration of a given name or surname, where there is one',
  },
  swappedNames: { requests: 0.006, holder: 0.001, meaning: 'given name and surname in each other’s place' },
  swappedAsianNames: {
    requests: 0.04,
    holder: 0.01,
    meaning: 'the same for Chinese, Vietnamese and Korean names, besides',
  },
  middleAsGiven: { requests: 0.015, holder: 0.006, meaning: 'the middle name in place of the given name' },
  givenInitial: { requests: 0.008, holder: 0.002, meaning: 'the given name as an initial' },
  middleMissing: { requests: 0.4, holder: 0.2, meaning: 'the middle name left out' },
  middleInitial: {
    requests: 0.6,
    holder: 0.65,
    meaning: 'the middle name as an initial, where it is written',
  },
  middleInGivenField: {
    requests: 0.35,
    holder: 0.3,
    meaning: 'the middle name written after the given name, in its field',
  },
  compoundGivenCut: {
    requests: 0.08,
    holder: 0.05,
    meaning: 'only the first of two given names (José for José Luis)',
  },
  compoundGivenJoined: {
    requests: 0.25,
    holder: 0.25,
    meaning: 'two syllables of a Chinese or Korean given name joined or hyphenated',
  },
  oneSurname: { requests: 0.2, holder: 0.22, meaning: 'only the first of two surnames' },
  secondSurnameOnly: { requests: 0.02, holder: 0.008, meaning: 'only the second of two surnames' },
  firstSurnameAsMiddle: {
    requests: 0.025,
    holder: 0.02,
    meaning: 'the first of two surnames in the field for the middle name',
  },
  hyphenatedSurnames: { requests: 0.15, holder: 0.15, meaning: 'two surnames hyphenated' },
  formerSurname: {
    requests: 0.05,
    holder: 0.04,
    meaning: 'the surname before marriage, of those who changed it',
  },
  generationMissing: { requests: 0.5, holder: 0.3, meaning: 'Jr, Sr, II or III left out' },
  seniorWritten: { requests: 0.05, holder: 0.08, meaning: 'Sr written for a father whose son is his Junior' },
  accentsDropped: { requests: 0.8, holder: 0.97, meaning: 'accents left out of names, where there are any' },
  birthMissing: { requests: 0.25, holder: 0.002, meaning: 'no date of birth' },
  birthWrong: {
    requests: 0.025,
    holder: 0.004,
    meaning: 'a wrong date of birth: a digit, day for month, the first of January, the next year',
  },
  zipMissing: { requests: 0.04, holder: 0.002, meaning: 'no ZIP code' },
  zipWrong: {
    requests: 0.02,
    holder: 0.005,
    meaning: 'a ZIP code with a wrong digit, or that of a neighbouring area',
  },
  zipPlusFour: { requests: 0.12, holder: 0.3, meaning: 'a ZIP code with its four more digits' },
  zipZeroDropped: {
    requests: 0.1,
    holder: 0.01,
    meaning: 'a leading zero of the ZIP code lost to a spreadsheet',
  },
  directionalDropped: { requests: 0.04, holder: 0.02, meaning: 'the directional of a street left out' },
  suffixDropped: { requests: 0.04, holder: 0.015, meaning: 'the suffix of a street (St, Ave) left out' },
  suffixWrong: { requests: 0.006, holder: 0.002, meaning: 'another suffix, as Ave for St' },
  unitDropped: { requests: 0.08, holder: 0.03, meaning: 'the unit left out' },
  ordinalBare: { requests: 0.03, holder: 0.02, meaning: 'a numbered street without its ending, as E 61 St' },
  urbanizationDropped: {
    requests: 0.3,
    holder: 0.2,
    meaning: 'the urbanización of a Puerto Rican address left out',
  },
  cityAlias: { requests: 0.03, holder: 0.01, meaning: 'the name of a neighbouring city for the city' },
  careOf: { requests: 0.03, holder: 0.005, meaning: 'a c/o line with another person’s name' },
  doubleSpace: { requests: 0.02, holder: 0.005, meaning: 'two spaces for one, or one at the end' },
} as const satisfies Readonly<Record<string, Rate>>;

export type RateName = keyof typeof ERROR_RATES;
/** A probability from 0 to 1 for every name. */
export type ErrorRates = Readonly<Record<RateName, number>>;
export type Side = 'requests' | 'holder';

export const RATE_NAMES: readonly RateName[] = Object.keys(ERROR_RATES) as RateName[];

/** The default rates of one side, with some of them replaced. @throws RangeError for a rate that is none. */
export function ratesOf(side: Side, changed: Partial<ErrorRates> = {}): ErrorRates {
  const rates = {
    ...Object.fromEntries(RATE_NAMES.map((name) => [name, ERROR_RATES[name][side]])),
    ...changed,
  } as ErrorRates;
  for (const name of RATE_NAMES) {
    if (!(rates[name] >= 0 && rates[name] <= 1))
      throw new RangeError(`The rate ${name} must be from 0 to 1.`);
  }
  return rates;
}

/** Rates with which nothing is wrong: names and addresses differ by the forms they are written in alone. */
export function formattingOnly(side: Side): ErrorRates {
  const kept: ReadonlySet<RateName> = new Set<RateName>([
    'accentsDropped',
    'zipPlusFour',
    'middleInitial',
    'doubleSpace',
  ]);
  const none = Object.fromEntries(RATE_NAMES.filter((name) => !kept.has(name)).map((name) => [name, 0]));
  // An urbanización is either written by everybody or by nobody.
  return ratesOf(side, { ...none, urbanizationDropped: 1 });
}

/** @throws RangeError when there is no such rate. */
export function readRateName(text: string): RateName {
  const name = RATE_NAMES.find((candidate) => candidate === text);
  if (name === undefined) throw new RangeError(`There is no rate "${text}"; the README lists them.`);
  return name;
}
