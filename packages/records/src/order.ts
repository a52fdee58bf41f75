import { isoText, readDate } from './profile-us-name-address-2/date-text.ts';
import { foldWords } from './profile-us-name-address-2/fold.ts';
import { canonicalName } from './profile-us-name-address-2/name.ts';
import type { PersonRecord, RequestRecord } from './record.ts';

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

type PersonName = Pick<PersonRecord, 'givenName' | 'middleName' | 'surname'>;

/**
 * Whether two names can be those of one person under one order: the first given names agree, a nickname in its formal
 * form, and so do the surnames, or the first of them where one side knows more. A name that is none agrees with nothing.
 */
export function namesAgree(one: PersonName, other: PersonName): boolean {
  const [left, right] = [canonicalName(one), canonicalName(other)];
  if (typeof left === 'string' || typeof right === 'string') return false;
  return (
    left.firstFormal === right.firstFormal &&
    (left.surname === right.surname || left.firstSurname === right.firstSurname)
  );
}
