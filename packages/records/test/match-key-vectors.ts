/** What protocol-spec/vectors/match-keys.json holds, and what the code makes of its records, wherever the code runs. */
import type * as Records from '../src/browser.ts';

/** The columns of a record, as the files have them; what is empty is left out. */
type Columns = Partial<
  Record<
    | ('given_name' | 'middle_name' | 'surname' | 'date_of_birth' | 'street' | 'street2' | 'city' | 'state')
    | ('postcode' | 'order_number' | 'order_date'),
    string
  >
>;

/** A record, and what is not as `rules` of the vectors say. */
export interface VectorInput {
  readonly comment: string;
  readonly record: Columns;
  readonly tiers?: readonly Records.Tier[];
  readonly minimum_order_age_days?: number;
}

/** What both sides make of a record; `fields` are there where one of them understands it, without the empty ones. */
export interface VectorOutcome {
  readonly fields?: Readonly<Record<string, string>>;
  readonly holder:
    { readonly rejected: string } | { readonly identity: string; readonly keys: readonly string[] };
  readonly requester:
    { readonly rejected: string } | { readonly tier: string; readonly keys: readonly string[] };
}

/** The file of vectors. */
export interface MatchKeyVectors {
  readonly comment: string;
  readonly profile: { readonly id: string; readonly hash: string; readonly description: unknown };
  readonly rules: { readonly today: Records.CalendarDate; readonly minimum_order_age_days: number };
  readonly oprf_input: { readonly comment: string; readonly key: string; readonly bytes: string };
  readonly cases: readonly (VectorInput & VectorOutcome)[];
}

/** The day of the vectors. */
export const VECTOR_RULES: MatchKeyVectors['rules'] = {
  today: { year: 2026, month: 11, day: 22 },
  minimum_order_age_days: 90,
};

/** What `records`, the part of the package that runs anywhere, makes of a record on both sides. */
export function outcomeOf(records: typeof Records, input: VectorInput): VectorOutcome {
  const { record } = input;
  const request: Records.RequestRecord = {
    recordId: 'R1',
    givenName: record.given_name ?? '',
    middleName: record.middle_name ?? '',
    surname: record.surname ?? '',
    dateOfBirth: record.date_of_birth ?? '',
    street: record.street ?? '',
    street2: record.street2 ?? '',
    city: record.city ?? '',
    state: record.state ?? '',
    postcode: record.postcode ?? '',
    orderNumber: record.order_number ?? '',
    orderDate: record.order_date ?? '',
    line: 2,
  };
  const rules = {
    profile: records.DEFAULT_PROFILE,
    tiers: input.tiers ?? records.TIERS,
    today: VECTOR_RULES.today,
    minimumOrderAgeDays: input.minimum_order_age_days ?? VECTOR_RULES.minimum_order_age_days,
  };
  const person = records.understandPerson(request, rules);
  const asked = records.understandRequest(request, rules);
  const known = person.kind === 'keys' ? person : asked;
  return {
    ...(known.kind === 'keys'
      ? { fields: Object.fromEntries(Object.entries(known.fields).filter(([, text]) => text !== '')) }
      : {}),
    holder:
      person.kind === 'rejected'
        ? { rejected: person.code }
        : { identity: person.identity, keys: valuesOf(person.keys) },
    requester:
      asked.kind === 'rejected' ? { rejected: asked.code } : { tier: asked.tier, keys: valuesOf(asked.keys) },
  };
}

function valuesOf(keys: readonly Records.MatchKey[]): string[] {
  return keys.map(({ value }) => value);
}
