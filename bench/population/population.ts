import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PEOPLE_COLUMNS, REQUEST_COLUMNS } from '@blindmatch/records';
import { addressAt, ADDRESSES } from './addresses.ts';
import type { CsvFile } from './csv-file.ts';
import { openCsvFile } from './csv-file.ts';
import { makeHousehold, twoDigits } from './households.ts';
import type { Household, Person } from './households.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';
import { addTypingError, renderPerson } from './rendering.ts';
import type { Row } from './rendering.ts';

/** What a request is, as the truth file says: on file there, on file elsewhere, not on file, or of no use. */
type RequestClass = 'same' | 'moved' | 'absent' | 'incomplete';

export interface PopulationOptions {
  readonly seed: string | number;
  /** People on the holder's file. */
  readonly people: number;
  /** Records of the request. */
  readonly requests: number;
  /** Where people.csv, requests.csv and truth.csv are written. */
  readonly directory: string;
  /** Shares of the requests; the rest is absent. */
  readonly same?: number;
  readonly moved?: number;
  readonly incomplete?: number;
  /** How often a father and son of the same name live in one household. */
  readonly namesakes?: number;
  /** How many requests leave out the date of birth. */
  readonly withoutDateOfBirth?: number;
  /** With true, every `same` record is expected to match; with false, `typingErrors` of them hold a fault that stays. */
  readonly foldableNoiseOnly?: boolean;
  readonly typingErrors?: number;
}

export type PopulationCounts = Readonly<Record<'people' | RequestClass, number>>;

const PLACEHOLDERS: readonly Partial<Row>[] = [
  { street: 'Failed to Provide', street2: '' },
  { street: 'Unknown Address', street2: '' },
  { street: 'N/A', street2: '' },
  { street: 'Homeless', street2: '' },
  { street: 'Sin dirección', street2: '' },
  { street: 'xxxx', street2: '' },
  { street: '', street2: '' },
  { street: 'Main Street', street2: '' },
  { street: 'PO Box', street2: '' },
  { given_name: 'FNU' },
  { given_name: '' },
  { surname: 'Unknown' },
  { city: '', postcode: '' },
  { postcode: '00000' },
  { state: 'ZZ' },
];

/**
 * Writes people.csv, requests.csv and truth.csv for a population that does not exist. The same options give the same
 * bytes. Memory does not grow with the sizes: households are made and forgotten in turn.
 *
 * No `absent` or `moved` request is a person on file, by construction: addresses with an even index are on file, those with an
 * odd one are not, and an absent request for an address on file bears a given name or a suffix that nobody has there.
 *
 * @throws RangeError when the shares or sizes do not fit each other.
 */
export async function generatePopulation(options: PopulationOptions): Promise<PopulationCounts> {
  const { people, requests, directory } = options;
  const wanted = requestCounts(options);
  const random = seededRandom(options.seed);
  const offset = random.below(ADDRESSES);
  await mkdir(directory, { recursive: true });
  const holderFile = await openCsvFile(join(directory, 'people.csv'), PEOPLE_COLUMNS);
  const writer = await openRequests(options, random);

  const onFile = { same: wanted.same, moved: wanted.moved };
  const offFile = { absent: wanted.absent, incomplete: wanted.incomplete };
  let offFileAddresses = 0;
  const freeAddress = (): Person['address'] => addressAt(2 * offFileAddresses++ + 1, offset);

  let rows = 0;
  for (let index = 0; rows < people; index++) {
    const size = Math.min(1 + random.below(5), people - rows);
    const household = makeHousehold(random, addressAt(2 * index, offset), size, options.namesakes ?? 0.08);
    for (const person of household.people) {
      await holderFile.write(peopleFields(renderPerson(random, person)));
      rows++;
      // Selection sampling (Knuth, TAOCP 2, 3.4.2): exactly as many as wanted, each person with the same chance.
      const left = people - rows + 1;
      const draw = random.below(left);
      if (draw < onFile.same) {
        onFile.same--;
        await writer.write('same', renderPerson(random, person), rows);
      } else if (draw < onFile.same + onFile.moved) {
        onFile.moved--;
        await writer.write('moved', renderPerson(random, { ...person, address: freeAddress() }), rows);
      }
      for (const name of ['absent', 'incomplete'] as const) {
        const due = Math.floor((wanted[name] * (people - rows)) / people);
        for (; offFile[name] > due; offFile[name]--) {
          const stranger = strangerTo(random, household, freeAddress);
          const row = renderPerson(random, stranger);
          await writer.write(name, name === 'absent' ? row : { ...row, ...random.pick(PLACEHOLDERS) });
        }
      }
    }
  }
  await Promise.all([holderFile.close(), writer.close()]);
  return { people, ...wanted, absent: requests - wanted.same - wanted.moved - wanted.incomplete };
}

function requestCounts(options: PopulationOptions): Record<RequestClass, number> {
  const { people, requests } = options;
  for (const count of [people, requests]) {
    if (!Number.isSafeInteger(count) || count < 1 || count > ADDRESSES / 4) {
      throw new RangeError(
        `The numbers of people and requests must be from 1 to ${Math.floor(ADDRESSES / 4)}.`,
      );
    }
  }
  const same = Math.round(requests * (options.same ?? 0.4));
  const moved = Math.round(requests * (options.moved ?? 0.1));
  const incomplete = Math.round(requests * (options.incomplete ?? 0.02));
  const absent = requests - same - moved - incomplete;
  if (Math.min(same, moved, incomplete, absent) < 0)
    throw new RangeError('The shares must lie between 0 and 1 in sum.');
  if (same + moved > people) {
    throw new RangeError(
      'More requests are to be for people on file than there are people; ask for more people.',
    );
  }
  return { same, moved, absent, incomplete };
}

/** Someone who is not on file: nobody's neighbour, another member of a household on file, or its third of the name. */
function strangerTo(random: Random, household: Household, freeAddress: () => Person['address']): Person {
  const model = random.pick(household.people);
  const kind = random.below(3);
  if (kind === 0) return { ...model, address: freeAddress() };
  if (kind === 1) return { ...model, generation: 'III' };
  return { ...model, given: random.pick(household.unusedGiven), generation: '' };
}

interface RequestWriter {
  write(requestClass: RequestClass, row: Row, holderRow?: number): Promise<void>;
  close(): Promise<void>;
}

async function openRequests(options: PopulationOptions, random: Random): Promise<RequestWriter> {
  const requestFile: CsvFile = await openCsvFile(join(options.directory, 'requests.csv'), REQUEST_COLUMNS);
  const truthFile: CsvFile = await openCsvFile(join(options.directory, 'truth.csv'), [
    'record_id',
    'class',
    'holder_row',
  ]);
  const typingErrors = options.foldableNoiseOnly === false ? (options.typingErrors ?? 0.1) : 0;
  let count = 0;
  return {
    write: async (requestClass, clean, holderRow) => {
      const id = `R${String(++count).padStart(6, '0')}`;
      const typed =
        requestClass === 'same' && random.chance(typingErrors) ? addTypingError(random, clean) : clean;
      const row = random.chance(options.withoutDateOfBirth ?? 0.25) ? { ...typed, date_of_birth: '' } : typed;
      const order = `A${String(100_000_000 + random.below(900_000_000))}`;
      const date = `${2023 + random.below(3)}-${twoDigits(1 + random.below(12))}-${twoDigits(1 + random.below(28))}`;
      await requestFile.write([id, ...peopleFields(row), order, date]);
      await truthFile.write([id, requestClass, holderRow === undefined ? '' : String(holderRow)]);
    },
    close: async () => {
      await Promise.all([requestFile.close(), truthFile.close()]);
    },
  };
}

function peopleFields(row: Row): string[] {
  return [
    row.given_name,
    row.middle_name,
    row.surname,
    row.date_of_birth,
    row.street,
    row.street2,
    row.city,
    row.state,
    row.postcode,
  ];
}
