import { ENGINE_NAMES, type Engine, type EngineName } from '@blindmatch/group';
import { defaultEngine } from '@blindmatch/oprf';
import { alternate, type Schedule } from './alternation.ts';
import { prepareContest } from './contest.ts';
import { engineByName, engineNameOf } from './engines.ts';
import { judge, verdictLines } from './limits.ts';
import { checkOutFile, writeOutFile } from './out-file.ts';
import { aligned, rowsOf, tableOf } from './rows.ts';
import type { ChunkOptions } from './sizes.ts';
import { countOption, parseArguments, UsageError } from './usage.ts';
import { measureWorkers, type WorkersResult } from './workers.ts';

const USAGE = `Usage: pnpm bench core [--json] [--engine NAME]... [--repetitions N] [--chunk N] [--workers]
                       [--without-roots] [--check] [--quick] [--out FILE]
Times the group and the function on one core, beside libsodium, and prints microseconds for an element.

  --json             one JSON array instead of a table
  --engine NAME      ${ENGINE_NAMES.join(', ')}; may be repeated; default: all that run here
  --repetitions N    windows of each operation, at least 7; default 15
  --chunk N          elements of a chunk, for all engines but noble; default 4096
  --workers          also compare one worker thread with two, with the engine that the programs take here
                     (BLINDMATCH_ENGINE names another; --engine does not)
  --without-roots    verify with neither the roots that a requester keeps nor those that a holder sends; not with
                     --check
  --check            hold the figures against the limits; exit code 1 when one does not hold or lacks a figure:
                     wasm, noble and the native libsodium are needed, and --workers for the limit of two workers
  --quick            tiny batches, only to see that it works; not with --check or --chunk
  --out FILE         write the JSON array to a file as well

With a C compiler and libsodium's headers (Debian: gcc libsodium-dev), libsodium itself is measured in the same run.`;

const LEAST_REPETITIONS = 7;
const SCHEDULE: Schedule = { repetitions: 15, windowMillis: 50, warmUpMillis: 300 };
const QUICK_SCHEDULE: Schedule = { repetitions: LEAST_REPETITIONS, windowMillis: 0, warmUpMillis: 0 };

interface CoreOptions extends ChunkOptions {
  readonly json: boolean;
  /** Empty for all that run here. */
  readonly engines: readonly EngineName[];
  readonly schedule: Schedule;
  readonly workers: boolean;
  readonly check: boolean;
  readonly out: string | undefined;
}

/** @throws UsageError; undefined when help is asked for */
function parseOptions(argv: readonly string[]): CoreOptions | undefined {
  const values = parseArguments(argv, {
    json: { type: 'boolean', default: false },
    engine: { type: 'string', multiple: true, default: [] },
    repetitions: { type: 'string' },
    chunk: { type: 'string' },
    workers: { type: 'boolean', default: false },
    'without-roots': { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) return undefined;
  const { json, workers, check, quick, out, chunk } = values;
  if (quick && check) {
    throw new UsageError('--check needs figures that mean something; leave out --quick, or --check.');
  }
  if (quick && chunk !== undefined) {
    throw new UsageError('--quick has a chunk of its own; leave out --chunk, or --quick.');
  }
  if (values['without-roots'] && check) {
    throw new UsageError(
      '--check is about what the programs do, with roots; leave out --without-roots, or --check.',
    );
  }
  const schedule = quick ? QUICK_SCHEDULE : SCHEDULE;
  const repetitions = values.repetitions ?? String(schedule.repetitions);
  return {
    engines: values.engine.map(engineNameOf),
    schedule: { ...schedule, repetitions: countOption(repetitions, 'repetitions', LEAST_REPETITIONS) },
    chunk: chunk === undefined ? undefined : countOption(chunk, 'chunk', 1),
    roots: !values['without-roots'],
    ...{ json, workers, check, quick, out },
  };
}

function notice(text: string): void {
  console.error(text);
}

/**
 * Those that are asked for, or all that run here.
 * @throws Error when one that was asked for by name does not
 */
function loadEngines(names: readonly EngineName[]): Engine[] {
  if (names.length > 0) return [...new Set(names)].map(engineByName);
  return ENGINE_NAMES.flatMap((name) => {
    try {
      return [engineByName(name)];
    } catch (error) {
      notice(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
}

function report(text: string, json: boolean): void {
  // Beside the JSON array nothing else goes to standard output.
  if (json) console.error(text);
  else console.log(text);
}

function workersTable({ engine, one, two, speedUp }: WorkersResult): string {
  const lines = [
    ['workers', 'engine', 'µs/element'],
    ['1', engine, one.toFixed(3)],
    ['2', engine, two.toFixed(3)],
  ];
  return `Evaluation with proofs in worker threads:\n${aligned(lines)}\ntwo workers / one: ${speedUp.toFixed(3)}`;
}

/**
 * `bench core`.
 * @returns the exit code
 * @throws UsageError; GroupError `engine_unusable`; Error when results differ
 */
export async function runCore(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { json, schedule, check, out } = options;
  if (out !== undefined) checkOutFile(out);
  // An engine that can't be used is known before anything is measured.
  const workersEngine = options.workers ? defaultEngine() : undefined;
  const contest = await prepareContest(loadEngines(options.engines), options, notice);
  try {
    const measurements = await alternate(contest.candidates, schedule, (round) => {
      notice(round === 0 ? 'Warming up …' : `Round ${round} of ${schedule.repetitions} …`);
    });
    const rows = rowsOf(measurements, process.versions.node);
    const text = JSON.stringify(rows, undefined, 1);
    console.log(json ? text : tableOf(measurements, process.versions.node));
    if (out !== undefined) writeOutFile(out, text);
    const workers =
      workersEngine === undefined ? undefined : await measureWorkers(workersEngine.name, options);
    if (workers !== undefined) report(workersTable(workers), json);
    if (!check) return 0;
    const verdicts = judge(rows, workers?.speedUp);
    report(aligned(verdictLines(verdicts)), json);
    if (workers === undefined) {
      report('The limit of two workers is left out; it takes --workers and two free cores.', json);
    }
    return verdicts.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    contest.close();
  }
}
