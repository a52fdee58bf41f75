import type { WordTable } from './word-table.ts';

/** A post office box. The table's words are whole phrases. */
export const BOX_PHRASES: WordTable = {
  POBOX: [
    'PO BOX',
    'P O BOX',
    'P O B',
    'POB',
    'PO BX',
    'POST BOX',
    'POST OFFICE BOX',
    'POSTOFFICE BOX',
    'POSTAL BOX',
    'APARTADO POSTAL',
    'APARTADO',
    'APDO POSTAL',
    'APDO',
  ],
};

/** Routes and military mail, where the address is the route's number and the box. Whole phrases, at the beginning. */
export const BOX_ROUTES: WordTable = {
  RR: ['R R', 'RURAL ROUTE', 'RURAL RTE', 'RURAL RT', 'RFD', 'R F D', 'RFD ROUTE'],
  HC: ['H C', 'HCR', 'H C R', 'HIGHWAY CONTRACT ROUTE', 'HIGHWAY CONTRACT', 'HWY CONTRACT', 'STAR ROUTE'],
  PSC: ['P S C'],
  CMR: ['C M R'],
  UNIT: [],
};

/** Numbered roads: a phrase before a number. The longest phrase wins. */
export const NUMBERED_ROADS: WordTable = {
  HWY: ['HIGHWAY', 'HIWAY', 'HIWY', 'HWAY'],
  'US HWY': ['US HIGHWAY', 'U S HIGHWAY', 'U S HWY', 'US ROUTE', 'US RTE', 'US RT', 'US'],
  'STATE HWY': ['STATE HIGHWAY', 'ST HWY', 'ST HIGHWAY'],
  'STATE RD': ['STATE ROAD', 'ST RD', 'ST ROAD', 'SR'],
  'STATE RTE': ['STATE ROUTE', 'STATE RT', 'ST RTE', 'ST RT', 'ST ROUTE'],
  'COUNTY RD': ['COUNTY ROAD', 'CO RD', 'CO ROAD', 'CNTY RD', 'CNTY ROAD', 'CR'],
  'COUNTY HWY': ['COUNTY HIGHWAY', 'CO HWY', 'CO HIGHWAY'],
  RTE: ['ROUTE', 'RT'],
  INTERSTATE: ['INTERSTATE HWY', 'INTERSTATE HIGHWAY', 'I'],
  FM: ['F M', 'FARM TO MARKET', 'FARM TO MARKET RD', 'FARM TO MARKET ROAD', 'FM RD', 'FM ROAD'],
};

/** Words that are written short or long inside the names of streets and cities. */
export const SHORTENED_WORDS: Readonly<Record<string, string>> = { SAINT: 'ST', MOUNT: 'MT', FORT: 'FT' };
