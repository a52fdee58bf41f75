import type { WordTable } from '../word-table.ts';

/**
 * Designators of USPS Publication 28, appendix C2, and other spellings in use, which only say "a unit follows" and are dropped:
 * one agency's APT 4 is the other's #4. The strong ones begin a unit whatever follows; the weak ones, which also occur in
 * street names, only before a number or a single letter, and they stay where none follows: an OFFICE is a unit.
 */
export const STRONG_UNIT_WORDS: readonly string[] = [
  '#',
  'APARTAMENTO',
  'APARTMENT',
  'APPT',
  'APRT',
  'APT',
  'APTMNT',
  'APTMT',
  'APTO',
  'CONDO',
  'PMB',
  'STE',
  'SUITE',
  'TRAILER',
  'TRLR',
  'UNIDAD',
  'UNIT',
  'UNT',
];

export const WEAK_UNIT_WORDS: readonly string[] = [
  'AP',
  'APMT',
  'DEPT',
  'DPTO',
  'FLAT',
  'HABITACION',
  'HANGAR',
  'HNGR',
  'LOT',
  'LOTE',
  'LT',
  'NBR',
  'NO',
  'NRO',
  'NUM',
  'NUMBER',
  'NUMERO',
  'OFC',
  'OFFICE',
  'OFICINA',
  'PIER',
  'RM',
  'ROOM',
  'SLIP',
  'SP',
  'SPACE',
  'SPC',
  'SPACES',
  'STOP',
  'UN',
];

/** Words of a unit that tell it from another and stay. They begin a unit before a number or a single letter. */
export const UNIT_LEVELS: WordTable = {
  BLDG: ['BUILDING', 'BLD', 'BDG', 'EDIF', 'EDIFICIO', 'TORRE', 'TOWER', 'TWR'],
  BLK: ['BLOCK', 'BLOQUE', 'BLQ'],
  BOX: ['POBOX'],
  FL: ['FLOOR', 'FLR', 'LEVEL', 'PISO'],
  RR: ['RURAL', 'RFD'],
};

/** Units without a number. They end a street line, after a street suffix, or stand in the second line. */
export const STANDALONE_UNITS: WordTable = {
  BSMT: ['BASEMENT', 'BSMNT', 'SOTANO'],
  FRNT: ['FRONT'],
  GAR: ['GARAGE'],
  GRND: ['GROUND'],
  LBBY: ['LOBBY'],
  LOWR: ['LOWER', 'DOWNSTAIRS', 'LWR'],
  MEZZ: ['MEZZANINE'],
  PH: ['PENTHOUSE'],
  REAR: [],
  SIDE: [],
  UPPR: ['UPPER', 'UPSTAIRS', 'UPR'],
};

/** Words that are parted from a number run together with them: APT4, SUITE100, BOX12, HWY71. */
export const GLUED_WORDS: readonly string[] = [
  'APT',
  'APTO',
  'BLDG',
  'BOX',
  'CALLE',
  'CMR',
  'CR',
  'FLOOR',
  'FM',
  'HC',
  'HCR',
  'HIGHWAY',
  'HWY',
  'KM',
  'LOT',
  'LT',
  'NO',
  'NUM',
  'POB',
  'POBOX',
  'PSC',
  'RFD',
  'RM',
  'ROOM',
  'ROUTE',
  'RR',
  'RT',
  'RTE',
  'SPACE',
  'SPC',
  'SR',
  'STE',
  'SUITE',
  'TRLR',
  'UNIT',
  'US',
];
