import type { PersonRecord, PersonRules, RequestRecord } from '@blindmatch/records';
import { understandPerson, understandRequest } from '@blindmatch/records';
import { median } from '../core/median.ts';

/** As many records as are kept in memory for it. */
const MOST = 50_000;
const RUNS = 7;

/**
 * Records a second of one core: reading them from the file is not in it. The median of the runs. The time is that of the
 * processor, garbage collection in other threads included, so that whatever else runs on the machine doesn't count.
 */
export interface Speed {
  readonly people: number;
  readonly requests: number;
  readonly runs: number;
}

/**
 * How fast records are canonicalised and their keys derived.
 * @throws RecordsError
 */
export async function measureSpeed(
  people: AsyncIterable<PersonRecord>,
  requests: AsyncIterable<RequestRecord>,
  rules: PersonRules,
): Promise<Speed> {
  const held = await firstOf(people);
  const asked = await firstOf(requests);
  const ofRequests = { ...rules, minimumOrderAgeDays: 0 };
  const measured = { people: [] as number[], requests: [] as number[] };
  // The first run of each warms up.
  for (let run = 0; run <= RUNS; run++) {
    const forPeople = perSecond(held, (record) => understandPerson(record, rules));
    const forRequests = perSecond(asked, (record) => understandRequest(record, ofRequests));
    if (run === 0) continue;
    measured.people.push(forPeople);
    measured.requests.push(forRequests);
  }
  return { people: median(measured.people), requests: median(measured.requests), runs: RUNS };
}

async function firstOf<Row>(records: AsyncIterable<Row>): Promise<Row[]> {
  const taken: Row[] = [];
  for await (const record of records) {
    taken.push(record);
    if (taken.length === MOST) break;
  }
  return taken;
}

function perSecond<Row>(records: readonly Row[], work: (record: Row) => unknown): number {
  const start = process.cpuUsage();
  for (const record of records) work(record);
  const { user, system } = process.cpuUsage(start);
  return (records.length * 1e6) / (user + system);
}
