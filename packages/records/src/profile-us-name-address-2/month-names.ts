/** The months with their names and abbreviations, English and Spanish, folded. */
export const MONTH_NAMES: readonly (readonly string[])[] = [
  ['JAN', 'JANUARY', 'ENE', 'ENERO'],
  ['FEB', 'FEBRUARY', 'FEBRERO'],
  ['MAR', 'MARCH', 'MARZO'],
  ['APR', 'APRIL', 'ABR', 'ABRIL'],
  ['MAY', 'MAYO'],
  ['JUN', 'JUNE', 'JUNIO'],
  ['JUL', 'JULY', 'JULIO'],
  ['AUG', 'AUGUST', 'AGO', 'AGOSTO'],
  ['SEP', 'SEPT', 'SEPTEMBER', 'SEPTIEMBRE', 'SETIEMBRE'],
  ['OCT', 'OCTOBER', 'OCTUBRE'],
  ['NOV', 'NOVEMBER', 'NOVIEMBRE'],
  ['DEC', 'DECEMBER', 'DIC', 'DICIEMBRE'],
];
