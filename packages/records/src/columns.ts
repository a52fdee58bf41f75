/** The name of a column, as the specification has it. */
export type ColumnName =
  | 'record_id'
  | 'given_name'
  | 'middle_name'
  | 'surname'
  | 'date_of_birth'
  | 'street'
  | 'street2'
  | 'city'
  | 'state'
  | 'postcode'
  | 'order_number'
  | 'order_date';

/** The columns of a people file, in the order of the specification. */
export const PEOPLE_COLUMNS: readonly ColumnName[] = [
  'given_name',
  'middle_name',
  'surname',
  'date_of_birth',
  'street',
  'street2',
  'city',
  'state',
  'postcode',
];

/** The columns of a requests file, in the order of the specification. */
export const REQUEST_COLUMNS: readonly ColumnName[] = [
  'record_id',
  ...PEOPLE_COLUMNS,
  'order_number',
  'order_date',
];

const OPTIONAL: ReadonlySet<string> = new Set<ColumnName>(['middle_name', 'date_of_birth', 'street2']);

/** Whether a file may lack the column altogether; its values are then ''. */
export function isOptionalColumn(name: ColumnName): boolean {
  return OPTIONAL.has(name);
}

/** Whether `name` is one of the column names of the specification. */
export function isColumnName(name: string): name is ColumnName {
  return (REQUEST_COLUMNS as readonly string[]).includes(name);
}

/** From our column name to the header that the file uses for it. Names left out keep their own name. */
export type ColumnMap = Readonly<Record<string, string>>;
