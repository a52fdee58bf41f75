import type { VectorInput } from '../../../packages/records/test/match-key-vectors.ts';
import { changed, PLAIN, WITH_BIRTH } from './match-keys-base.ts';

const born = (comment: string, changes: VectorInput['record']): VectorInput =>
  changed(WITH_BIRTH, comment, changes);
const plain = (comment: string, changes: VectorInput['record']): VectorInput =>
  changed(PLAIN, comment, changes);

/** Records that show what parts of keys are made of, on both sides. */
export const KEYS: readonly VectorInput[] = [
  born('the plain record with a date of birth', {}),
  plain('the plain record without a date of birth', {}),

  born('a second given name in its own field', { middle_name: 'Elena' }),
  born('a second given name behind the first: the same keys with a date of birth', { given_name: 'Maria Elena' }),
  plain('a second given name in its own field, without a date of birth', { middle_name: 'Elena' }),
  plain('a second given name behind the first, without a date of birth', { given_name: 'Maria Elena' }),
  born('another second given name: none of the keys of the one', { middle_name: 'Teresa' }),
  born('the second given name alone, by which some people go', { given_name: 'Elena' }),
  born('a second given name of which only the initial is known', { given_name: 'Maria E.' }),
  plain('an initial of the second given name, without a date of birth', { given_name: 'Maria', middle_name: 'E.' }),
  plain('JOSE LUIS', { given_name: 'José Luis' }),
  plain('JOSE, who shares no key with JOSE LUIS', { given_name: 'José' }),
  born('JOSE LUIS with a date of birth', { given_name: 'José Luis' }),
  born('JOSE with a date of birth, who shares a key with JOSE LUIS', { given_name: 'José' }),

  born('a first given name that few share, and a second', { given_name: 'Peter', middle_name: 'Paul' }),
  born('the same without the second', { given_name: 'Peter' }),
  born('a particle before the second given name', { middle_name: 'del Carmen' }),
  born('a lone D, which may be the initial of a particle', { middle_name: 'D.' }),
  born('a syllable and another', { given_name: 'Min Jun' }),
  born('the same syllable and a third: another person', { given_name: 'Min Seo' }),
  born('a syllable alone', { given_name: 'Min' }),
  born('a name of three letters and a middle name is no syllable', { given_name: 'Ann', middle_name: 'Marie' }),
  born('a shared name in another spelling, and a second', { given_name: 'Muhammad', middle_name: 'Ali' }),

  born('a nickname beside a date of birth is formal', { given_name: 'Bill' }),
  born('the formal name: the keys of the nickname', { given_name: 'William' }),
  plain('a nickname without a date of birth stays', { given_name: 'Bill' }),
  born('letters transposed: the same letters', { given_name: 'Maira' }),
  born('a letter doubled: the same letters', { given_name: 'Anna' }),
  born('a letter not doubled', { given_name: 'Ana' }),
  born('a given name that is an initial has no key without the surname', { given_name: 'M.' }),
  plain('a given name that is an initial has no key with the sound of the surname', { given_name: 'M.' }),
  born('given name and surname exchanged', { given_name: 'Lopez', surname: 'Maria' }),
  plain('given name and surname exchanged, without a date of birth', { given_name: 'Lopez', surname: 'Maria' }),

  born('two surnames', { surname: 'Lopez Garcia' }),
  plain('two surnames, without a date of birth', { surname: 'Lopez Garcia' }),
  plain('two surnames and a second given name: the most pairs', {
    given_name: 'Maria Elena',
    surname: 'Lopez Garcia',
  }),
  plain('the first surname in the field of the given name', { given_name: 'Maria Lopez', surname: 'Garcia' }),
  plain('a surname with particles in the field of the given name', {
    given_name: 'Maria de la Cruz',
    surname: 'Garcia',
  }),
  plain('a surname misspelt with the same sound', { surname: 'Lopes' }),
  plain('neighbours of one digit across H count once: ASHCRAFT is A261', { surname: 'Ashcraft' }),
  plain('neighbours of one digit across a vowel count twice: TYMCZAK is T522', { surname: 'Tymczak' }),
  plain('the first letter and its neighbour of one digit count once: PFISTER is P236', { surname: 'Pfister' }),
  plain('a short sound is filled up with zeros', { surname: 'Lee' }),
  plain('the sound of a second surname follows that of the first', { surname: 'Lee-Ashcraft' }),

  born('a generation', { surname: 'Lopez Jr' }),
  plain('a generation, without a date of birth', { surname: 'Lopez Jr' }),
  plain('another generation: none of the keys of the one', { surname: 'Lopez Sr' }),

  born('a unit', { street2: 'Apt 4' }),
  plain('a unit, without a date of birth', { street2: 'Apt 4' }),
  born('another unit: none of the keys of the one', { street2: 'Apt 5' }),
  born('another day of birth', { date_of_birth: '1976-07-29' }),
  born('another year of birth', { date_of_birth: '1967-07-28' }),

  born('another beginning of the street name', { street: '12 Vain St' }),
  born('another end of the street name', { street: '12 Maine Ave' }),
  plain('a street name of more than three letters: beginning and end', { street: '1200 Washington Blvd' }),
  plain('directionals and plain suffix are in no key', { street: '1200 N Washington' }),
  plain('a street name of two letters', { street: '12 Bo Ln' }),
  plain('a numbered street: its digits', { street: '12 W 123rd St' }),
  plain('a numbered road: its digits', { street: '12 County Road 1234' }),
  plain('a post office box: all of it', { street: 'PO Box 1234' }),
  plain('a rural route: all of it', { street: 'RR 2 Box 1234' }),
  plain('a house number with a fraction', { street: '12 1/2 Main St' }),

  born('no ZIP code', { postcode: '' }),
  plain('no ZIP code, without a date of birth', { postcode: '' }),
  born('no city', { city: '' }),
  plain('no city, without a date of birth', { city: '' }),
  born('no state', { state: '' }),
  born('ZIP code only', { city: '', state: '' }),
  plain('ZIP code only, without a date of birth', { city: '', state: '' }),
  born('another ZIP code', { postcode: '62711' }),
  born('another city', { city: 'Chatham' }),

  { ...born('only the tier with a date of birth is answered', {}), tiers: ['name_address_dob'] },
  { ...born('only the tier without a date of birth is answered', {}), tiers: ['name_address'] },
  { ...plain('no date of birth where only the tier with one is answered', {}), tiers: ['name_address_dob'] },
  { ...plain('no date of birth where only the tier without one is answered', {}), tiers: ['name_address'] },
];
