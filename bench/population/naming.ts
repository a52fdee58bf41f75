import {
  CHINESE_GIVEN,
  CHINESE_SURNAMES,
  FILIPINO_GIVEN,
  FILIPINO_SURNAMES,
  JAPANESE_GIVEN,
  JAPANESE_SURNAMES,
  KOREAN_GIVEN,
  KOREAN_SURNAMES,
  VIETNAMESE_GIVEN,
  VIETNAMESE_MIDDLE,
  VIETNAMESE_SURNAMES,
} from './names/asian.ts';
import { derivedGiven, derivedHispanicSurname, derivedSurname } from './names/derived.ts';
import {
  AFRICAN_AMERICAN_GIVEN,
  AFRICAN_AMERICAN_SURNAMES,
  GENERAL_GIVEN,
  GENERAL_MIDDLE,
  GENERAL_SURNAMES,
} from './names/general.ts';
import { HISPANIC_GIVEN, HISPANIC_SURNAMES } from './names/hispanic.ts';
import {
  AFRICAN_GIVEN,
  AFRICAN_SURNAMES,
  ARABIC_GIVEN,
  ARABIC_SURNAMES,
  SOUTH_ASIAN_GIVEN,
  SOUTH_ASIAN_SURNAMES,
} from './names/other.ts';
import type { GivenCohort } from './names/tables.ts';
import type { Culture, Sex } from './person.ts';
import type { Random } from './random.ts';
import { draw, readShares } from './shares.ts';
import type { Shares } from './shares.ts';

interface Tradition {
  readonly given: readonly {
    readonly until: number;
    readonly male: Shares<string>;
    readonly female: Shares<string>;
  }[];
  readonly surnames: Shares<string>;
  /** How many surnames come from beyond the table. */
  readonly surnameTail: number;
  readonly derivedSurname: (random: Random) => string;
  /** How many given names come from beyond the table. */
  readonly givenTail: number;
  readonly middle: 'general' | 'vietnamese' | 'given' | 'mother';
  /** How many have a middle name. */
  readonly middleShare: number;
  /** How many bear the mother's surname as well. */
  readonly twoSurnames: number;
  /** How many wives take the husband's surname. */
  readonly wifeTakesSurname: number;
  /** How often a first son is named after his father, relative to the parameter. */
  readonly namesakes: number;
}

function tradition(
  given: readonly GivenCohort[],
  surnames: string,
  rest: Partial<Omit<Tradition, 'given' | 'surnames'>>,
): Tradition {
  return {
    given: given.map(({ until, male, female }) => ({
      until,
      male: readShares(male),
      female: readShares(female),
    })),
    surnames: readShares(surnames),
    surnameTail: 0.05,
    derivedSurname,
    givenTail: 0.05,
    middle: 'given',
    middleShare: 0.3,
    twoSurnames: 0,
    wifeTakesSurname: 0.5,
    namesakes: 0.3,
    ...rest,
  };
}

const TRADITIONS: Readonly<Record<Culture, Tradition>> = {
  european: tradition(GENERAL_GIVEN, GENERAL_SURNAMES, {
    surnameTail: 0.68,
    givenTail: 0.1,
    middle: 'general',
    middleShare: 0.88,
    wifeTakesSurname: 0.8,
    namesakes: 1,
  }),
  african_american: tradition(AFRICAN_AMERICAN_GIVEN, AFRICAN_AMERICAN_SURNAMES, {
    surnameTail: 0.35,
    givenTail: 0.2,
    middle: 'general',
    middleShare: 0.85,
    wifeTakesSurname: 0.7,
    namesakes: 1.5,
  }),
  hispanic: tradition(HISPANIC_GIVEN, HISPANIC_SURNAMES, {
    surnameTail: 0.25,
    derivedSurname: derivedHispanicSurname,
    givenTail: 0.02,
    middleShare: 0.4,
    twoSurnames: 0.6,
    wifeTakesSurname: 0.25,
    namesakes: 2,
  }),
  chinese: tradition(CHINESE_GIVEN, CHINESE_SURNAMES, {
    middleShare: 0.2,
    wifeTakesSurname: 0.2,
    namesakes: 0,
    surnameTail: 0,
  }),
  vietnamese: tradition(VIETNAMESE_GIVEN, VIETNAMESE_SURNAMES, {
    middle: 'vietnamese',
    middleShare: 0.8,
    wifeTakesSurname: 0.25,
    namesakes: 0,
    surnameTail: 0,
  }),
  korean: tradition(KOREAN_GIVEN, KOREAN_SURNAMES, {
    middleShare: 0.15,
    wifeTakesSurname: 0.45,
    namesakes: 0,
    surnameTail: 0,
  }),
  filipino: tradition(FILIPINO_GIVEN, FILIPINO_SURNAMES, {
    middle: 'mother',
    middleShare: 0.8,
    wifeTakesSurname: 0.8,
    namesakes: 1,
    surnameTail: 0.2,
    derivedSurname: derivedHispanicSurname,
  }),
  japanese: tradition(JAPANESE_GIVEN, JAPANESE_SURNAMES, {
    wifeTakesSurname: 0.8,
    namesakes: 0.2,
    surnameTail: 0,
  }),
  south_asian: tradition(SOUTH_ASIAN_GIVEN, SOUTH_ASIAN_SURNAMES, { middleShare: 0.35, namesakes: 0.1 }),
  arabic: tradition(ARABIC_GIVEN, ARABIC_SURNAMES, {
    middleShare: 0.5,
    wifeTakesSurname: 0.3,
    namesakes: 0.3,
  }),
  african: tradition(AFRICAN_GIVEN, AFRICAN_SURNAMES, {
    middleShare: 0.45,
    wifeTakesSurname: 0.6,
    namesakes: 0.6,
  }),
};

const GENERAL_MIDDLE_SHARES = {
  male: readShares(GENERAL_MIDDLE.male),
  female: readShares(GENERAL_MIDDLE.female),
};
const VIETNAMESE_MIDDLE_SHARES = {
  male: readShares(VIETNAMESE_MIDDLE.male),
  female: readShares(VIETNAMESE_MIDDLE.female),
};

export function drawGiven(random: Random, culture: Culture, sex: Sex, year: number): string {
  const { given, givenTail } = TRADITIONS[culture];
  if (random.chance(givenTail)) return derivedGiven(random, year);
  const cohort = given.find(({ until }) => year <= until) ?? given[given.length - 1];
  if (cohort === undefined) throw new RangeError(`There are no given names for ${culture}.`);
  return draw(random, cohort[sex]);
}

export function drawSurname(random: Random, culture: Culture): string {
  const { surnames, surnameTail, derivedSurname: derive } = TRADITIONS[culture];
  return random.chance(surnameTail) ? derive(random) : draw(random, surnames);
}

/** A middle name, or '' for none. `mother` is the mother's surname, which is the middle name of Filipinos. */
export function drawMiddle(
  random: Random,
  culture: Culture,
  sex: Sex,
  year: number,
  given: string,
  mother: string,
): string {
  const { middle, middleShare } = TRADITIONS[culture];
  // "José Luis" has its second name already.
  if (!random.chance(given.includes(' ') ? middleShare / 6 : middleShare)) return '';
  if (middle === 'mother') return mother;
  if (middle === 'vietnamese') return draw(random, VIETNAMESE_MIDDLE_SHARES[sex]);
  if (middle === 'general' && random.chance(0.6)) return draw(random, GENERAL_MIDDLE_SHARES[sex]);
  return drawGiven(random, culture, sex, year).split(' ')[0] ?? '';
}

export function bearsTwoSurnames(random: Random, culture: Culture): boolean {
  return random.chance(TRADITIONS[culture].twoSurnames);
}

export function takesHusbandsSurname(random: Random, culture: Culture): boolean {
  return random.chance(TRADITIONS[culture].wifeTakesSurname);
}

/** How often a first son is named after his father, relative to the parameter of the population. */
export function namesakeFactor(culture: Culture): number {
  return TRADITIONS[culture].namesakes;
}
