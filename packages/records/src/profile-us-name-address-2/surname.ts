import {
  LEADING_LETTERS,
  LETTER_AFTER_PARTICLE,
  PARTICLE_SPELLINGS,
  PARTICLES,
  SURNAME_ABBREVIATIONS,
} from './name-words.ts';
import { isInitial } from './name-ends.ts';
import { spellings } from './word-table.ts';

const particles = new Set(PARTICLES);
const particleOf = spellings(PARTICLE_SPELLINGS);
const leadingLetters = new Set(LEADING_LETTERS);
const surnameOf = spellings(SURNAME_ABBREVIATIONS);

/** The surnames of a person, without spaces. */
export interface Surnames {
  /** All of them: DELACRUZGARCIA. */
  readonly surname: string;
  /** The first with its particles: DELACRUZ. The same as `surname` where there is one. */
  readonly firstSurname: string;
}

/**
 * Joins the folded words of a surname of which titles, suffixes and trailing initials are cut. Particles are glued to what
 * follows; gluing one too many only makes the first surname longer, so it loses a match and makes none. Letters between
 * surnames are cut: the Spanish Y, the Portuguese E, initials.
 */
export function surnamesOf(words: readonly string[]): Surnames {
  const [only = ''] = words;
  if (words.length === 1) return alone(surnameOf.get(only) ?? only);
  let surname = '';
  let firstSurname = '';
  let afterParticle = true;
  for (const [index, word] of words.entries()) {
    const isLast = index === words.length - 1;
    if (isInitial(word) && !isLast && !isGluedLetter(word, index, surname !== '' && afterParticle)) continue;
    const name = isLast ? word : (particleOf.get(word) ?? word);
    const full = surnameOf.get(name) ?? name;
    surname += full;
    if (afterParticle) firstSurname = surname;
    afterParticle &&= particles.has(name) || isInitial(name);
  }
  return { surname, firstSurname };
}

function isGluedLetter(letter: string, index: number, followsParticle: boolean): boolean {
  return followsParticle ? letter === LETTER_AFTER_PARTICLE : index === 0 && leadingLetters.has(letter);
}

function alone(surname: string): Surnames {
  return { surname, firstSurname: surname };
}
