import { escapeUnprintable } from '@blindmatch/terminal';
import { stringify } from 'csv-stringify/sync';

/**
 * One line of CSV with cells that somebody else has written and that are for people to look at: control and format characters
 * are written as `\uXXXX`, and a cell that a spreadsheet would take for a formula begins with an apostrophe. The files that a requester gets
 * of its own records (results, rejections) have its ids unchanged, since they are joined with those records again.
 */
export function foreignRow(cells: readonly string[]): string {
  return stringify([cells.map(escapeUnprintable)], { escape_formulas: true });
}
