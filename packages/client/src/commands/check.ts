import { noRecords } from '../prepare.ts';
import { DEFAULT_PROFILE, parseColumnMap, profileById, readRequests, understand } from '@blindmatch/records';
import { CommandError, EXIT, readTextFile, type Reporter } from '@blindmatch/terminal';

export interface CheckOptions {
  readonly columns?: string;
  readonly profile?: string;
  readonly rejectedOnly?: boolean;
}

/** `blindmatch check`: offline, what would be rejected and why, and what the canonical forms are. */
export async function check(path: string, options: CheckOptions, reporter: Reporter): Promise<void> {
  const profile = options.profile === undefined ? DEFAULT_PROFILE : profileById(options.profile);
  if (profile === undefined) {
    throw new CommandError(
      'profile_unknown',
      `There is no profile "${options.profile ?? ''}"; this release has ${DEFAULT_PROFILE.id}.`,
      EXIT.usage,
    );
  }
  const columns =
    options.columns === undefined ? {} : { columns: parseColumnMap(readTextFile(options.columns)) };
  const rejected = new Map<string, number>();
  let records = 0;
  for await (const record of readRequests(path, columns)) {
    records++;
    const understood = understand(profile, record);
    if (understood.kind === 'rejected') {
      rejected.set(understood.code, (rejected.get(understood.code) ?? 0) + 1);
      reporter.event(
        'rejected',
        { record_id: record.recordId, line: record.line, code: understood.code, reason: understood.reason },
        [`${record.recordId}  rejected  ${understood.reason}`],
      );
    } else if (options.rejectedOnly !== true) {
      const fields = Object.entries(understood.fields).filter(([, value]) => value !== '');
      reporter.event(
        'understood',
        {
          record_id: record.recordId,
          line: record.line,
          ...Object.fromEntries(fields),
          keys: understood.keys.map((key) => key.name),
        },
        [`${record.recordId}  ok  ${fields.map(([name, value]) => `${name}=${value}`).join('  ')}`],
      );
    }
  }
  if (records === 0) throw noRecords(path);
  const refused = [...rejected.values()].reduce((sum, count) => sum + count, 0);
  for (const [code, count] of rejected) reporter.event('total', { code, records: count });
  reporter.event(
    'checked',
    { records, accepted: records - refused, rejected: refused, profile: profile.id },
    `${records} records: ${records - refused} can be submitted, ${refused} would be rejected.` +
      [...rejected].map(([code, count]) => `\n  ${count} ${code}`).join(''),
  );
}
