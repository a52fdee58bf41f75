/**
 * The canonical fields of a record, '' where it has none. They are what a person is shown of how a record was understood, and all
 * that its keys are made from. A type and not an interface, so that it is a record of strings to whoever shows it.
 */
export type CanonicalFields = {
  /** Without initials: JOSELUIS. */
  readonly given_name: string;
  /** The first given name and the initial of the second, or of the middle name: SARAH V. */
  readonly name_and_initial: string;
  /** The first of given and middle names, a nickname in its formal form. */
  readonly first_name: string;
  /** `first_name` as far as it tells a person from a brother or sister: MARIA T of "Maria Teresa", MINJUN of "Min Jun". */
  readonly own_name: string;
  /** The second of them, whichever field it stands in. */
  readonly second_name: string;
  /** All surnames, joined. */
  readonly surname: string;
  readonly first_surname: string;
  /** JR, SR, 2ND, 3RD or 4TH. */
  readonly generation: string;
  /** The given name without its last word, if that may be a surname in the wrong field: JOSE of "Jose Ortiz". */
  readonly shorter_given_name: string;
  /** That word: ORTIZ. */
  readonly surname_in_given_name: string;
  /** YYYY-MM-DD. */
  readonly date_of_birth: string;
  readonly street: string;
  /** House number and the beginning of the street name; or the box. */
  readonly street_beginning: string;
  /** House number and the end of the street name; or the box. */
  readonly street_end: string;
  readonly unit: string;
  /** The urbanization of Puerto Rico, which `street` ends in. */
  readonly urbanization: string;
  readonly city: string;
  readonly state: string;
  readonly postcode: string;
};
