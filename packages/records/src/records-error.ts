/** The closed list of what can be wrong with a records file, a column map or a profile. */
export type RecordsErrorCode =
  | 'file_missing'
  | 'file_unreadable'
  | 'file_is_directory'
  | 'file_empty'
  | 'utf8_invalid'
  | 'nul_byte'
  | 'line_too_long'
  | 'csv_malformed'
  | 'header_duplicate'
  | 'column_missing'
  | 'row_length'
  | 'field_too_long'
  | 'record_id_missing'
  | 'record_id_invalid'
  | 'record_id_duplicate'
  | 'column_map_invalid'
  | 'profile_unsound';

/** Where in a file the fault is: a 1-based line of the file and the name of a column. */
export interface FaultPlace {
  readonly line?: number;
  readonly column?: string;
}

/**
 * A file, column map or profile that cannot be used at all. The message is one plain sentence and never quotes
 * a person's data: it names lines and columns only. A record whose content is of no use is not an error but a
 * `Rejection`.
 */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';
  readonly code: RecordsErrorCode;
  readonly line: number | undefined;
  readonly column: string | undefined;

  constructor(code: RecordsErrorCode, message: string, place: FaultPlace = {}) {
    super(message);
    this.code = code;
    this.line = place.line;
    this.column = place.column;
  }
}
