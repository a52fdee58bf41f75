import { randomBytes } from 'node:crypto';
import { ENGINE_NAMES, SCALAR_BYTES, UNIFORM_BYTES } from '@blindmatch/group';
import { engineByName, engineNameOf } from './engines.ts';
import { DEFINITE, LEAST_SAMPLES, strongestLeakage, SUSPICIOUS } from './leakage.ts';
import { thisMachine, type Machine } from './machine.ts';
import { checkOutFile, writeOutFile } from './out-file.ts';
import { aligned } from './rows.ts';
import { takeSamples } from './samples.ts';
import {
  constantMultiplication,
  FIXED_SCALARS,
  leakingMultiplications,
  secretMultiplication,
  SPARSE,
  type FixedScalar,
  type Subject,
} from './timing-subjects.ts';
import { countOption, parseArguments } from './usage.ts';

const USAGE = `Usage: pnpm bench timing [--engine NAME] [--samples N] [--batch N] [--json] [--out FILE]
Tells whether the time of a multiplication depends on its secret scalar: Welch's t between a fixed scalar and random
ones. Beside the engine it tests multiplications that do leak, which it must catch, and one that can't, which must be
quiet. Exit code 1 when the engine leaks or a control does not do what it should. GUIDE.md, "Benchmarks", explains
the words of the table.

  --engine NAME   ${ENGINE_NAMES.join(', ')}; default wasm
  --samples N     of each class, at least ${LEAST_SAMPLES}; default 20000. Few only show that it works: the fainter of the
                  controls is then mostly missed
  --batch N       elements of one multiplication; default 16
  --json          one JSON object instead of a table
  --out FILE      write the JSON object to a file as well`;

/** What one test found. */
interface TimingTest {
  readonly subject: string;
  readonly fixed: string;
  /** Samples of the fixed and of the random class. */
  readonly samples: readonly [number, number];
  readonly t: number;
  readonly test: string;
  /** 'caught' or 'missed' for a control that leaks, 'quiet' or 'leaks' for the rest. */
  readonly verdict: 'quiet' | 'leaks' | 'caught' | 'missed';
}

interface TimingReport extends Machine {
  readonly engine: string;
  readonly batch: number;
  /** An engine leaks from here on. */
  readonly threshold: number;
  /** A control is caught from here on. */
  readonly controlThreshold: number;
  readonly tests: readonly TimingTest[];
  readonly passed: boolean;
}

/**
 * `bench timing`.
 * @returns the exit code
 * @throws UsageError
 */
export function runTiming(argv: readonly string[]): number {
  const values = parseArguments(argv, {
    engine: { type: 'string', default: 'wasm' },
    samples: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '16' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { engine, json, out } = values;
  const samples = countOption(values.samples, 'samples', LEAST_SAMPLES);
  const batch = countOption(values.batch, 'batch', 1);
  if (out !== undefined) checkOutFile(out);
  const report = testTiming(engine, samples, batch);
  const text = JSON.stringify(report, undefined, 2);
  console.log(json ? text : tableOf(report));
  if (out !== undefined) writeOutFile(out, text);
  return report.passed ? 0 : 1;
}

function verdictOnLeaking(t: number): TimingTest['verdict'] {
  return Math.abs(t) >= DEFINITE ? 'caught' : 'missed';
}

function verdictOnSecret(t: number): TimingTest['verdict'] {
  return Math.abs(t) < SUSPICIOUS ? 'quiet' : 'leaks';
}

function testTiming(engineName: string, samples: number, batch: number): TimingReport {
  const engine = engineByName(engineNameOf(engineName));
  const points = engine.derive(randomBytes(batch * UNIFORM_BYTES));
  const tests: TimingTest[] = [];
  const test = (subject: Subject, { name, scalar }: FixedScalar, leaking: boolean): void => {
    console.error(`${subject.name}, ${name} …`);
    const taken = takeSamples(engine, subject, scalar, samples);
    const { t, test } = strongestLeakage(taken.samples, taken.cuts);
    tests.push({
      subject: subject.name,
      fixed: name,
      samples: [taken.samples.fixed.length, taken.samples.random.length],
      t: Number(t.toFixed(2)),
      test,
      verdict: leaking ? verdictOnLeaking(t) : verdictOnSecret(t),
    });
  };
  for (const control of leakingMultiplications(engine, points)) test(control, SPARSE, true);
  const constant = engine.scalarsFromWide(randomBytes(2 * SCALAR_BYTES));
  test(constantMultiplication(engine, points, constant), SPARSE, false);
  for (const fixed of FIXED_SCALARS) test(secretMultiplication(engine, points), fixed, false);
  return {
    engine: engine.name,
    ...thisMachine(),
    batch,
    threshold: SUSPICIOUS,
    controlThreshold: DEFINITE,
    tests,
    passed: tests.every(({ verdict }) => verdict === 'quiet' || verdict === 'caught'),
  };
}

function tableOf({ tests, engine, cpu, node, batch }: TimingReport): string {
  const lines = tests.map(({ subject, fixed, samples, t, verdict, test }) => [
    subject,
    fixed,
    samples.join(' + '),
    `t = ${t.toFixed(2)}`,
    verdict,
    test,
  ]);
  return `${engine}, batches of ${batch}, Node.js ${node}, ${cpu}\n${aligned(lines)}`;
}
