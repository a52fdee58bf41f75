// npm run pnpm -- run population --seed 1 --people 2000 --requests 500 --out DIR
import { parseArgs } from 'node:util';
import { generatePopulation } from './population.ts';

const USAGE = `Usage: npm run pnpm -- run population --seed 1 --people 2000 --requests 500 --out DIR
         [--same 0.4] [--moved 0.1] [--incomplete 0.02] [--namesakes 0.08] [--typing-errors 0.1]
Writes people.csv, requests.csv and truth.csv of a population that does not exist into DIR.
With --typing-errors some records of people on file hold a fault and are not expected to match.`;

function numberOf(value: string | undefined, name: string): number {
  const number = Number(value);
  if (value === undefined || value.trim() === '' || !Number.isFinite(number)) {
    throw new RangeError(`--${name} must be a number.`);
  }
  return number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      people: { type: 'string', default: '2000' },
      requests: { type: 'string', default: '500' },
      out: { type: 'string' },
      same: { type: 'string' },
      moved: { type: 'string' },
      incomplete: { type: 'string' },
      namesakes: { type: 'string' },
      'typing-errors': { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true || values.out === undefined) {
    console.log(USAGE);
    return values.help === true ? 0 : 2;
  }
  const share = (name: 'same' | 'moved' | 'incomplete' | 'namesakes'): object =>
    values[name] === undefined ? {} : { [name]: numberOf(values[name], name) };
  const counts = await generatePopulation({
    seed: values.seed,
    people: numberOf(values.people, 'people'),
    requests: numberOf(values.requests, 'requests'),
    directory: values.out,
    ...share('same'),
    ...share('moved'),
    ...share('incomplete'),
    ...share('namesakes'),
    ...(values['typing-errors'] === undefined
      ? {}
      : { foldableNoiseOnly: false, typingErrors: numberOf(values['typing-errors'], 'typing-errors') }),
  });
  console.log(JSON.stringify(counts));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
