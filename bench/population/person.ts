/** How truth.csv names where a person's names come from. */
export type Origin = 'general' | 'hispanic' | 'asian' | 'other';

/** A naming tradition; several make up an origin. */
export type Culture =
  | 'european'
  | 'african_american'
  | 'hispanic'
  | 'chinese'
  | 'vietnamese'
  | 'korean'
  | 'filipino'
  | 'japanese'
  | 'south_asian'
  | 'arabic'
  | 'african';

export type Sex = 'male' | 'female';

/** A day of the Gregorian calendar. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** A person who does not exist, with names as their birth or marriage certificate has them. */
export interface Person {
  readonly culture: Culture;
  readonly sex: Sex;
  /** One given name, or two that belong together, as in "José Luis" and "Mei Ling". */
  readonly given: string;
  /** '' for none. */
  readonly middle: string;
  readonly surname: string;
  /** The mother's surname after the father's; '' for most. */
  readonly secondSurname: string;
  /** The surname before marriage, of those who changed it; '' for the others. */
  readonly formerSurname: string;
  /** 'Jr', 'Sr', 'II' or 'III'; '' for most. */
  readonly generation: string;
  readonly born: Day;
}

const ORIGIN_OF: Readonly<Record<Culture, Origin>> = {
  european: 'general',
  african_american: 'general',
  hispanic: 'hispanic',
  chinese: 'asian',
  vietnamese: 'asian',
  korean: 'asian',
  filipino: 'asian',
  japanese: 'asian',
  south_asian: 'other',
  arabic: 'other',
  african: 'other',
};

export function originOf({ culture }: Person): Origin {
  return ORIGIN_OF[culture];
}
