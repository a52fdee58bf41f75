import {
  AccountOfRecords,
  calendarDateOf,
  DEFAULT_PROFILE,
  parseColumnMap,
  profileById,
  readPeople,
  REJECTIONS_HEADER,
  rejectionLine,
  tellingFields,
  TIERS,
  understandPerson,
  type PersonRecord,
  type PersonRules,
  type Profile,
  type Rejection,
  type Tier,
  type UnderstoodPerson,
} from '@blindmatch/records';
import {
  CommandError,
  EXIT,
  OutputFile,
  readTextFile,
  setInLines,
  whenInterrupted,
  type Reporter,
} from '@blindmatch/terminal';

export interface CheckOptions {
  readonly columns?: string;
  readonly profile?: string;
  readonly rejectedOnly?: boolean;
  /** Where the rejections go, CSV. */
  readonly rejections?: string;
  /** The tiers that are answered; both unless given. */
  readonly tiers?: readonly Tier[];
}

/**
 * `blindmatchd check`: what is understood of each person on file, and who can't be found and why. It needs no holder's
 * directory. Whether a match key belongs to somebody else too, only a build knows.
 */
export async function check(path: string, options: CheckOptions, reporter: Reporter): Promise<void> {
  const rules: PersonRules = {
    profile: profileNamed(options.profile),
    tiers: options.tiers ?? TIERS,
    today: calendarDateOf(new Date()),
  };
  const kind = { name: 'rejections', option: '--rejections', header: REJECTIONS_HEADER };
  const rejections =
    options.rejections === undefined
      ? undefined
      : new OutputFile(options.rejections, kind, [path, options.columns]);
  whenInterrupted('Interrupted; nothing was kept, so run the same command again.', () => {
    rejections?.discard();
  });
  try {
    await checkPeople(path, rules, options, rejections, reporter);
  } finally {
    rejections?.discard();
  }
}

async function checkPeople(
  path: string,
  rules: PersonRules,
  options: CheckOptions,
  rejections: OutputFile | undefined,
  reporter: Reporter,
): Promise<void> {
  const columns =
    options.columns === undefined ? {} : { columns: parseColumnMap(readTextFile(options.columns)) };
  const account = new AccountOfRecords();
  for await (const person of readPeople(path, columns)) {
    const understood = understandPerson(person, rules);
    account.add(understood);
    if (understood.kind === 'rejected') {
      rejections?.add(rejectionLine(person, understood));
      reportRejected(person, understood, reporter);
    } else if (options.rejectedOnly !== true) {
      reportUnderstood(person, understood, reporter);
    }
  }
  if (account.records === 0) {
    throw new CommandError(
      'nobody_on_file',
      `${path} holds nobody; check that it is the file of the people on file.`,
    );
  }
  rejections?.keep();
  reportTotals(account, reporter);
  const { records: people, accepted, rejected, keys } = account;
  reporter.event(
    'checked',
    {
      people,
      accepted,
      rejected,
      match_keys: keys,
      profile: rules.profile.id,
      ...(rejections === undefined ? {} : { rejections: rejections.path }),
    },
    [
      `${people} people: ${accepted} give match keys, ${rejected} can't be found.`,
      ...(rejections === undefined ? [] : [`Rejections: ${rejections.path}`]),
    ],
  );
}

function reportRejected({ line }: PersonRecord, { code, reason }: Rejection, reporter: Reporter): void {
  reporter.event('rejected', { line, code, reason }, [
    `line ${line}  rejected: ${code}`,
    ...setInLines('    ', reason.split(' ')),
  ]);
}

function reportUnderstood(
  { line }: PersonRecord,
  { fields, keys }: UnderstoodPerson,
  reporter: Reporter,
): void {
  const present = Object.entries(fields).filter(([, value]) => value !== '');
  const tiers = TIERS.filter((tier) => keys.some((key) => key.tier === tier));
  // A person may have several keys of one name, such as one for each of two surnames.
  const names = Map.groupBy(keys, ({ name }) => name);
  const counted = [...names].map(([name, { length }]) => (length === 1 ? name : `${name} (${length})`));
  const listed = counted.map((text, at) => (at < counted.length - 1 ? `${text},` : text));
  reporter.event('understood', { ...Object.fromEntries(present), line, tiers, keys: [...names.keys()] }, [
    `line ${line}  ${tiers.join(' ')}`,
    ...setInLines(
      '    ',
      tellingFields(fields).map(([name, value]) => `${name}=${value}`),
      '  ',
    ),
    ...setInLines('    keys: ', listed),
  ]);
}

/** How many people each tier has and how many were rejected for each reason, one event each. */
function reportTotals({ tiers, rejections }: AccountOfRecords, reporter: Reporter): void {
  const labels = [...tiers.map(({ tier }) => tier), ...rejections.map(({ code }) => code)];
  const width = Math.max(...labels.map((label) => label.length));
  const lines = (people: number, label: string, text: string): readonly string[] =>
    setInLines(`${String(people).padStart(9)}  ${label.padEnd(width)}  `, text.split(' '));
  for (const { tier, records: people, keys } of tiers) {
    reporter.event('tier', { tier, people, match_keys: keys }, lines(people, tier, `${keys} match keys`));
  }
  for (const { code, reason, records: people } of rejections) {
    reporter.event('total', { code, people, reason }, lines(people, code, reason));
  }
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
