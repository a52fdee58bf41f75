import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFAULT_PROFILE, readPeople, readRequests, understand } from '@blindmatch/records';
import { beforeAll, describe, expect, it } from 'vitest';

// The development data lies beside the repository; it is for measuring and is no part of it.
const DATA = fileURLToPath(new URL('../../../shared/data/us-people', import.meta.url));

interface Tally {
  requests: number;
  rejected: number;
  confirmed: number;
  /** Confirmed by another person's record. */
  wrongPerson: number;
}

const tally = new Map<string, Tally>();

function tallyOf(requestClass: string): Tally {
  const found = tally.get(requestClass) ?? { requests: 0, rejected: 0, confirmed: 0, wrongPerson: 0 };
  tally.set(requestClass, found);
  return found;
}

async function join(): Promise<void> {
  const truth = new Map<string, { requestClass: string; row: number }>();
  for (const line of readFileSync(`${DATA}/truth.csv`, 'utf8').trim().split('\n').slice(1)) {
    const [id = '', requestClass = '', row = ''] = line.trim().split(',');
    truth.set(id, { requestClass, row: Number(row) });
  }
  const rowsOfKey = new Map<string, number[]>();
  let row = 0;
  for await (const person of readPeople(`${DATA}/holder.csv`)) {
    row++;
    const understood = understand(DEFAULT_PROFILE, person);
    if (understood.kind === 'rejected') continue;
    for (const { value } of understood.keys) rowsOfKey.set(value, [...(rowsOfKey.get(value) ?? []), row]);
  }
  for await (const request of readRequests(`${DATA}/requests.csv`)) {
    const expected = truth.get(request.recordId)!;
    const counts = tallyOf(expected.requestClass);
    const understood = understand(DEFAULT_PROFILE, request);
    counts.requests++;
    if (understood.kind === 'rejected') {
      counts.rejected++;
      continue;
    }
    const rows = understood.keys.flatMap(({ value }) => rowsOfKey.get(value) ?? []);
    if (rows.length === 0) continue;
    counts.confirmed++;
    if (!rows.includes(expected.row)) counts.wrongPerson++;
  }
}

describe.skipIf(!existsSync(DATA))(
  'a plain join of the match keys on the development people (needs ../shared/data/us-people)',
  () => {
    beforeAll(async () => {
      await join();
      const same = tallyOf('same');
      const absent = tallyOf('absent');
      process.stdout.write(
        `${DEFAULT_PROFILE.id}: recall ${((100 * same.confirmed) / same.requests).toFixed(1)}% of ${same.requests} same; ` +
          `wrong confirmations ${absent.confirmed} of ${absent.requests} absent\n`,
      );
    });

    it('confirms nobody who has moved', () => {
      expect(tallyOf('moved').requests).toBeGreaterThan(400);
      expect(tallyOf('moved').confirmed).toBe(0);
    });

    it('rejects every incomplete record', () => {
      const { requests, rejected, confirmed } = tallyOf('incomplete');
      expect(requests).toBeGreaterThan(10);
      expect({ rejected, confirmed }).toEqual({ rejected: requests, confirmed: 0 });
    });

    it('rejects no record of a person on file at that address', () => {
      expect(tallyOf('same').rejected).toBe(0);
    });

    it('confirms two thirds of the people on file at that address, each by their own record', () => {
      const { requests, confirmed, wrongPerson } = tallyOf('same');
      expect(confirmed / requests).toBeGreaterThan(0.66);
      expect(wrongPerson).toBe(0);
    });

    it('confirms at most 2.5 in 1,000 people who are not on file', () => {
      const { requests, confirmed } = tallyOf('absent');
      expect(confirmed / requests).toBeLessThanOrEqual(0.0025);
    });
  },
);

if (!existsSync(DATA)) {
  process.stdout.write(
    'The development people are not there (../shared/data/us-people): the join is not measured.\n',
  );
}
