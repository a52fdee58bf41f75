import type { AddressFields } from './address.ts';

/** A name and a date of birth as the columns of a file have them. */
export interface NameFields {
  given_name: string;
  middle_name: string;
  surname: string;
  date_of_birth: string;
}

/** A person at an address as a file has them: the columns of a people file. */
export type RecordFields = NameFields & AddressFields;

/** The values in the order of PEOPLE_COLUMNS. */
export function valuesOf(record: RecordFields): string[] {
  return [
    record.given_name,
    record.middle_name,
    record.surname,
    record.date_of_birth,
    record.street,
    record.street2,
    record.city,
    record.state,
    record.postcode,
  ];
}
