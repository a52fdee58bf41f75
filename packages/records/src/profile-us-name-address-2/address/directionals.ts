import type { WordTable } from '../word-table.ts';

/** The eight directionals of USPS Publication 28, and the spellings that mean them beside a street name, English and Spanish. */
export const DIRECTIONALS: WordTable = {
  N: ['NORTH', 'NO', 'NTH', 'NORTE'],
  S: ['SOUTH', 'SO', 'STH', 'SUR'],
  E: ['EAST', 'ESTE'],
  W: ['WEST', 'WST', 'OESTE'],
  NE: ['NORTHEAST', 'NEAST', 'NORESTE'],
  NW: ['NORTHWEST', 'NWEST', 'NOROESTE'],
  SE: ['SOUTHEAST', 'SEAST', 'SURESTE'],
  SW: ['SOUTHWEST', 'SWEST', 'SUROESTE'],
};

/** Words that lead to the rest of a name: what follows them is no directional ("Camino del Sur"). */
export const CONNECTIVES: readonly string[] = ['AND', 'DE', 'DEL', 'EL', 'LAS', 'LOS', 'OF', 'THE', 'Y'];
