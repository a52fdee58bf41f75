import { inCase } from './address-variants.ts';
import type { WritingHabits } from './address-variants.ts';
import { renderAddress } from './address-rendering.ts';
import type { PersonCase, RequestCase } from './cases.ts';
import { formattingOnly, ratesOf } from './error-rates.ts';
import type { ErrorRates, Side } from './error-rates.ts';
import { makeUnusable } from './incomplete.ts';
import type { OrderFields } from './incomplete.ts';
import { renderName } from './name-rendering.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';
import type { RecordFields } from './record.ts';

/** How one side writes its records. */
export interface WritingOptions {
  readonly seed: string | number;
  /** Other rates than the default ones. */
  readonly rates?: Partial<ErrorRates> | undefined;
  /** Nothing but formatting differs; of the rates, only that of dates of birth missing in requests counts. */
  readonly formattingOnly: boolean;
}

const HABITS: Readonly<Record<Side, WritingHabits>> = {
  holder: {
    otherForms: 0.25,
    rareForms: 0.05,
    dots: 0.02,
    numberWords: 0.06,
    secondLine: 0.5,
    punctuation: 0.1,
    zipPlusFour: 0,
    stateName: 0.002,
    otherNames: 0.25,
  },
  requests: {
    otherForms: 0.45,
    rareForms: 0.12,
    dots: 0.1,
    numberWords: 0.12,
    secondLine: 0.4,
    punctuation: 0.25,
    zipPlusFour: 0,
    stateName: 0.02,
    otherNames: 0.45,
  },
};

function ratesFor(side: Side, options: WritingOptions): ErrorRates {
  const rates = ratesOf(side, options.rates);
  if (!options.formattingOnly) return rates;
  // Requests may lack a date of birth that is on file, but not the other way round.
  return { ...formattingOnly(side), birthMissing: side === 'holder' ? 0 : rates.birthMissing };
}

/** Writes records of people on file. Its choices are independent of those of the requester. */
export function makeHolderClerk(options: WritingOptions): (person: PersonCase) => RecordFields {
  return makeClerk('holder', options, seededRandom(options.seed, 'holder'));
}

/** Writes submitted records. */
export function makeRequestClerk(
  options: WritingOptions,
): (request: RequestCase) => RecordFields & OrderFields {
  const random = seededRandom(options.seed, 'requests');
  const write = makeClerk('requests', options, random);
  return (request) => {
    const record = { ...write(request), ...drawOrder(random) };
    return request.requestClass === 'incomplete'
      ? makeUnusable(random, record, options.formattingOnly)
      : record;
  };
}

function makeClerk(
  side: Side,
  options: WritingOptions,
  random: Random,
): (drawn: PersonCase | RequestCase) => RecordFields {
  const rates = ratesFor(side, options);
  // The several names of highways and boxes, and rare abbreviations, are no mere formatting.
  const habits = options.formattingOnly ? { ...HABITS[side], otherNames: 0, rareForms: 0 } : HABITS[side];
  return ({ person, address, keep }) =>
    inCase(random, {
      ...renderName(random, person, rates),
      ...renderAddress(random, address, rates, habits, keep),
    });
}

/** A removal order of the years 2018 to 2025. */
function drawOrder(random: Random): OrderFields {
  const day = `${2018 + random.below(8)}-${String(1 + random.below(12)).padStart(2, '0')}-${String(1 + random.below(28)).padStart(2, '0')}`;
  return { order_number: `A${String(100_000_000 + random.below(900_000_000))}`, order_date: day };
}
