import type { WordTable } from './word-table.ts';

/**
 * Formal names with their Spanish nicknames (hipocorísticos) and written abbreviations, under the rule of admission of the
 * English table. BETO, NANDO, MAGGIE, CHELA, TINO, CUCA, GABY, ALE and FER stand for several names; LOLA and TERESITA are
 * names of their own.
 */
export const SPANISH_NICKNAMES: WordTable = {
  ANTONIO: ['TONO', 'TONITO'],
  CONCEPCION: ['CONCHA', 'CONCHITA'],
  CONSUELO: ['CHELO'],
  DOMINGO: ['MINGO'],
  EDUARDO: ['LALO'],
  ENRIQUE: ['QUIQUE', 'KIKE'],
  ENRIQUETA: ['QUETA'],
  FRANCISCA: ['PAQUITA', 'PANCHITA'],
  FRANCISCO: ['PACO', 'PANCHO', 'PAQUITO', 'PANCHITO', 'FCO'],
  GREGORIO: ['GOYO'],
  GUADALUPE: ['LUPE', 'LUPITA', 'GPE'],
  GUILLERMO: ['MEMO'],
  HORTENSIA: ['TENCHA'],
  IGNACIO: ['NACHO'],
  ISABEL: ['CHABELA', 'CHABELITA'],
  JESUS: ['CHUY', 'CHUCHO'],
  JOSE: ['PEPE', 'PEPITO', 'CHEPE'],
  LETICIA: ['LETY', 'LETI'],
  LUIS: ['LUCHO', 'GUICHO'],
  MANUEL: ['MANOLO', 'MANOLITO'],
  MERCEDES: ['MECHE'],
  PATRICIA: ['PATY', 'PATI'],
  RAFAEL: ['RAFA'],
  RAMON: ['MONCHO'],
  RIGOBERTO: ['RIGO'],
  ROSARIO: ['CHARO', 'CHAYO', 'CHAYITO'],
  SALVADOR: ['CHAVA'],
  SANTIAGO: ['CHAGO'],
  SERGIO: ['CHECO'],
  SOLEDAD: ['CHOLE'],
  TERESA: ['TERE'],
  VERONICA: ['VERO'],
  VICENTE: ['CHENTE'],
  YOLANDA: ['YOLI', 'YOLY', 'YOLIE'],
};
