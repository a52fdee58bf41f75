import type { WordTable } from '../word-table.ts';

/** Words that are written short or long inside the names of streets and cities; here the short form is the usual one. */
export const SHORTENED_WORDS: Readonly<Record<string, string>> = {
  DOCTOR: 'DR',
  FORT: 'FT',
  JUNIOR: 'JR',
  MOUNT: 'MT',
  SAINT: 'ST',
  SAINTE: 'STE',
  SENIOR: 'SR',
};

/** Names of many streets that are often written as initials or shortened. */
export const ABBREVIATED_NAMES: WordTable = {
  BROADWAY: ['BDWY', 'BWAY', 'BWY'],
  'MARTIN LUTHER KING': [
    'DR M L KING',
    'DR M L KING JR',
    'DR MARTIN L KING',
    'DR MARTIN L KING JR',
    'DR MARTIN LUTHER KING',
    'DR MARTIN LUTHER KING JR',
    'DR ML KING',
    'DR ML KING JR',
    'DR MLK',
    'DR MLK JR',
    'M L K',
    'M L KING',
    'M L KING JR',
    'MARTIN L KING',
    'MARTIN L KING JR',
    'MARTIN LUTHER KING JR',
    'ML KING',
    'ML KING JR',
    'MLK',
    'MLK JR',
    'MLK JUNIOR',
    'MARTIN LUTHER KING JUNIOR',
    'DR MARTIN LUTHER KING JUNIOR',
    'DOCTOR MARTIN LUTHER KING',
    'DOCTOR MARTIN LUTHER KING JR',
    'DOCTOR MARTIN LUTHER KING JUNIOR',
  ],
  'JOHN F KENNEDY': ['J F K', 'J F KENNEDY', 'JF KENNEDY', 'JFK', 'JOHN FITZGERALD KENNEDY'],
};

/** Spanish words for a street, which stand before its name. */
export const SPANISH_STREET_WORDS: WordTable = {
  AVENUE: ['AV', 'AVDA', 'AVE', 'AVENIDA'],
  CALLE: ['CLL'],
  CALLEJON: ['CJON'],
  CAMINO: ['CAM'],
  CARR: ['CARRETERA'],
  PASEO: ['PSO'],
  VIA: [],
  VEREDA: [],
};
