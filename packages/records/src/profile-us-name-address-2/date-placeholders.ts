/** What stands in a date when nobody knew it, in English and Spanish, folded: upper case, single spaces, no punctuation. */
export const DATE_PLACEHOLDER_WORDS: readonly string[] = [
  'UNKNOWN',
  'UNK',
  'NOT KNOWN',
  'NOT GIVEN',
  'NOT PROVIDED',
  'NOT AVAILABLE',
  'NOT APPLICABLE',
  'N A',
  'NA',
  'NONE',
  'NULL',
  'NIL',
  'REFUSED',
  'PENDING',
  'TBD',
  'NAT',
  'DESCONOCIDO',
  'DESCONOCIDA',
  'NO SABE',
  'NO SE SABE',
  'NO TIENE',
  'NO APLICA',
  'SIN FECHA',
  'SIN DATO',
  'NINGUNA',
  'PENDIENTE',
];

/**
 * Dates that files hold where they know none: the first and last days of date types and the forms that people invent. No
 * living person was born on one of them. 1970-01-01 is not here: people were.
 */
export const PLACEHOLDER_DATES: readonly string[] = [
  '0001-01-01',
  '1111-11-11',
  '1753-01-01',
  '1800-01-01',
  '1899-12-30',
  '1899-12-31',
  '1900-01-01',
  '1901-01-01',
  '2222-02-22',
  '9999-12-31',
];
