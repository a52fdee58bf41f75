import type { PersonRecord, RequestRecord } from '../src/record.ts';

/** A plain person, with the changes of a test. */
export function personWith(changes: Partial<PersonRecord> = {}): PersonRecord {
  return {
    givenName: 'Maria',
    middleName: '',
    surname: 'Lopez',
    dateOfBirth: '',
    street: '12 Main St',
    street2: '',
    city: 'Springfield',
    state: 'IL',
    postcode: '62704',
    line: 2,
    ...changes,
  };
}

/** A plain record of a request, with the changes of a test. */
export function requestWith(changes: Partial<RequestRecord> = {}): RequestRecord {
  return { ...personWith(), recordId: 'R1', orderNumber: 'A100', orderDate: '2024-06-01', ...changes };
}
