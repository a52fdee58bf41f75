import { parse } from 'yaml';
import type { ColumnMap } from './columns.ts';
import { isColumnName, REQUEST_COLUMNS } from './columns.ts';
import { RecordsError } from './records-error.ts';

/**
 * Reads a column map: a YAML mapping from our column names to the headers of the file, for example
 * `surname: LAST_NAME`.
 *
 * @throws RecordsError `column_map_invalid` for anything but a mapping of known names to distinct, non-empty headers.
 */
export function parseColumnMap(yamlText: string): ColumnMap {
  const value = parseYaml(yamlText);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The column map must be a YAML mapping such as "surname: LAST_NAME".');
  }
  const map: Record<string, string> = {};
  const headers = new Set<string>();
  for (const [name, header] of Object.entries(value)) {
    if (!isColumnName(name)) {
      throw invalid(
        `The column map names an unknown column; the known ones are ${REQUEST_COLUMNS.join(', ')}.`,
      );
    }
    if (typeof header !== 'string' || header.trim() === '') {
      throw invalid(`The column map must give ${name} a header of the file, as a non-empty string.`, name);
    }
    if (headers.has(header.trim())) {
      throw invalid(
        `The column map uses the header of ${name} for another column too; give each its own.`,
        name,
      );
    }
    headers.add(header.trim());
    map[name] = header.trim();
  }
  return map;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, prettyErrors: false });
  } catch {
    throw invalid(
      'The column map is not valid YAML; write one line per column, such as "surname: LAST_NAME".',
    );
  }
}

function invalid(message: string, column?: string): RecordsError {
  return new RecordsError('column_map_invalid', message, column === undefined ? {} : { column });
}
