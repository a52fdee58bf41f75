import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../core/usage.ts';
import { SURNAMES } from './surnames.ts';

/** What is said of a name that no list has. */
const GENERAL = 'general';

/** The origin of a name by surname, as it is written on the lists. */
export type SurnameOrigins = ReadonlyMap<string, string>;

/** Capital letters A–Z only: Peña is PENA, O'Neil is ONEIL. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '');
}

/** The surnames that the bench carries. */
export function ownSurnameOrigins(): SurnameOrigins {
  return new Map(
    Object.entries(SURNAMES).flatMap(([origin, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((surname) => [surname, origin] as const),
    ),
  );
}

/**
 * Surnames from files, in place of those that the bench carries. Each is named as `ORIGIN=FILE`, a CSV file whose first column
 * has surnames of one origin, or as `FILE`, with the columns surname and origin. The first line is a header.
 * @throws UsageError for a file that can't be read, or lacks an origin
 */
export function readSurnameOrigins(sources: readonly string[]): SurnameOrigins {
  const origins = new Map<string, string>();
  for (const source of sources) {
    const [, named, path] = /^(?:([^=/]+)=)?(.+)$/.exec(source) ?? [];
    for (const [surname = '', column] of rowsOf(path ?? source)) {
      const origin = named ?? column;
      if (origin === undefined || origin === '') {
        throw new UsageError(`${source} has no origin for ${surname}; name the file as ORIGIN=FILE.`);
      }
      origins.set(plain(surname), origin);
    }
  }
  return origins;
}

function rowsOf(path: string): readonly (readonly string[])[] {
  try {
    return parse(readFileSync(path, 'utf8'), { bom: true, from_line: 2, relax_column_count: true });
  } catch (cause) {
    throw new UsageError(`--surname-origins ${path} can't be read as CSV; name a file with surnames.`, {
      cause,
    });
  }
}

/**
 * The origin of a name by a simple rule: that of the whole surname, or else of the first of its words that is on a list, or of
 * the given name where the two are exchanged; `general` where none is. It groups figures, and is wrong about many a person.
 */
export function originOf(surname: string, givenName: string, origins: SurnameOrigins): string {
  for (const name of [surname, ...surname.split(/[\s-]+/), givenName]) {
    const origin = origins.get(plain(name));
    if (origin !== undefined) return origin;
  }
  return GENERAL;
}
