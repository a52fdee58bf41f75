/** A tax agency with a few people on file, and a requesting agency with a few records; no real person. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  calendarDateOf,
  DEFAULT_PROFILE,
  TIERS,
  understandPerson,
  understandRequest,
  type RequestRecord,
  type RequestRules,
} from '@blindmatch/records';
import { succeed, temporaryDirectory, type RunOptions } from '../running-program.ts';

/** Names and words that no message, log or file of the other side may hold. */
export const PLANTED = [
  'Quackenbush',
  'Zebulon',
  'Ottoline',
  'Marrowbone',
  'Periwinkle',
  'Failed to provide',
];

export const PEOPLE_HEADER =
  'given_name,middle_name,surname,date_of_birth,street,street2,city,state,postcode';
export const REQUESTS_HEADER = `record_id,${PEOPLE_HEADER},order_number,order_date`;

export const PEOPLE_CSV = `${PEOPLE_HEADER}
Zebulon,,Quackenbush,1961-04-02,12 Marrowbone Street,Apt 4,Springfield,IL,62701
Ottoline,Rae,Featherstone,1975-11-30,900 N Periwinkle Ave,,Boise,ID,83702
Carlos,,De la Cruz,1988-07-19,77 Oak Road,,Tucson,AZ,85701
Mina,,Overby,1990-01-08,5 Elm Ct,,Salem,OR,97301
Ansel,,Thackeray,1954-09-21,,,Salem,OR,97301
`;

/**
 * In this order: the same person written otherwise, one who moved, a placeholder, a stranger, the same person without
 * a date of birth.
 */
export const REQUESTS_CSV = `${REQUESTS_HEADER}
R-1,ZEBULON,,QUACKENBUSH,1961-04-02,12 MARROWBONE ST #4,,SPRINGFIELD,IL,62701-0001,A100000001,2024-05-01
R-2,Ottoline,Rae,Featherstone,1975-11-30,31 Elsewhere Blvd,,Boise,ID,83702,A100000002,2024-05-02
R-3,Carlos,,De la Cruz,1988-07-19,Failed to provide,,Tucson,AZ,85701,A100000003,2024-05-03
R-4,Nadia,,Unheardof,1999-12-31,8 Nowhere Lane,,Reno,NV,89501,A100000004,2024-05-04
R-5,Mina,,Overby,,5 Elm Court,,Salem,OR,97301,A100000005,2024-05-05
`;

/** What both agencies understand records by. */
const RULES: RequestRules = {
  profile: DEFAULT_PROFILE,
  tiers: TIERS,
  minimumOrderAgeDays: 0,
  today: calendarDateOf(new Date()),
};

/** The records of a CSV file whose fields are plain; those of people on file have no id and no order. */
function recordsOf(csv: string): RequestRecord[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const columns = header.split(',');
  return lines.map((text, at) => {
    const values = text.split(',');
    const field = (name: string): string => values[columns.indexOf(name)] ?? '';
    return {
      recordId: field('record_id'),
      ...{ givenName: field('given_name'), middleName: field('middle_name'), surname: field('surname') },
      ...{ dateOfBirth: field('date_of_birth'), street: field('street'), street2: field('street2') },
      ...{ city: field('city'), state: field('state'), postcode: field('postcode'), line: at + 2 },
      ...{ orderNumber: field('order_number'), orderDate: field('order_date') },
    };
  });
}

/** What the default profile makes of each record that can be submitted. */
export const UNDERSTOOD = new Map(
  recordsOf(REQUESTS_CSV).flatMap((record) => {
    const understood = understandRequest(record, RULES);
    return understood.kind === 'keys' ? [[record.recordId, understood]] : [];
  }),
);

/** What the default profile makes of each person on file who can be found. */
export const PEOPLE_UNDERSTOOD = recordsOf(PEOPLE_CSV).flatMap((person) => {
  const understood = understandPerson(person, RULES);
  return understood.kind === 'keys' ? [understood] : [];
});

const keysOnFile = new Set(PEOPLE_UNDERSTOOD.flatMap(({ keys }) => keys.map(({ value }) => value)));

/** The elements of these records' request: a match key each, and two canaries. */
export const ELEMENTS = [...UNDERSTOOD.values()].reduce((sum, { keys }) => sum + keys.length, 2);

/** The tier of a record, and what it must match on where it does. */
const tierOf = (recordId: string): string => UNDERSTOOD.get(recordId)?.tier ?? '';
const sharedKeys = (recordId: string): string => {
  const shared = UNDERSTOOD.get(recordId)?.keys.filter(({ value }) => keysOnFile.has(value)) ?? [];
  return [...new Set(shared.map(({ name }) => name))].join(' ');
};

/** What a run over these records must write, byte for byte; which keys there are is the default profile's affair. */
export const RESULTS_CSV = `record_id,outcome,tier,matched_on,reason
R-1,match,${tierOf('R-1')},${sharedKeys('R-1')},
R-2,no_match,${tierOf('R-2')},,
R-3,rejected,,,"The street is a placeholder: give the real address, or leave the record out."
R-4,no_match,${tierOf('R-4')},,
R-5,match,${tierOf('R-5')},${sharedKeys('R-5')},
`;

/** What `prepare` and `match` say of an epoch for which nobody can look into requests, as that of these agencies. */
export const NO_EVIDENCE =
  'blindmatch: The epoch names no certifier and no auditor, so no evidence was sealed and nobody will be able to certify or audit this request; name somebody with --seal-to.\n';

/** What `prepare`, `match` and `submit` say where they see the log of a holder for the first time. */
export const FIRST_SEEN =
  /^blindmatch: This holder's log is seen here for the first time, with \d+ entries; from now on it may only grow\.\n/;

/** A holder with one epoch built and one official allowed, and what its requester has. */
export interface Agencies {
  /** Where everything below lies; the programs are run here. */
  readonly home: string;
  /** The holder's directory. */
  readonly holder: string;
  readonly fingerprint: string;
  /** The official's private key, PEM. */
  readonly key: string;
  /** The requester's records, CSV. */
  readonly requests: string;
}

/** Sets up both agencies with the real programs. */
export async function makeAgencies(maxRecords = 100, options: RunOptions = {}): Promise<Agencies> {
  const home = temporaryDirectory();
  const at = (name: string): string => join(home, name);
  writeFileSync(at('people.csv'), PEOPLE_CSV);
  writeFileSync(at('requests.csv'), REQUESTS_CSV);
  const fingerprint = await initialise(at('holder'), undefined, options);
  await Promise.all([
    succeed('blindmatchd', ['build', at('holder'), '--source', at('people.csv'), '--workers', '1'], options),
    succeed('blindmatch', ['keygen', at('official.pem')], options),
  ]);
  const official = ['--official', at('official.pub.pem'), '--max-records', String(maxRecords)];
  const allow = ['allow', at('holder'), '--requester', 'Requesting Agency', ...official];
  await succeed('blindmatchd', allow, options);
  return { home, holder: at('holder'), fingerprint, key: at('official.pem'), requests: at('requests.csv') };
}

/** Makes a holder's directory; gives its fingerprint. */
export async function initialise(
  directory: string,
  name = 'Tax Agency',
  options: RunOptions = {},
): Promise<string> {
  const { events } = await succeed('blindmatchd', ['init', directory, '--name', name, '--json'], options);
  return String(events.find(({ event }) => event === 'initialised')?.['fingerprint']);
}

/** The options under which every request of these tests is made. */
export function authority(agencies: Agencies, url: string): string[] {
  const law = ['--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders of May'];
  return ['--server', url, '--holder', agencies.fingerprint, ...law, '--workers', '1'];
}

/** Prepares the records as a request and has the official sign it; gives its directory. */
export async function signedRequest(
  agencies: Agencies,
  url: string,
  name: string,
  options: RunOptions = {},
): Promise<string> {
  const request = join(agencies.home, name);
  const prepare = ['prepare', agencies.requests, ...authority(agencies, url), '-o', request];
  await succeed('blindmatch', prepare, options);
  await succeed('blindmatch', ['sign', request, '--key', agencies.key, '--yes'], options);
  return request;
}
