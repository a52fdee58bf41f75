import type { VectorInput } from '../../../packages/records/test/match-key-vectors.ts';

type Columns = VectorInput['record'];

/** A plain record of each of the two tiers; the others of the vectors are made of them. */
export const PLAIN: Columns = {
  given_name: 'Maria',
  surname: 'Lopez',
  street: '12 Main St',
  city: 'Springfield',
  state: 'IL',
  postcode: '62704',
  order_number: 'A100',
  order_date: '2024-06-01',
};

export const WITH_BIRTH: Columns = { ...PLAIN, date_of_birth: '1976-07-28' };

/** The record with changes of its columns; a column that is changed to '' is left out. */
export function changed(base: Columns, comment: string, changes: Columns): VectorInput {
  const columns = Object.entries({ ...base, ...changes }).filter(([, text]) => text !== '');
  return { comment, record: Object.fromEntries(columns) };
}

/** A record for each change of one column, with what it shows. */
export function changesOf(
  column: keyof Columns,
  base: Columns,
  list: readonly (readonly [written: string, comment: string])[],
): VectorInput[] {
  return list.map(([written, comment]) => changed(base, comment, { [column]: written }));
}
