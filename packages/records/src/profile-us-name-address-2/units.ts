import type { WordTable } from './word-table.ts';

/**
 * Designators that only say "a unit follows" and are dropped: one agency's APT 4 is the other's #4. The strong ones begin a
 * unit whatever follows; the weak ones, which also occur in street names, only before a number or a single letter, and
 * they stay where none follows: an OFFICE is a unit.
 */
export const STRONG_UNIT_WORDS: readonly string[] = [
  '#',
  'APT',
  'APARTMENT',
  'APARTAMENTO',
  'APTMNT',
  'APTMT',
  'APPT',
  'APRT',
  'UNIT',
  'UNT',
  'STE',
  'SUITE',
  'TRLR',
  'TRAILER',
];

export const WEAK_UNIT_WORDS: readonly string[] = [
  'AP',
  'DEPT',
  'DPTO',
  'FLAT',
  'LOT',
  'NO',
  'NUM',
  'NUMBER',
  'NUMERO',
  'OFC',
  'OFFICE',
  'RM',
  'ROOM',
  'SLIP',
  'SPACE',
  'SPC',
  'UN',
];

/** Words of a unit that tell it from another and stay. They begin a unit before a number or a single letter. */
export const UNIT_LEVELS: WordTable = {
  BLDG: ['BUILDING', 'BLD', 'BDG', 'EDIF', 'EDIFICIO'],
  FL: ['FLOOR', 'FLR', 'LEVEL', 'PISO'],
  BOX: ['POBOX'],
};

/** Units without a number. They end a street line, after a street suffix, or stand in the second line. */
export const STANDALONE_UNITS: WordTable = {
  BSMT: ['BASEMENT'],
  FRNT: ['FRONT'],
  LBBY: ['LOBBY'],
  LOWR: ['LOWER', 'DOWNSTAIRS'],
  PH: ['PENTHOUSE'],
  REAR: [],
  SIDE: [],
  UPPR: ['UPPER', 'UPSTAIRS'],
};
