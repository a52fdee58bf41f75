/** Directionals: the short form, the word, and other forms in use. */
export const DIRECTIONALS: readonly (readonly string[])[] = [
  ['N', 'North'],
  ['S', 'South'],
  ['E', 'East'],
  ['W', 'West'],
  ['NE', 'Northeast', 'N.E.'],
  ['NW', 'Northwest', 'N.W.'],
  ['SE', 'Southeast', 'S.E.'],
  ['SW', 'Southwest', 'S.W.'],
];

/** Street suffixes: the abbreviation of the post office, the word, and other abbreviations in use. */
export const SUFFIXES: readonly (readonly string[])[] =
  `St Street Str, Ave Avenue Av, Rd Road, Dr Drive Drv, Ln Lane, Ct Court Crt, Blvd Boulevard Blv, Pl Place, Ter Terrace Terr, Cir Circle Circ, Pkwy Parkway Pky,
  Way Way Wy, Trl Trail Tr, Hwy Highway, Sq Square, Loop Loop Lp, Run Run, Path Path, Aly Alley, Plz Plaza, Cv Cove, Pt Point, Rdg Ridge, Xing Crossing, Pike Pike, Row Row, Walk Walk, Pass Pass,
  Bnd Bend, Vw View, Hls Hills, Hl Hill, Crk Creek, Mnr Manor, Grv Grove, Gln Glen, Holw Hollow, Est Estate, Ests Estates, Expy Expressway, Fwy Freeway, Tpke Turnpike, Trce Trace, Mdws Meadows, Lndg Landing, Cres Crescent,
  Frst Forest, Shr Shore, Spg Spring, Spgs Springs, Vly Valley, Vlg Village, Xrd Crossroad, Brg Bridge, Byp Bypass, Cswy Causeway, Ctr Center, Cor Corner, Ext Extension, Gdns Gardens, Hts Heights, Is Island, Jct Junction, Mall Mall, Mtn Mountain, Park Park, Rte Route`
    .split(/,\s+/)
    .map((line) => line.split(' '));

/** Unit designators that people use for each other, and those that stand for something else. */
export const UNIT_WORDS: Readonly<Record<string, readonly string[]>> = {
  APT: ['Apt', 'Apt', 'Apt.', 'Apt', 'Apartment', 'Unit', '#', '#', 'Apt #', 'Apt. #', 'No.', 'Suite', 'Ste'],
  UNIT: ['Unit', 'Unit', '#', 'Apt', 'Unit #'],
  STE: ['Ste', 'Suite', 'Ste.', '#', 'Ste #'],
  LOT: ['Lot', 'Lot', 'Lot #'],
  TRLR: ['Trlr', 'Trailer'],
  BLDG: ['Bldg', 'Building', 'Bldg.'],
  FL: ['Fl', 'Floor', 'Flr'],
  RM: ['Rm', 'Room'],
  '': ['#', '# ', 'Apt', 'Unit'],
};

const ONES = [
  '',
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
].concat(
  'Eleventh Twelfth Thirteenth Fourteenth Fifteenth Sixteenth Seventeenth Eighteenth Nineteenth'.split(' '),
);
const CARDINALS = ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];
const TENS = ['', '', 'Twent', 'Thirt', 'Fort', 'Fift', 'Sixt', 'Sevent', 'Eight', 'Ninet'];

/** "23rd" for 23. */
export function ordinal(number: number): string {
  const teen = Math.floor(number / 10) % 10 === 1;
  return `${number}${(teen ? undefined : ['th', 'st', 'nd', 'rd'][number % 10]) ?? 'th'}`;
}

/** "Twenty-Third" for 23; undefined above 99. */
export function ordinalWord(number: number): string | undefined {
  if (number < 1 || number > 99) return undefined;
  if (number < 20) return ONES[number];
  const tens = TENS[Math.floor(number / 10)] ?? '';
  return number % 10 === 0 ? `${tens}ieth` : `${tens}y-${ONES[number % 10] ?? ''}`;
}

/** "Seven" for 7, up to ten; undefined above. */
export function cardinalWord(number: number): string | undefined {
  return CARDINALS[number];
}
