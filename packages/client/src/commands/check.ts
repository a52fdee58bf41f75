import {
  AccountOfRecords,
  calendarDateOf,
  DEFAULT_PROFILE,
  parseColumnMap,
  profileById,
  readRequests,
  rejectionLine,
  tellingFields,
  TIERS,
  understandRequest,
  type Profile,
  type Rejection,
  type RequestRecord,
  type RequestRules,
  type Tier,
  type UnderstoodRequest,
} from '@blindmatch/records';
import {
  CommandError,
  EXIT,
  readTextFile,
  setInLines,
  whenInterrupted,
  type OutputFile,
  type Reporter,
} from '@blindmatch/terminal';
import { noRecords } from '../prepare.ts';
import { beginRejections } from '../rejections-file.ts';
import { reportAccount } from './account-report.ts';

export interface CheckOptions {
  readonly columns?: string;
  readonly profile?: string;
  readonly rejectedOnly?: boolean;
  /** Where the rejections go, CSV. */
  readonly rejections?: string;
  /** The tiers that the holder answers; both unless given. */
  readonly tiers?: readonly Tier[];
  /** The least age of an order that the holder asks for; 0 unless given. */
  readonly minimumOrderAgeDays?: number;
}

/** `blindmatch check`: offline, what is understood of each record, and what would be rejected and why. */
export async function check(path: string, options: CheckOptions, reporter: Reporter): Promise<void> {
  const rules: RequestRules = {
    profile: profileNamed(options.profile),
    tiers: options.tiers ?? TIERS,
    minimumOrderAgeDays: options.minimumOrderAgeDays ?? 0,
    today: calendarDateOf(new Date()),
  };
  const rejections = beginRejections(options.rejections, [path, options.columns]);
  whenInterrupted('Interrupted; nothing was kept, so run the same command again.', () => {
    rejections?.discard();
  });
  try {
    await checkRecords(path, rules, options, rejections, reporter);
  } finally {
    rejections?.discard();
  }
}

async function checkRecords(
  path: string,
  rules: RequestRules,
  options: CheckOptions,
  rejections: OutputFile | undefined,
  reporter: Reporter,
): Promise<void> {
  const columns =
    options.columns === undefined ? {} : { columns: parseColumnMap(readTextFile(options.columns)) };
  const account = new AccountOfRecords();
  for await (const record of readRequests(path, columns)) {
    const understood = understandRequest(record, rules);
    account.add(understood);
    if (understood.kind === 'rejected') {
      rejections?.add(rejectionLine(record, understood));
      reportRejected(record, understood, reporter);
    } else if (options.rejectedOnly !== true) {
      reportUnderstood(record, understood, reporter);
    }
  }
  if (account.records === 0) throw noRecords(path);
  rejections?.keep();
  reportAccount(account, reporter);
  const { records, accepted, rejected, keys } = account;
  reporter.event(
    'checked',
    {
      records,
      accepted,
      rejected,
      keys,
      profile: rules.profile.id,
      ...(rejections === undefined ? {} : { rejections: rejections.path }),
    },
    [
      `${records} records: ${accepted} can be submitted, ${rejected} would be rejected.`,
      ...(rejections === undefined ? [] : [`Rejections: ${rejections.path}`]),
    ],
  );
}

function reportRejected(record: RequestRecord, { code, reason }: Rejection, reporter: Reporter): void {
  const { recordId, line } = record;
  reporter.event('rejected', { record_id: recordId, line, code, reason }, [
    `${recordId}  line ${line}  rejected: ${code}`,
    ...setInLines('    ', reason.split(' ')),
  ]);
}

function reportUnderstood(record: RequestRecord, understood: UnderstoodRequest, reporter: Reporter): void {
  const { recordId, line } = record;
  const { tier } = understood;
  const present = Object.entries(understood.fields).filter(([, value]) => value !== '');
  // A record may have several keys of one name, such as one for each of two surnames.
  const names = Map.groupBy(understood.keys, ({ name }) => name);
  const counted = [...names].map(([name, { length }]) => (length === 1 ? name : `${name} (${length})`));
  const listed = counted.map((text, at) => (at < counted.length - 1 ? `${text},` : text));
  reporter.event(
    'understood',
    { ...Object.fromEntries(present), record_id: recordId, line, tier, keys: [...names.keys()] },
    [
      `${recordId}  line ${line}  ${tier}`,
      ...setInLines(
        '    ',
        tellingFields(understood.fields).map(([name, value]) => `${name}=${value}`),
        '  ',
      ),
      ...setInLines('    keys: ', listed),
    ],
  );
}

/** @throws CommandError `profile_unknown`, exit code 2 */
function profileNamed(id: string | undefined): Profile {
  const profile = id === undefined ? DEFAULT_PROFILE : profileById(id);
  if (profile !== undefined) return profile;
  throw new CommandError(
    'profile_unknown',
    `There is no profile "${id ?? ''}"; the newest of this release is ${DEFAULT_PROFILE.id}.`,
    EXIT.usage,
  );
}
