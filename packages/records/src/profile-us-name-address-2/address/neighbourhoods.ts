import type { WordTable } from '../word-table.ts';

/** What an area of Puerto Rico is called in front of its name: USPS Publication 28, section 29. */
export const NEIGHBOURHOODS: WordTable = {
  BO: ['BARRIO', 'BARRIADA', 'BDA'],
  COM: ['COMUNIDAD'],
  EXT: ['EXTENSION'],
  REPTO: ['REPARTO'],
  SECT: ['SECTOR'],
  URB: ['URBANIZACION', 'URBN', 'URBANIZATION'],
};

/** Residences of Puerto Rico that stand for a street: condominiums, public housing, parcels. */
export const RESIDENCES: WordTable = {
  COND: ['CONDOMINIO'],
  PARC: ['PARCELA', 'PARCELAS'],
  RES: ['RESIDENCIAL'],
};
