// node bench/population/make.ts --seed S --people N --requests M --match-rate R [--rate NAME=VALUE ...] --out DIR
import { parseArgs } from 'node:util';
import { readRateName } from './error-rates.ts';
import type { ErrorRates, RateName } from './error-rates.ts';
import { DEFAULT_SHARES, generatePopulation } from './population.ts';
import type { PopulationOptions } from './population.ts';

const USAGE = `Usage: node bench/population/make.ts --out DIR [options]

Writes people.csv, requests.csv and truth.csv of a population that does not exist into DIR.

  --seed S                  anything; the same options give the same files (default 1)
  --people N                people on the holder's file (default 20000)
  --requests M              records of the request (default 10000)
  --match-rate R            share of the requests for people on file at that address (default ${DEFAULT_SHARES.same})
  --moved R                 share for people on file at another address (default ${DEFAULT_SHARES.moved})
  --incomplete R            share that is unusable (default ${DEFAULT_SHARES.incomplete}); the rest is for people not on file
  --absent-beside R         how many of those not on file live with somebody who is (default ${DEFAULT_SHARES.absentBesideOnFile})
  --namesake-sons R         how often a first son bears his father's name (default ${DEFAULT_SHARES.namesakeSons})
  --twins R                 how often a birth is of twins (default ${DEFAULT_SHARES.twins})
  --origins G,H,A,O         shares of general, Hispanic, Asian and other names (default ${Object.values(DEFAULT_SHARES.origins).join()})
  --rate NAME=VALUE         an error rate of the requests, or, with holder:NAME=VALUE, of the holder's file; may be repeated
  --formatting-only         no errors at all: records differ in formatting alone
  --help

README.md, beside this program, lists the error rates.`;

class UsageError extends Error {}

function numberOf(text: string, name: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`${name} must be a number, not "${text}".`);
  return number;
}

interface RateChanges {
  readonly requests: Partial<ErrorRates>;
  readonly holder: Partial<ErrorRates>;
}

function readRates(texts: readonly string[]): RateChanges {
  const requests: Partial<Record<RateName, number>> = {};
  const holder: Partial<Record<RateName, number>> = {};
  for (const text of texts) {
    const [, side, name, value] = /^(holder:)?(\w+)=(.+)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError(`--rate takes NAME=VALUE, not "${text}".`);
    (side === undefined ? requests : holder)[readRateName(name)] = numberOf(value, `The rate ${name}`);
  }
  return { requests, holder };
}

function readOrigins(text: string): NonNullable<PopulationOptions['origins']> {
  const [general, hispanic, asian, other, ...more] = text
    .split(',')
    .map((share) => numberOf(share, '--origins'));
  if (
    general === undefined ||
    hispanic === undefined ||
    asian === undefined ||
    other === undefined ||
    more.length > 0
  ) {
    throw new UsageError('--origins takes four numbers, as 0.5,0.3,0.1,0.1.');
  }
  if (Math.min(general, hispanic, asian, other) < 0 || general + hispanic + asian + other <= 0) {
    throw new UsageError('The shares of --origins must not be negative, nor all 0.');
  }
  return { general, hispanic, asian, other };
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      people: { type: 'string', default: '20000' },
      requests: { type: 'string', default: '10000' },
      'match-rate': { type: 'string' },
      moved: { type: 'string' },
      incomplete: { type: 'string' },
      'absent-beside': { type: 'string' },
      'namesake-sons': { type: 'string' },
      twins: { type: 'string' },
      origins: { type: 'string' },
      rate: { type: 'string', multiple: true, default: [] },
      'formatting-only': { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  if (values.out === undefined) throw new UsageError('Name the directory to write into: --out DIR.');
  type Share = 'match-rate' | 'moved' | 'incomplete' | 'absent-beside' | 'namesake-sons' | 'twins';
  const share = (flag: Share, name: keyof PopulationOptions): object => {
    const text = values[flag];
    return text === undefined ? {} : { [name]: numberOf(text, `--${flag}`) };
  };
  const rates = readRates(values.rate);
  const counts = await generatePopulation({
    seed: values.seed,
    people: numberOf(values.people, '--people'),
    requests: numberOf(values.requests, '--requests'),
    directory: values.out,
    ...share('match-rate', 'same'),
    ...share('moved', 'moved'),
    ...share('incomplete', 'incomplete'),
    ...share('absent-beside', 'absentBesideOnFile'),
    ...share('namesake-sons', 'namesakeSons'),
    ...share('twins', 'twins'),
    ...(values.origins === undefined ? {} : { origins: readOrigins(values.origins) }),
    requestRates: rates.requests,
    holderRates: rates.holder,
    foldableNoiseOnly: values['formatting-only'],
  });
  console.log(JSON.stringify(counts));
  return 0;
}

/** Wrong options and impossible numbers, which the caller can mend. */
function isUsage(error: unknown): boolean {
  if (error instanceof UsageError || error instanceof RangeError) return true;
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = isUsage(error) ? 2 : 1;
}
