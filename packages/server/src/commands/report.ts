import type { Ledger } from '@blindmatch/ledger';
import { fingerprint, parseDigest, type Checkpoint } from '@blindmatch/protocol';
import { CommandError, EXIT, OutputFile, quoted, readPublicKey, type Reporter } from '@blindmatch/terminal';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parsePolicy } from '../policy/read-policy.ts';
import { REPORT_BEGINNING } from '../report/page.ts';
import { isDay, lengthOf, MAX_PERIOD_DAYS, unfinished } from '../report/period.ts';
import type { ReportedLog } from '../report/write-report.ts';
import { signHead } from './log/checkpoint.ts';
import { reporterOf, subcommand, type Json } from './subcommand.ts';
import { withLedger } from './with-ledger.ts';

interface ReportOptions {
  readonly from: string;
  readonly to: string;
  readonly html: string;
  readonly public?: boolean;
  readonly suppressBelow?: number;
}

/** Below this, counts are not shown in a report for publication unless something else is asked for. */
const SUPPRESS_BELOW = 10;

/** Adds `blindmatchd report`. */
export function addReportCommand(program: Command): void {
  subcommand(program, 'report', 'write what was asked and decided in a period as a page to read and print')
    .requiredOption('--from <day>', 'the first day (2026-01-01), in UTC', parseDay)
    .requiredOption('--to <day>', 'the last day', parseDay)
    .requiredOption('--html <file>', 'where the page goes (HTML)')
    .option('--public', 'make the version for publication: no small counts, no ids, no keys, months only')
    .addOption(
      new Option(
        '--suppress-below <number>',
        `with --public, the least count that is shown (default: ${SUPPRESS_BELOW})`,
      ).argParser(parseThreshold),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ blindmatchd report holder --from 2026-01-01 --to 2026-12-31 --html report.html
  $ blindmatchd report holder --from 2026-01-01 --to 2026-12-31 --html public.html --public`,
    )
    .action(async (directory: string, options: ReportOptions & Json, command: Command) => {
      if (options.suppressBelow !== undefined && options.public !== true) {
        command.error('error: --suppress-below goes with --public; give both');
      }
      await report(directory, options, reporterOf(options));
    });
}

/** `blindmatchd report`: what the log says of a period. A daemon may serve meanwhile. */
async function report(path: string, options: ReportOptions, reporter: Reporter): Promise<void> {
  const period = { from: options.from, to: options.to };
  if (period.to < period.from) throw wrongPeriod('--to is before --from; give the first day and the last');
  if (lengthOf(period) > MAX_PERIOD_DAYS) {
    throw wrongPeriod(`A report is about at most ${MAX_PERIOD_DAYS} days; make several`);
  }
  // What draws charts takes long to load, and no other command needs it.
  const { writeReport } = await import('../report/write-report.ts');
  await withLedger(path, async (ledger, directory) => {
    const stored = await ledger.policy();
    if (stored === undefined) {
      throw new CommandError(
        'no_policy',
        `No policy is in force yet, so there is nothing to report; put it in force with: blindmatchd policy reload ${quoted(path)}`,
      );
    }
    const kind = { name: 'report', option: '--html', header: REPORT_BEGINNING };
    const madeAt = new Date();
    const file = new OutputFile(options.html, kind);
    try {
      const log = logUpTo(signHead(await ledger.log.head(), directory), ledger);
      const suppressBelow = options.public === true ? (options.suppressBelow ?? SUPPRESS_BELOW) : undefined;
      const facts = await writeReport(
        log,
        {
          period,
          policy: parsePolicy(stored.text),
          fingerprint: fingerprint(readPublicKey(directory.publicIdentity)),
          madeAt,
          suppressBelow,
        },
        (html) => {
          file.add(html);
        },
      );
      file.keep();
      reporter.event(
        'reported',
        {
          html: options.html,
          from: period.from,
          to: period.to,
          public: suppressBelow !== undefined,
          entries: facts.entries,
          checkpoint: log.checkpoint.size,
        },
        `The report on ${facts.entries} entries of the log from ${period.from} to ${period.to} is in ${options.html}.`,
      );
    } finally {
      file.discard();
    }
    const stillOpen = unfinished(period, madeAt);
    if (stillOpen !== undefined)
      reporter.notice('period_not_ended', stillOpen, { from: period.from, to: period.to });
  });
}

/** The log as it was at one moment: what is appended while the report is made is left for the next. */
function logUpTo(checkpoint: Checkpoint, ledger: Ledger): ReportedLog {
  return {
    checkpoint,
    async *leaves() {
      for await (const stored of ledger.log.leaves()) {
        if (stored.index >= checkpoint.size) return;
        yield stored;
      }
    },
    requesterOf: async (request) => (await ledger.find(parseDigest(request, 'log_invalid')))?.requester,
  };
}

function wrongPeriod(sentence: string): CommandError {
  return new CommandError('period_invalid', `${sentence}.`, EXIT.usage);
}

function parseDay(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('Give a day as in 2026-05-31.');
  return text;
}

function parseThreshold(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text) || text === '1') {
    throw new InvalidArgumentError('Give a whole number from 2 to 9999.');
  }
  return Number(text);
}
