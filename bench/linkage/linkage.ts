import {
  calendarDateOf,
  DEFAULT_PROFILE,
  profileById,
  readPeople,
  readRequests,
  TIERS,
  type CalendarDate,
  type PersonRules,
  type Profile,
  type RequestRecord,
  type Tier,
} from '@blindmatch/records';
import { thisMachine } from '../core/machine.ts';
import { checkOutFile, writeOutFile } from '../core/out-file.ts';
import { aligned } from '../core/rows.ts';
import { countOption, parseArguments, UsageError } from '../core/usage.ts';
import { countCollisions } from './collisions.ts';
import { joinRequests } from './join.ts';
import { atLeast, judge, LIMITS, verdictLines, type LeastRecall } from './limits.ts';
import { ownSurnameOrigins, readSurnameOrigins, type SurnameOrigins } from './origin.ts';
import { PeopleOnFile } from './people-on-file.ts';
import { dayOfPopulation, isoDay } from './population-day.ts';
import { readReferenceAddresses } from './reference-addresses.ts';
import { reportOf, type LinkageReport } from './report.ts';
import { measureSpeed, type Speed } from './speed.ts';
import { tablesOf } from './tables.ts';
import { readTruth } from './truth.ts';

const USAGE = `Usage: pnpm bench linkage --holder H.csv --requests R.csv --truth T.csv [options]
Runs the record code over a population whose truth is known, with the match keys in plain text in place of tokens, and
prints recall, wrong confirmations, rejections and what each key does. bench/linkage/README.md explains every figure.

  --tiers LIST              tiers that the holder answers, with commas between; default ${TIERS.join(',')}
  --profile ID              default ${DEFAULT_PROFILE.id}
  --today YYYY-MM-DD        the day on which records are read; default today, in UTC, or the latest date of birth on the
                            holder's file where that is later (people on file have been born)
  --without-dates           take the dates of birth out of the requests, to see more of the tier without one
  --match-rate R            share of requests on file, for the precision; default 0.037
  --people-extrapolated N   people on file to extrapolate strangers' collisions to; default 150000000
  --collision-people N      rows of the file to take for the parts of that; default 250000
  --addresses FILE          measure the address's part with these addresses (as for pnpm bench addresses)
  --surname-origins [ORIGIN=]FILE
                            surnames to tell origins by where the truth has no column "origin"; may be repeated
  --speed                   also measure records a second of one core
  --check                   hold the figures against the limits; exit code 1 when one does not hold
  --recall-dob R            least recall with a date of birth, for --check; default ${LIMITS.recallWithDate}
  --recall R                least recall without, for --check; default ${LIMITS.recallWithoutDate}
  --json                    one JSON object instead of tables
  --out FILE                write the JSON object to a file as well`;

/** What is to be measured. */
export interface LinkageRun {
  readonly holder: string;
  readonly requests: string;
  readonly truth: string;
  readonly profile: Profile;
  readonly tiers: readonly Tier[];
  /** The day on which records are read; undefined for today, or the latest date of birth on file where that is later. */
  readonly today: CalendarDate | undefined;
  readonly withoutDates: boolean;
  readonly matchRate: number;
  readonly peopleExtrapolated: number;
  readonly collisionPeople: number;
  readonly addresses: string | undefined;
  readonly origins: SurnameOrigins;
}

/** The assumptions of the programme that the issue names: 3.7 % on file, of 150 million people; and the whole profile. */
export function defaultRun(files: Pick<LinkageRun, 'holder' | 'requests' | 'truth'>): LinkageRun {
  return {
    ...files,
    profile: DEFAULT_PROFILE,
    tiers: TIERS,
    today: undefined,
    withoutDates: false,
    matchRate: 0.037,
    peopleExtrapolated: 150_000_000,
    collisionPeople: 250_000,
    addresses: undefined,
    origins: ownSurnameOrigins(),
  };
}

/** What records are understood by. */
async function rulesOf({ holder, profile, tiers, today }: LinkageRun): Promise<PersonRules> {
  const day = today ?? (await dayOfPopulation(readPeople(holder), profile, calendarDateOf(new Date())));
  return { profile, tiers, today: day };
}

/**
 * Measure a population. Takes less than 1 kB of memory for a person on file and for a request.
 * @throws RecordsError; UsageError for a truth that is not of these files
 */
export async function measureLinkage(run: LinkageRun): Promise<LinkageReport> {
  const rules = await rulesOf(run);
  return measureUnder(rules, run);
}

async function measureUnder(rules: PersonRules, run: LinkageRun): Promise<LinkageReport> {
  const truths = await readTruth(run.truth);
  const addresses = run.addresses === undefined ? undefined : readReferenceAddresses(run.addresses);
  const people = await PeopleOnFile.read(readPeople(run.holder), rules);
  const join = await joinRequests(requestsOf(run), truths, people, run.origins);
  const collisions = await countCollisions(
    people,
    () => readPeople(run.holder),
    run.collisionPeople,
    addresses?.map(({ record }) => record),
  );
  const { matchRate, peopleExtrapolated } = run;
  const assumptions = { today: isoDay(rules.today), matchRate, peopleExtrapolated };
  return reportOf(people, join, collisions, assumptions, thisMachine());
}

async function* requestsOf({
  requests,
  withoutDates,
}: LinkageRun): AsyncGenerator<RequestRecord, void, undefined> {
  for await (const request of readRequests(requests)) {
    yield withoutDates ? { ...request, dateOfBirth: '' } : request;
  }
}

interface LinkageOptions extends LinkageRun {
  readonly least: LeastRecall;
  readonly speed: boolean;
  readonly check: boolean;
  readonly json: boolean;
  readonly out: string | undefined;
}

/** @throws UsageError; undefined when help is asked for */
function parseOptions(argv: readonly string[]): LinkageOptions | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const values = parseArguments(argv, {
    holder: text,
    requests: text,
    truth: text,
    tiers: { type: 'string', default: TIERS.join(',') },
    profile: { type: 'string', default: DEFAULT_PROFILE.id },
    today: text,
    'without-dates': flag,
    'match-rate': { type: 'string', default: '0.037' },
    'people-extrapolated': { type: 'string', default: '150000000' },
    'collision-people': { type: 'string', default: '250000' },
    addresses: text,
    'surname-origins': { type: 'string', multiple: true, default: [] },
    speed: flag,
    check: flag,
    'recall-dob': { type: 'string', default: String(LIMITS.recallWithDate) },
    recall: { type: 'string', default: String(LIMITS.recallWithoutDate) },
    json: flag,
    out: text,
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  const { holder, requests, truth, addresses, speed, check, json, out } = values;
  if (holder === undefined || requests === undefined || truth === undefined) {
    throw new UsageError(
      'Name the files of a population: --holder, --requests and --truth; --help has an example.',
    );
  }
  const surnames = values['surname-origins'];
  return {
    ...{ holder, requests, truth, addresses, speed, check, json, out },
    profile: profileOption(values.profile),
    tiers: tiersOption(values.tiers),
    today: values.today === undefined ? undefined : dayOption(values.today),
    withoutDates: values['without-dates'],
    matchRate: shareOption(values['match-rate'], 'match-rate'),
    peopleExtrapolated: countOption(values['people-extrapolated'], 'people-extrapolated', 1),
    collisionPeople: countOption(values['collision-people'], 'collision-people', 1),
    origins: surnames.length === 0 ? ownSurnameOrigins() : readSurnameOrigins(surnames),
    least: {
      recallWithDate: shareOption(values['recall-dob'], 'recall-dob'),
      recallWithoutDate: shareOption(values.recall, 'recall'),
    },
  };
}

function profileOption(id: string): Profile {
  const profile = profileById(id);
  if (profile === undefined)
    throw new UsageError(`--profile ${id} is none that there is; leave it out for ${DEFAULT_PROFILE.id}.`);
  return profile;
}

function tiersOption(text: string): Tier[] {
  const names = text.split(',');
  const tiers = TIERS.filter((tier) => names.includes(tier));
  if (tiers.length !== names.length)
    throw new UsageError(`--tiers takes ${TIERS.join(' and ')}, each once, with a comma between.`);
  return tiers;
}

function dayOption(text: string): CalendarDate {
  const instant = new Date(`${text}T00:00:00Z`);
  if (
    !/^\d{4}-\d{2}-\d{2}$/.test(text) ||
    Number.isNaN(instant.getTime()) ||
    isoDay(calendarDateOf(instant)) !== text
  ) {
    throw new UsageError('--today must be a day of the calendar, written as 2026-11-22.');
  }
  return calendarDateOf(instant);
}

function shareOption(text: string, name: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new UsageError(`--${name} must be a share from 0 to 1.`);
  return share;
}

function speedLine({ people, requests, runs }: Speed): string {
  const shown = (rate: number): string => Math.round(rate).toLocaleString('en-US');
  return `Records a second of one core, median of ${runs} runs: people on file ${shown(people)}, requests ${shown(requests)}`;
}

/**
 * `bench linkage`.
 * @returns the exit code
 * @throws UsageError; RecordsError
 */
export async function runLinkage(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { json, out, check } = options;
  if (out !== undefined) checkOutFile(out);
  const rules = await rulesOf(options);
  const report = await measureUnder(rules, options);
  const speed = options.speed
    ? await measureSpeed(readPeople(options.holder), requestsOf(options), rules)
    : undefined;
  const verdicts = [
    ...judge(report, options.least),
    ...(speed === undefined
      ? []
      : [atLeast('records a second', LIMITS.recordsPerSecond, Math.min(speed.people, speed.requests))]),
  ];
  const whole = {
    ...report,
    ...(speed === undefined ? {} : { speed }),
    ...(check ? { limits: verdicts } : {}),
  };
  const text = JSON.stringify(whole, undefined, 1);
  if (json) console.log(text);
  else {
    console.log(tablesOf(report));
    if (speed !== undefined) console.log(`\n${speedLine(speed)}`);
  }
  if (out !== undefined) writeOutFile(out, text);
  if (!check) return 0;
  // Beside the JSON object nothing else goes to standard output.
  const lines = aligned(verdictLines(verdicts));
  if (json) console.error(lines);
  else console.log(`\n${lines}`);
  return verdicts.every(({ holds }) => holds) ? 0 : 1;
}
