import type { WordTable } from '../word-table.ts';

/** Words for a numbered road that say nothing about who keeps it. */
const ROAD_WORDS: readonly string[] = [
  'HGWY',
  'HIGHW',
  'HIGHWAY',
  'HIGHWY',
  'HIWAY',
  'HIWY',
  'HWAY',
  'HWY',
  'ROUTE',
  'RT',
  'RTE',
];

/** An owner's spellings, alone where they say enough, and with each word for a road. */
function owned(alone: readonly string[], owners: readonly string[]): readonly string[] {
  const words = [...ROAD_WORDS, 'RD', 'ROAD'];
  return [...alone, ...owners.flatMap((owner) => words.map((word) => `${owner} ${word}`))];
}

/**
 * Numbered roads: phrases before a number or one or two letters. What one office calls a state road, another calls a state
 * route or highway, so that each owner has one form.
 */
export const NUMBERED_ROADS: WordTable = {
  HWY: ROAD_WORDS,
  'US HWY': owned(['U S', 'US', 'USHWY'], ['FEDERAL', 'U S', 'UNITED STATES', 'US']),
  'STATE HWY': owned(['S H', 'S R', 'SH', 'SR', 'STATE', 'STH'], ['ST', 'STATE', 'STATE TRUNK']),
  'COUNTY RD': owned(['C R', 'COUNTY', 'CR', 'CR RD', 'CTH'], ['CNTY', 'CO', 'COUNTY', 'COUNTY TRUNK']),
  INTERSTATE: owned(['I', 'IH'], ['INTERSTATE']),
  FM: owned(['F M', 'FARM TO MARKET'], ['FARM', 'FARM MARKET', 'FARM TO MARKET', 'FM']),
  RM: owned(['R M', 'RANCH TO MARKET', 'RR'], ['RANCH', 'RANCH TO MARKET', 'RM']),
  'TOWNSHIP RD': owned(['T R'], ['TOWNSHIP', 'TWP']),
  'PARISH RD': owned([], ['PARISH']),
  'PRIVATE RD': owned(['P R'], ['PR', 'PRIVATE', 'PVT']),
  'FOREST RD': owned(['FSR'], ['FOREST', 'FOREST SERVICE', 'FS', 'NATIONAL FOREST']),
  'INDIAN RTE': owned(['BIA'], ['BIA', 'INDIAN', 'INDIAN SERVICE']),
  CARR: ['CARR ESTATAL', 'CARRETERA', 'CARRETERA ESTATAL', 'RUTA'],
  AVENUE: ['AV', 'AVE', 'AVENIDA'],
  CALLE: ['CLL'],
  LOOP: ['STATE LOOP'],
  SPUR: ['STATE SPUR'],
  STREET: [],
  ROAD: ['RD'],
};

/**
 * Phrases of one or two letters, words that are names as well, and those that a name may stand before: they count only where
 * the name begins, or behind a directional or OLD. What numbers Dixie Hwy is the unit.
 */
export const ROADS_AT_START: readonly string[] = [
  ...ROAD_WORDS,
  ...owned([], ['CO', 'PR', 'ST']),
  'AV',
  'AVE',
  'AVENIDA',
  'AVENUE',
  'BIA',
  'C R',
  'COUNTY',
  'CR',
  'CTH',
  'F M',
  'I',
  'IH',
  'LOOP',
  'P R',
  'R M',
  'RD',
  'RM',
  'ROAD',
  'RR',
  'S H',
  'S R',
  'SH',
  'SPUR',
  'SR',
  'STATE',
  'STH',
  'STREET',
  'T R',
  'U S',
  'US',
];

/** What of these is also numbered by letters: COUNTY ROAD MM, HIGHWAY K, AVENUE B. */
export const LETTERED_ROADS: readonly string[] = [
  'HWY',
  'STATE HWY',
  'COUNTY RD',
  'AVENUE',
  'CALLE',
  'STREET',
];

/** What may stand before a numbered road without being its name. */
export const ROAD_QUALIFIERS: readonly string[] = ['OLD', 'NEW', 'HISTORIC', 'SCENIC'];

/** What may stand behind the number of a road: a branch of it, and the same road. */
export const ROAD_BRANCHES: WordTable = {
  ALT: ['ALTERNATE'],
  BUS: ['BUSINESS', 'BSNSS', 'BUSINESS RTE', 'BUSINESS ROUTE', 'BSNSS RTE', 'BUS RTE', 'BUS RT'],
  BYP: ['BYPASS'],
  FRONTAGE: [
    'FRONTAGE RD',
    'FRONTAGE ROAD',
    'FRTG RD',
    'ACCESS RD',
    'ACCESS ROAD',
    'SERVICE RD',
    'SERVICE ROAD',
    'FEEDER RD',
  ],
  SPUR: [],
};

/** Roads of which "# 5" is the number; behind another word it is the unit. */
export const ROADS_WITH_NUMBER_SIGN: readonly string[] = [
  'HWY',
  'US HWY',
  'STATE HWY',
  'COUNTY RD',
  'INTERSTATE',
  'FM',
  'CALLE',
  'CARR',
];

/** Branches that may stand before the road: ALT US 19. */
export const LEADING_BRANCHES: readonly string[] = ['ALT', 'BUS', 'BYP'];
