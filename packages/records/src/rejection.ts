/** Why a record gives no match key, each with the sentence that says what to mend. */
export const REJECTION_REASONS = {
  given_name_missing: 'The given name is missing: add it.',
  surname_missing: 'The surname is missing: add it.',
  name_placeholder:
    'The name is a placeholder: give the real given name and surname, or leave the record out.',
  name_initials: 'The name holds only initials: give it in full.',
  name_impossible:
    'The name holds a digit or names two people: give the name of one person, in letters, or split the record.',
  name_too_long: 'The given name, middle name or surname is too long: shorten it to at most 100 letters.',
  date_of_birth_invalid:
    'The date of birth can not be read: write it as YYYY-MM-DD or MM/DD/YYYY, with four digits of the year.',
  date_of_birth_impossible:
    'The date of birth is no day of the calendar, lies in the future or is more than 120 years back: correct it (in MM/DD/YYYY the month comes first).',
  date_of_birth_placeholder:
    'The date of birth is a placeholder: give the real one, or leave the field empty if nobody knows it.',
  street_missing: 'The street is missing: add house number and street, or the box.',
  street_placeholder: 'The street is a placeholder: give the real address, or leave the record out.',
  street_incomplete:
    'The street is incomplete: give house number and street name, a post office box with its number, or a route with its box.',
  street_too_long: 'The street is too long: shorten it to at most 200 characters.',
  place_missing:
    'The record lacks what a match key needs: give the ZIP code, or city and state; beside an initial for a given name all three.',
  city_placeholder: 'The city is a placeholder: give the real city, or leave the record out.',
  city_too_long: 'The city is too long: shorten it to at most 100 letters.',
  state_unknown: 'The state is not one of the United States: give its name or two-letter code.',
  postcode_invalid: 'The postcode is not a ZIP code: give five digits, or nine.',
  order_number_missing: 'The number of the order is missing: add it.',
  order_number_placeholder:
    'The number of the order is a placeholder: give the real one, or leave the record out.',
  order_date_missing: 'The date of the order is missing: add it.',
  order_date_invalid:
    'The date of the order can not be read, is no day of the calendar or lies before 1950: write it as YYYY-MM-DD or MM/DD/YYYY.',
  order_date_future: 'The date of the order lies in the future: correct it, or leave the record out.',
  order_too_recent:
    'The order is more recent than the policy of the holder allows: submit the record when the order is old enough.',
  tier_not_answered:
    'The holder does not answer in the tier of this record: add the date of birth if it is missing, or leave the record out.',
} as const;

export type RejectionCode = keyof typeof REJECTION_REASONS;

/** A record that is not used, with its code and the sentence that says what to mend. A value, never thrown. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  readonly reason: string;
}

/** The rejection with this code. */
export function rejected(code: RejectionCode): Rejection {
  return { kind: 'rejected', code, reason: REJECTION_REASONS[code] };
}
