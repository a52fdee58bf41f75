/**
 * The whole flow on people who do not exist, with the real programs on this machine: `npm run demo`. It checks every
 * outcome against the ground truth, prints an account of what each side saw and learned, and leaves its files in
 * `demo/` of the working directory.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatePopulation } from '../population/population.ts';
import { checkOutcome, type ClassOutcome } from './outcome-check.ts';
import { runProgram, startDaemon, type ProgramEvent, type Run } from './programs.ts';

const SEED = 'blindmatch demo';
const PEOPLE = 2000;
const REQUESTS = 600;
const STATUTE = '8 U.S.C. 1253(a)(1)';
const REASON = 'Demonstration with synthetic people';

const base = 'demo';
const at = (...parts: readonly string[]): string => join(base, ...parts);
const people = at('holder', 'people.csv');
const holder = at('holder', 'daemon');
const requests = at('requester', 'requests.csv');
const request = at('requester', 'REQUEST');
const results = at('requester', 'results.csv');
const truth = at('truth.csv');

/** Empties `demo/`, but only one that an earlier run made. */
function clear(): void {
  const mark = at('.made-by-npm-run-demo');
  if (existsSync(base) && readdirSync(base).length > 0 && !existsSync(mark)) {
    throw new Error(`${base}/ holds something else than an earlier demo; move it away and run this again.`);
  }
  rmSync(base, { recursive: true, force: true });
  for (const side of ['holder', 'requester']) mkdirSync(at(side), { recursive: true });
  writeFileSync(mark, '');
}

async function makePopulation(): Promise<void> {
  const made = at('population');
  await generatePopulation({
    seed: SEED,
    people: PEOPLE,
    requests: REQUESTS,
    same: 0.4,
    foldableNoiseOnly: true,
    directory: made,
  });
  // Each side gets its own file; the truth is for the check at the end and belongs to neither.
  for (const [name, path] of [
    ['people.csv', people],
    ['requests.csv', requests],
    ['truth.csv', truth],
  ] as const) {
    writeFileSync(path, readFileSync(join(made, name)));
  }
  rmSync(made, { recursive: true });
}

interface Flow {
  readonly build: Run;
  readonly prepare: Run;
  readonly submit: Run;
}

async function runFlow(): Promise<Flow> {
  console.log(`Building the token set of ${PEOPLE} synthetic people …`);
  const init = await runProgram('blindmatchd', 'init', holder, '--name', 'Tax Agency');
  const fingerprint = String(eventOf(init, 'initialised')['fingerprint']);
  const build = await runProgram('blindmatchd', 'build', holder, '--source', people);

  const key = at('requester', 'official.pem');
  const publicKey = at('requester', 'official.pub.pem');
  await runProgram('blindmatch', 'keygen', key);
  const official = ['--official', publicKey, '--max-records', '1000000'];
  await runProgram('blindmatchd', 'allow', holder, '--requester', 'Requesting Agency', ...official);

  console.log(`Matching ${REQUESTS} synthetic records …`);
  const daemon = await startDaemon(holder, at('holder', 'daemon.log'));
  try {
    const server = ['--server', daemon.url];
    // Nothing is remembered of this holder outside demo/.
    const remembered = ['--checkpoints', at('requester', 'checkpoints')];
    const authority = ['--statute', STATUTE, '--reason', REASON];
    const pinned = ['--holder', fingerprint];
    const prepare = await runProgram(
      'blindmatch',
      'prepare',
      requests,
      ...server,
      ...remembered,
      ...pinned,
      ...authority,
      '-o',
      request,
    );
    await runProgram('blindmatch', 'sign', request, '--key', key, '--yes');
    const cache = ['--cache', at('requester', 'cache')];
    const files = [...cache, ...remembered, '--out', results];
    const submit = await runProgram('blindmatch', 'submit', request, ...server, ...files);
    return { build, prepare, submit };
  } finally {
    await daemon.stop();
  }
}

function eventOf(run: Run, name: string): ProgramEvent {
  const event = run.events.find((candidate) => candidate.event === name);
  if (event === undefined) throw new Error(`A program did not report "${name}".`);
  return event;
}

/** How many records were asked about in each tier, and how many of them match. */
function tierLines(prepare: Run, finished: ProgramEvent): readonly string[] {
  return prepare.events
    .filter(({ event }) => event === 'tier')
    .map(({ tier, records }) => {
      const matches = finished[`match_${String(tier)}`];
      return `                ${String(tier).padEnd(16)}  ${String(matches)} of ${String(records)}`;
    });
}

function printAccount({ build, prepare, submit }: Flow, classes: readonly ClassOutcome[]): void {
  const built = eventOf(build, 'built');
  const prepared = eventOf(prepare, 'prepared');
  const finished = eventOf(submit, 'finished');
  const number = (event: ProgramEvent, field: string): string => Number(event[field]).toLocaleString('en-US');
  const seconds = (run: Run): string => `${run.seconds.toFixed(1)} s`;
  const blinded = statSync(join(request, 'blinded.bin')).size.toLocaleString('en-US');
  const lines = [
    '',
    'Blindmatch demonstration: none of these people exist.',
    '',
    'The holder ("Tax Agency")',
    `  has           ${number(built, 'people')} people on file, which it turned into a set of ${number(built, 'tokens')} tokens`,
    `                of ${number(built, 'bits')} bits (${number(built, 'bytes')} bytes, built in ${seconds(build)})`,
    `  saw           one request by "Requesting Agency", signed by an allowed official, under ${STATUTE}:`,
    `                ${number(prepared, 'records')} records as ${number(prepared, 'elements')} blinded elements (${blinded} random-looking bytes)`,
    '  learned       these counts, and nothing about who the records name or which of them match',
    '',
    'The requester ("Requesting Agency")',
    `  has           ${number(prepared, 'lines')} records, of which it submitted ${number(prepared, 'records')} (prepared in ${seconds(prepare)}) and`,
    `                refused ${number(finished, 'rejected')} itself as placeholders or incomplete`,
    `  saw           one evaluated element for each of its own, with a proof, and the token set`,
    `                (${number(finished, 'bytes_sent')} bytes sent, ${number(finished, 'bytes_received')} received, in ${seconds(submit)})`,
    `  learned       ${number(finished, 'match')} of its records match and ${number(finished, 'no_match')} do not; nothing about anybody else`,
    '                Matches by tier (without a date of birth, namesakes of one household are not told apart):',
    ...tierLines(prepare, finished),
    '',
    'Against the ground truth',
    ...classes.map(
      ({ name, expected, records, right }) =>
        `  ${name.padEnd(12)}  ${right} of ${records} came out as ${expected}${right === records ? '' : '   WRONG'}`,
    ),
    '',
    'The first results:',
    ...readFileSync(results, 'utf8')
      .split(/\r?\n/, 5)
      .map((line) => `  ${line}`),
    '',
    `All files are in ${base}/: holder/ and requester/ are what each side has on its own disk.`,
  ];
  console.log(lines.join('\n'));
}

clear();
await makePopulation();
const flow = await runFlow();
const classes = await checkOutcome(results, truth);
printAccount(flow, classes);
if (classes.some(({ records, right }) => right !== records)) {
  console.error('Some outcomes are not what the ground truth says; this is a fault, please report it.');
  process.exitCode = 1;
}
