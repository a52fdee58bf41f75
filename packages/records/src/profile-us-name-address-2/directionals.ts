import type { WordTable } from './word-table.ts';

/** The eight directionals of USPS Publication 28, and the spellings that mean them beside a street name. */
export const DIRECTIONALS: WordTable = {
  N: ['NORTH', 'NO', 'NTH'],
  S: ['SOUTH', 'SO', 'STH'],
  E: ['EAST'],
  W: ['WEST', 'WST'],
  NE: ['NORTHEAST'],
  NW: ['NORTHWEST'],
  SE: ['SOUTHEAST'],
  SW: ['SOUTHWEST'],
};
