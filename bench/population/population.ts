import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PEOPLE_COLUMNS, REQUEST_COLUMNS } from '@blindmatch/records';
import { drawCases } from './cases.ts';
import type { CaseParameters, RequestCase, RequestClass } from './cases.ts';
import { makeHolderClerk, makeRequestClerk } from './clerk.ts';
import { openCsvFile } from './csv-file.ts';
import type { ErrorRates } from './error-rates.ts';
import type { OrderFields } from './incomplete.ts';
import { originOf } from './person.ts';
import type { Culture, Origin } from './person.ts';
import { seededRandom } from './random.ts';
import { valuesOf } from './record.ts';
import type { RecordFields } from './record.ts';
import { sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';
import { makeShuffle } from './shuffle.ts';

export interface PopulationOptions {
  readonly seed: string | number;
  /** People on the holder's file. */
  readonly people: number;
  /** Records of the request. */
  readonly requests: number;
  /** Where people.csv, requests.csv and truth.csv are written. */
  readonly directory: string;
  /** The match rate: the share of requests for people on file at that address. */
  readonly same?: number;
  /** The shares of the other classes; the rest is absent. */
  readonly moved?: number;
  readonly incomplete?: number;
  /** How many of the absent live with somebody on file, as long as there are so many. */
  readonly absentBesideOnFile?: number;
  /** How often the first son of a family of the general origin bears his father's name; other origins have more or less of it. */
  readonly namesakeSons?: number;
  /** How often a birth is of twins. */
  readonly twins?: number;
  /** The share of each origin of names. */
  readonly origins?: Readonly<Record<Origin, number>>;
  /** Rates of error-rates.ts other than the default ones. */
  readonly requestRates?: Partial<ErrorRates>;
  readonly holderRates?: Partial<ErrorRates>;
  /**
   * With true, records differ in formatting alone, nobody has a namesake in the house, and nobody moved to their family or next door, so
   * that every `same` record is expected to match and no other. Of the rates, only that of dates of birth missing in requests then counts.
   */
  readonly foldableNoiseOnly?: boolean;
}

export type PopulationCounts = Readonly<Record<'people' | RequestClass, number>>;

/** The shares that hold when none are given; README.md has the reasons. */
export const DEFAULT_SHARES = {
  same: 0.037,
  moved: 0.1,
  incomplete: 0.02,
  absentBesideOnFile: 0.4,
  namesakeSons: 0.04,
  twins: 0.015,
  registeredAdults: 0.72,
  origins: { general: 0.52, hispanic: 0.3, asian: 0.1, other: 0.08 },
} as const;

const CULTURES: readonly (readonly [culture: Culture, origin: Origin, share: number])[] = [
  ['european', 'general', 0.83],
  ['african_american', 'general', 0.17],
  ['hispanic', 'hispanic', 1],
  ['chinese', 'asian', 0.32],
  ['vietnamese', 'asian', 0.2],
  ['korean', 'asian', 0.14],
  ['filipino', 'asian', 0.27],
  ['japanese', 'asian', 0.07],
  ['south_asian', 'other', 0.45],
  ['arabic', 'other', 0.28],
  ['african', 'other', 0.27],
];

/**
 * Writes people.csv, requests.csv and truth.csv for a population that does not exist. The same options give the same bytes. Memory does
 * not grow with the sizes. The two files are written independently of each other: what is wrong in one says nothing about the other.
 *
 * @throws RangeError when the shares, sizes or rates are impossible or don't fit each other.
 */
export async function generatePopulation(options: PopulationOptions): Promise<PopulationCounts> {
  const { seed, people, directory } = options;
  const counts = requestCounts(options);
  const cases = drawCases({ ...caseParameters(options), counts });
  const formattingOnly = options.foldableNoiseOnly === true;
  const writePerson = makeHolderClerk({ seed, rates: options.holderRates, formattingOnly });
  const writeRecord = makeRequestClerk({ seed, rates: options.requestRates, formattingOnly });
  await mkdir(directory, { recursive: true });
  const peopleFile = await openCsvFile(join(directory, 'people.csv'), PEOPLE_COLUMNS);
  const requests = await openRequestFiles(directory);
  const shuffle = makeShuffle<WrittenRequest>(seededRandom(seed, 'order'));
  for (const drawn of cases) {
    let full: Promise<void> | undefined;
    if (drawn.kind === 'person') {
      full = peopleFile.write(valuesOf(writePerson(drawn)));
    } else {
      const due = shuffle.put({ drawn, record: writeRecord(drawn) });
      if (due !== undefined) full = requests.write(due);
    }
    if (full !== undefined) await full;
  }
  for (const row of shuffle.rest()) await requests.write(row);
  await Promise.all([peopleFile.close(), requests.close()]);
  return { people, ...counts };
}

function caseParameters(options: PopulationOptions): Omit<CaseParameters, 'counts'> {
  const { seed, people } = options;
  const share = (name: 'absentBesideOnFile' | 'namesakeSons' | 'twins'): number => {
    const value = options[name] ?? DEFAULT_SHARES[name];
    if (!(value >= 0 && value <= 1)) throw new RangeError(`The share ${name} must be from 0 to 1.`);
    return value;
  };
  const isFoldable = options.foldableNoiseOnly === true;
  return {
    seed,
    people,
    cultures: culturesOf(options.origins ?? DEFAULT_SHARES.origins),
    registeredAdults: DEFAULT_SHARES.registeredAdults,
    absentBesideOnFile: share('absentBesideOnFile'),
    namesakeSons: share('namesakeSons'),
    twins: share('twins'),
    withoutNamesakes: isFoldable,
    farMovesOnly: isFoldable,
  };
}

function culturesOf(origins: Readonly<Record<Origin, number>>): Shares<Culture> {
  const shares = CULTURES.map(([culture, origin, share]): [Culture, number] => [
    culture,
    share * origins[origin],
  ]);
  return sharesOf(shares.filter(([, share]) => share > 0));
}

/** @throws RangeError when the sizes and shares don't fit each other. */
function requestCounts(options: PopulationOptions): Record<RequestClass, number> {
  const { people, requests } = options;
  for (const count of [people, requests]) {
    if (!Number.isSafeInteger(count) || count < 1 || count > 2 ** 32) {
      throw new RangeError(
        'The numbers of people and requests must be whole numbers from 1 to 4,294,967,296.',
      );
    }
  }
  const same = Math.round(requests * (options.same ?? DEFAULT_SHARES.same));
  const moved = Math.round(requests * (options.moved ?? DEFAULT_SHARES.moved));
  const incomplete = Math.round(requests * (options.incomplete ?? DEFAULT_SHARES.incomplete));
  const absent = requests - same - moved - incomplete;
  if (!(Math.min(same, moved, incomplete, absent) >= 0)) {
    throw new RangeError('The shares must be 0 or more, and not above 1 in sum.');
  }
  if (same + moved > people) {
    throw new RangeError(
      'More requests are to be for people on file than there are people; ask for more people.',
    );
  }
  return { same, moved, absent, incomplete };
}

interface WrittenRequest {
  readonly drawn: RequestCase;
  readonly record: RecordFields & OrderFields;
}

interface RequestFiles {
  /** Takes a request; the promise of `undefined` need not be awaited. */
  write(request: WrittenRequest): Promise<void> | undefined;
  close(): Promise<void>;
}

/** requests.csv and truth.csv, whose rows belong together. */
async function openRequestFiles(directory: string): Promise<RequestFiles> {
  const requestFile = await openCsvFile(join(directory, 'requests.csv'), REQUEST_COLUMNS);
  const truthFile = await openCsvFile(join(directory, 'truth.csv'), [
    'record_id',
    'class',
    'holder_row',
    'origin',
  ]);
  let count = 0;
  return {
    write: ({ drawn: { requestClass, holderRow, person }, record }) => {
      const id = `R${String(++count).padStart(7, '0')}`;
      const row = requestFile.write([id, ...valuesOf(record), record.order_number, record.order_date]);
      const truth = truthFile.write([
        id,
        requestClass,
        holderRow === undefined ? '' : String(holderRow),
        originOf(person),
      ]);
      return row === undefined && truth === undefined
        ? undefined
        : Promise.all([row, truth]).then(() => undefined);
    },
    close: async () => {
      await Promise.all([requestFile.close(), truthFile.close()]);
    },
  };
}
