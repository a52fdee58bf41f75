import {
  calendarDateOf,
  DEFAULT_PROFILE,
  understandPerson,
  understandRequest,
  TIERS,
  type PersonRecord,
  type PersonRules,
} from '@blindmatch/records';
import { checkOutFile, writeOutFile } from '../core/out-file.ts';
import { aligned } from '../core/rows.ts';
import { countOption, parseArguments, UsageError } from '../core/usage.ts';
import { addressVariants } from '../population/address-variants.ts';
import { randomStreams } from '../population/random.ts';
import { clopperPearson, type Interval } from './interval.ts';
import { atLeast, atMost, LIMITS, verdictLines } from './limits.ts';
import { readReferenceAddresses, type ReferenceAddress } from './reference-addresses.ts';

const USAGE = `Usage: pnpm bench addresses --file addresses.json [--variants 20] [--seed 1] [--check] [--json] [--out FILE]
Writes each of the real addresses of a file in many ways, and prints how often two of them are the same address to the
record code, and which addresses that differ are one to it.

  --file FILE     JSON: { "addresses": [{ address1, address2, city, state, postalCode }] }
  --variants N    ways of writing each; default 20
  --seed S        of the writing; default 1
  --check         exit code 1 when fewer than ${100 * LIMITS.agreement} % of the pairs agree, or two addresses collide
  --json          one JSON object instead of text
  --out FILE      write the JSON object to a file as well`;

/** How many disagreements and collisions are shown in the text; JSON has all. */
const SHOWN = 25;

const NAME = {
  givenName: 'Margaret',
  middleName: '',
  surname: 'Quigley',
  dateOfBirth: '1970-05-17',
  orderNumber: 'A1',
  orderDate: '2020-01-02',
};

/** A pair of ways to write one address that the record code takes for two. */
interface Disagreement {
  readonly address: string;
  readonly written: readonly [string, string];
  readonly understood: readonly [string, string];
}

export interface AddressReport {
  readonly profile: string;
  readonly addresses: number;
  readonly variants: number;
  readonly seed: string;
  /** Pairs of variants of one address. */
  readonly pairs: number;
  /** Pairs with the same canonical street, unit and place. */
  readonly agreeing: number;
  readonly agreement: number;
  /** The pairs of one address are not independent; this takes each address for one draw, agreeing or not. */
  readonly wholly: { readonly addresses: number; readonly interval: Interval };
  /** Pairs, one as on file and one as in a request, that share a match key when all else is equal. */
  readonly sharingKey: number;
  /** Variants that are rejected, by their code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** One for each address that has any. */
  readonly disagreements: readonly Disagreement[];
  /** Addresses that differ, with a way of writing each that are one in canonical street, unit and place. */
  readonly collisions: readonly (readonly string[])[];
}

interface Understood {
  readonly written: string;
  /** Canonical street, unit and place; or why there is none. */
  readonly canonical: string;
  readonly isRejected: boolean;
  readonly onFile: readonly string[];
  readonly asked: readonly string[];
}

/** What the record code makes of the variants of each address. */
export function measureAddresses(
  addresses: readonly ReferenceAddress[],
  variants: number,
  seed: string,
): AddressReport {
  const rules: PersonRules = { profile: DEFAULT_PROFILE, tiers: TIERS, today: calendarDateOf(new Date()) };
  const streams = randomStreams(seed, 'address variants');
  const rejected: Record<string, number> = {};
  const disagreements: Disagreement[] = [];
  const ownersOf = new Map<string, Set<string>>();
  let [pairs, agreeing, sharingKey, wholly] = [0, 0, 0, 0];
  addresses.forEach(({ address, text }, index) => {
    const all = addressVariants(address, streams(index), variants).map((fields) => {
      const understood = understand({ ...NAME, ...fields, line: index + 1 }, rules);
      if (understood.isRejected) rejected[understood.canonical] = (rejected[understood.canonical] ?? 0) + 1;
      else ownersOf.set(understood.canonical, (ownersOf.get(understood.canonical) ?? new Set()).add(text));
      return understood;
    });
    const counts = comparePairs(all);
    pairs += counts.pairs;
    agreeing += counts.agreeing;
    sharingKey += counts.sharingKey;
    if (counts.disagreeing === undefined) wholly++;
    else {
      const [a, b] = counts.disagreeing;
      disagreements.push({
        address: text,
        written: [a.written, b.written],
        understood: [a.canonical, b.canonical],
      });
    }
  });
  return {
    ...{
      profile: rules.profile.id,
      addresses: addresses.length,
      variants,
      seed,
      pairs,
      agreeing,
      sharingKey,
    },
    agreement: agreeing / pairs,
    wholly: { addresses: wholly, interval: clopperPearson(wholly, addresses.length) },
    ...{ rejected, disagreements },
    collisions: [...ownersOf.values()].filter(({ size }) => size > 1).map((owners) => [...owners].sort()),
  };
}

function understand(record: PersonRecord & typeof NAME, rules: PersonRules): Understood {
  const { street, street2, city, state, postcode } = record;
  const written = [street, street2, city, state, postcode].filter((part) => part !== '').join(' | ');
  const asked = understandRequest({ ...record, recordId: 'R1' }, { ...rules, minimumOrderAgeDays: 0 });
  const onFile = understandPerson(record, rules);
  if (asked.kind === 'rejected' || onFile.kind === 'rejected') {
    const code = asked.kind === 'rejected' ? asked.code : onFile.kind === 'rejected' ? onFile.code : '';
    return { written, canonical: code, isRejected: true, onFile: [], asked: [] };
  }
  const parts = ['street', 'unit', 'postcode', 'city', 'state'].map((name) => asked.fields[name] ?? '');
  return {
    written,
    canonical: parts.join(' | '),
    isRejected: false,
    onFile: onFile.keys.map(({ value }) => value),
    asked: asked.keys.map(({ value }) => value),
  };
}

function comparePairs(variants: readonly Understood[]): {
  readonly pairs: number;
  readonly agreeing: number;
  readonly sharingKey: number;
  readonly disagreeing: readonly [Understood, Understood] | undefined;
} {
  let [pairs, agreeing, sharingKey] = [0, 0, 0];
  let disagreeing: readonly [Understood, Understood] | undefined;
  variants.forEach((a, index) => {
    for (const b of variants.slice(index + 1)) {
      pairs++;
      // Two that are rejected for one reason don't agree on an address.
      if (!a.isRejected && a.canonical === b.canonical) agreeing++;
      else disagreeing ??= [a, b];
      if (a.onFile.some((value) => b.asked.includes(value))) sharingKey++;
    }
  });
  return { pairs, agreeing, sharingKey, disagreeing };
}

function textOf(report: AddressReport): string {
  const { addresses, variants, pairs, agreeing, sharingKey, wholly, rejected, disagreements, collisions } =
    report;
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
  const rejections = Object.entries(rejected).map(([code, count]) => `${code} ${count}`);
  return [
    `${report.profile}: ${addresses} addresses, ${variants} ways of writing each, seed ${report.seed}`,
    aligned([
      ['pairs that agree', '', percent(agreeing, pairs), `${agreeing} of ${pairs}`],
      ['pairs that share a match key', '', percent(sharingKey, pairs), `${sharingKey} of ${pairs}`],
      [
        'addresses of which all ways agree',
        '',
        percent(wholly.addresses, addresses),
        String(wholly.addresses),
      ],
      ['ways that are rejected', '', rejections.join(', ') || 'none'],
      ['different addresses that are one', '', String(collisions.length)],
    ]),
    ...disagreements
      .slice(0, SHOWN)
      .map(({ written, understood }) => `  ${written.join('\n  ')}\n    ${understood.join('\n    ')}`),
    ...collisions.slice(0, SHOWN).map((owners) => `  one address: ${owners.join('  =  ')}`),
  ].join('\n');
}

/**
 * `bench addresses`.
 * @returns the exit code
 * @throws UsageError
 */
export function runAddresses(argv: readonly string[]): number {
  const values = parseArguments(argv, {
    file: { type: 'string' },
    variants: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    check: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { file, seed, check, json, out } = values;
  if (file === undefined) throw new UsageError('Name a file of addresses with --file; --help has its form.');
  const variants = countOption(values.variants, 'variants', 2);
  if (out !== undefined) checkOutFile(out);
  const report = measureAddresses(readReferenceAddresses(file), variants, seed);
  const text = JSON.stringify(report, undefined, 1);
  console.log(json ? text : textOf(report));
  if (out !== undefined) writeOutFile(out, text);
  if (!check) return 0;
  const verdicts = [
    atLeast('pairs that agree', LIMITS.agreement, report.agreement),
    atMost('different addresses that are one', 0, report.collisions.length),
  ];
  const lines = aligned(verdictLines(verdicts));
  if (json) console.error(lines);
  else console.log(lines);
  return verdicts.every(({ holds }) => holds) ? 0 : 1;
}
