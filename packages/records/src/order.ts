import { isoText, readDate } from './profile-us-name-address-2/date-text.ts';
import { foldWords } from './profile-us-name-address-2/fold.ts';
import type { RequestRecord } from './record.ts';

/** A removal order, in the form in which two mentions of it are the same. */
export interface Order {
  /** The letters and digits of its number, in capitals: "A-012 345" and "a012345" are one. */
  readonly number: string;
  /** The day it was made, `YYYY-MM-DD`. */
  readonly date: string;
}

/** The order that a record or a registry names; undefined where number or date is missing or can't be read. */
export function orderOf({
  orderNumber,
  orderDate,
}: Pick<RequestRecord, 'orderNumber' | 'orderDate'>): Order | undefined {
  const number = foldWords(orderNumber).join('');
  const read = readDate(orderDate);
  return number === '' || read.kind !== 'date' ? undefined : { number, date: isoText(read.date) };
}
