/**
 * Everything that must pass before a change lands, in one run: `npm test`. The build comes first, since all else
 * reads it; then the static checks and the tests run side by side, one lane for each of two cores.
 *
 * The last line is `N passed, N failed, N skipped`: each static check counts as one, beside the tests.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const builds: readonly Check[] = [
  { name: 'engine modules', command: ['node', 'packages/group/wasm/build.ts'] },
  { name: 'build and types', command: ['tsc', '-b'] },
];

const staticChecks: readonly Check[] = [
  { name: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  {
    name: 'dependency arrows',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'bench', 'test'],
  },
  { name: 'unused code', command: ['knip'] },
  ...[
    'group',
    'oprf',
    'records',
    'tokenset',
    'merkle',
    'protocol',
    'ledger',
    'terminal',
    'client',
    'server',
  ].map((name): Check => ({
    name: `package ${name}`,
    command: ['publint', 'run', '--strict', '--pack', 'false', `packages/${name}`],
  })),
];

/** Runs a command and gives its exit code; its output is printed whole when it ends, so that lanes don't mix. */
async function run(command: readonly [string, ...string[]]): Promise<{ code: number; output: string }> {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

async function runCheck(check: Check): Promise<Outcome> {
  const begun = performance.now();
  const { code, output } = await run(check.command);
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
  if (code !== 0) console.log(output.trimEnd());
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function runStaticChecks(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of staticChecks) outcomes.push(await runCheck(check));
  return outcomes;
}

async function runTests(): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'gate-'));
  const report = join(directory, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { code, output } = await run(['vitest', 'run', ...reporters]);
    // The report is read and removed below; where it was is of no use to a reader.
    console.log(output.replace(/^JSON report written to .*$/m, '').trimEnd());
    for (const name of skippedTests(report)) console.log(`skipped: ${name}`);
    const counts = readCounts(report);
    // A run that broke outside a test (a file that does not load, an unhandled rejection) has failed as well.
    const failed = code !== 0 && counts.failed === 0 ? 1 : counts.failed;
    return { ...counts, failed };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface TestReport {
  readonly testResults?: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** The names of what was skipped; each says in its own words what it needs. */
function skippedTests(report: string): string[] {
  try {
    const { testResults = [] } = JSON.parse(readFileSync(report, 'utf8')) as TestReport;
    return testResults
      .flatMap((file) => file.assertionResults)
      .filter(({ status }) => status === 'skipped' || status === 'pending')
      .map(({ fullName }) => fullName.trim());
  } catch {
    return [];
  }
}

function readCounts(report: string): Outcome {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    return {
      passed: counts['numPassedTests'] ?? 0,
      failed: counts['numFailedTests'] ?? 0,
      skipped: (counts['numPendingTests'] ?? 0) + (counts['numTodoTests'] ?? 0),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const outcomes: Outcome[] = [];
for (const build of builds) outcomes.push(await runCheck(build));
if (outcomes.every(({ failed }) => failed === 0)) {
  const [checks, tests] = await Promise.all([runStaticChecks(), runTests()]);
  outcomes.push(...checks, tests);
}
const sum = (count: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + count(outcome), 0);
const failed = sum((outcome) => outcome.failed);
process.exitCode = failed === 0 ? 0 : 1;
console.log(
  `${sum((outcome) => outcome.passed)} passed, ${failed} failed, ${sum((outcome) => outcome.skipped)} skipped`,
);
