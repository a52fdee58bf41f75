import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { measureAddresses } from '../../bench/linkage/addresses.ts';
import { judge, LIMITS, verdictLines, type Verdict } from '../../bench/linkage/limits.ts';
import { defaultRun, measureLinkage } from '../../bench/linkage/linkage.ts';
import { readReferenceAddresses } from '../../bench/linkage/reference-addresses.ts';
import type { LinkageReport } from '../../bench/linkage/report.ts';
import { tablesOf } from '../../bench/linkage/tables.ts';

// The development data lies beside the repository; it is for measuring and is no part of it.
const DATA = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const PEOPLE = `${DATA}/us-people`;
const ADDRESSES = `${DATA}/reference/us-addresses/addresses-us-all.json`;

describe.skipIf(!existsSync(PEOPLE))(
  'the development people (needs ../shared/data/us-people): a join of the match keys',
  () => {
    let report: LinkageReport;
    let verdicts: readonly Verdict[];

    beforeAll(async () => {
      report = await measureLinkage(
        defaultRun({
          holder: `${PEOPLE}/holder.csv`,
          requests: `${PEOPLE}/requests.csv`,
          truth: `${PEOPLE}/truth.csv`,
        }),
      );
      verdicts = judge(report, { recallWithDate: 0.92, recallWithoutDate: 0.87 });
      process.stdout.write(`${tablesOf(report)}\n`);
    });

    it.each([
      'name_address_dob: recall',
      'name_address_dob: wrong / absent',
      'name_address_dob: confirmed moved',
      'name_address: recall',
      'name_address: wrong / absent',
      'accepted incomplete',
      'rejected same',
      'tokens per person',
      'elements per record',
    ])('keeps the limit of %s', (limit) => {
      const verdict = verdicts.find((one) => one.limit === limit);
      expect(verdict).toBeDefined();
      expect(verdict!.holds, verdictLines([verdict!])[0]!.join(' ')).toBe(true);
    });

    it('are enough people of each class to tell by', () => {
      const { same, moved, absent, incomplete } = report.requests.classes;
      expect(Math.min(same.requests, absent.requests)).toBeGreaterThan(2000);
      expect(moved.requests).toBeGreaterThan(400);
      expect(incomplete.requests).toBeGreaterThan(10);
    });

    it("confirms each by their own record and none by another's", () => {
      expect(report.faults.confirmedByOthers).toEqual([]);
    });
  },
);

describe.skipIf(!existsSync(ADDRESSES))(
  'real addresses (needs ../shared/data/reference/us-addresses), each written in 20 ways',
  () => {
    it('agree with themselves and collide with no other', { timeout: 60_000 }, () => {
      const report = measureAddresses(readReferenceAddresses(ADDRESSES), 20, '1');
      expect(report.addresses).toBeGreaterThan(3000);
      expect(report.agreement).toBeGreaterThanOrEqual(LIMITS.agreement);
      expect(report.rejected).toEqual({});
      expect(report.collisions).toEqual([]);
    });
  },
);

if (!existsSync(DATA)) {
  process.stdout.write(
    'The development data is not there (../shared/data): the linkage is not measured on it.\n',
  );
}
