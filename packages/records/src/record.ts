/** One person on the holder's file. Every field is a string, '' where the file has none. */
export interface PersonRecord {
  readonly givenName: string;
  readonly middleName: string;
  readonly surname: string;
  readonly dateOfBirth: string;
  readonly street: string;
  readonly street2: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
  /** The 1-based line of the file on which the record begins. */
  readonly line: number;
}

/** One record of a request: a person, the requester's own id for the record, and the order it rests on. */
export interface RequestRecord extends PersonRecord {
  readonly recordId: string;
  readonly orderNumber: string;
  readonly orderDate: string;
}
