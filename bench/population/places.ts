/** A town that does not exist, with a ZIP code of its own. */
export interface Town {
  readonly city: string;
  readonly state: string;
  readonly stateName: string;
  readonly postcode: string;
}

/** A street with the parts that are written in more than one way. `box` stands for the post office of the town. */
export type Street =
  | { readonly kind: 'street'; readonly before: string; readonly name: string; readonly suffix: string }
  | { readonly kind: 'box' };

/** Short and long form of the directionals and suffixes in use here. */
export const LONG_FORMS: Readonly<Record<string, string>> = {
  N: 'North',
  S: 'South',
  E: 'East',
  W: 'West',
  NE: 'Northeast',
  SW: 'Southwest',
  St: 'Street',
  Ave: 'Avenue',
  Rd: 'Road',
  Dr: 'Drive',
  Ln: 'Lane',
  Ct: 'Court',
  Blvd: 'Boulevard',
  Pl: 'Place',
  Ter: 'Terrace',
  Cir: 'Circle',
  Pkwy: 'Parkway',
  Way: 'Way',
};

/** Ordinal street names and the words for them. */
export const ORDINAL_NAMES: Readonly<Record<string, string>> = {
  '1st': 'First',
  '2nd': 'Second',
  '3rd': 'Third',
  '4th': 'Fourth',
  '5th': 'Fifth',
  '7th': 'Seventh',
  '9th': 'Ninth',
  '12th': 'Twelfth',
};

const STATES: readonly (readonly [code: string, name: string, zipPrefix: number])[] = [
  ['MA', 'Massachusetts', 12],
  ['NJ', 'New Jersey', 74],
  ['NY', 'New York', 127],
  ['VA', 'Virginia', 229],
  ['FL', 'Florida', 347],
  ['OH', 'Ohio', 448],
  ['IL', 'Illinois', 619],
  ['TX', 'Texas', 786],
  ['AZ', 'Arizona', 856],
  ['CA', 'California', 936],
];

const TOWN_BEGINNINGS = [
  'Ash',
  'Brook',
  'Cedar',
  'Dun',
  'Elder',
  'Fair',
  'Glen',
  'Hazel',
  'Saint Or',
  'West Lin',
];
const TOWN_ENDINGS = ['bury', 'dale', 'field', 'ham'];

/** Every town; the names differ within a state and no two share a ZIP code. */
export const TOWNS: readonly Town[] = STATES.flatMap(([state, stateName, prefix]) =>
  TOWN_BEGINNINGS.flatMap((beginning, row) =>
    TOWN_ENDINGS.map((ending, column) => ({
      city: `${beginning}${ending}`,
      state,
      stateName,
      postcode: String(prefix * 100 + row * TOWN_ENDINGS.length + column + 1).padStart(5, '0'),
    })),
  ),
);

const STREET_NAMES = [
  ...Object.keys(ORDINAL_NAMES),
  ...[
    'Alder',
    'Birch',
    'Canal',
    'Dogwood',
    'Elm',
    'Foundry',
    'Granite',
    'Harvest',
    'Ivy',
    'Juniper',
    'Kestrel',
    'Larch',
  ],
  ...[
    'Maple',
    'Nutmeg',
    'Orchid',
    'Poplar',
    'Quarry',
    'Rosewood',
    'Sycamore',
    'Thistle',
    'Vine',
    'Willow',
    'Yarrow',
  ],
  ...['Saint Clair', 'Mount Vale', 'Old Mill', 'River Bend', 'Deer Run', 'El Camino', "Miller's"],
];
const SUFFIXES = ['St', 'Ave', 'Rd', 'Dr', 'Ln', 'Ct', 'Blvd', 'Pl', 'Ter', 'Cir', 'Pkwy', 'Way'];
const BEFORE = ['', '', '', 'N', '', 'S', '', 'E', 'W', '', 'NE', '', 'SW'];

/** The streets of every town, no two alike, and its post office. */
export const STREETS: readonly Street[] = [
  ...STREET_NAMES.flatMap((name, row) =>
    SUFFIXES.map((suffix, column): Street => {
      const before = BEFORE[(row * SUFFIXES.length + column) % BEFORE.length] ?? '';
      return { kind: 'street', before, name, suffix };
    }),
  ),
  ...Array.from({ length: 20 }, (): Street => ({ kind: 'box' })),
];
