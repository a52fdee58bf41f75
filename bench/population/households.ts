import { birthday, PRESENT_YEAR, yearOfAge } from './ages.ts';
import { makeChildren, withSenior } from './children.ts';
import type { BirthParameters } from './children.ts';
import {
  bearsTwoSurnames,
  drawGiven,
  drawMiddle,
  drawSurname,
  namesakeFactor,
  takesHusbandsSurname,
} from './naming.ts';
import type { Culture, Person, Sex } from './person.ts';
import type { Random } from './random.ts';
import { draw, sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';

/** What a household is made by. */
export interface HouseholdParameters extends BirthParameters {
  readonly cultures: Shares<Culture>;
  /** Leaves out whoever has the first given name of somebody else in the household. */
  readonly withoutNamesakes: boolean;
}

type Shape = 'single' | 'couple' | 'family' | 'one_parent' | 'three_generations' | 'room_mates';

// Roughly the US census shares of households; three generations are commoner than there, as among immigrants.
const SHAPES: Shares<Shape> = sharesOf<Shape>([
  ['single', 26],
  ['couple', 24],
  ['family', 27],
  ['one_parent', 10],
  ['three_generations', 7],
  ['room_mates', 6],
]);
/** People of one dwelling, from one to a dozen, of the culture given or any. Their ages fit their relations. */
export function makeHousehold(random: Random, parameters: HouseholdParameters, culture?: Culture): Person[] {
  const people = makeFamily(random, parameters, culture ?? draw(random, parameters.cultures));
  if (!parameters.withoutNamesakes) return people;
  const first = ({ given }: Person): string => given.split(' ')[0] ?? given;
  return people.filter(
    (person, place) => people.findIndex((other) => first(other) === first(person)) === place,
  );
}

function makeFamily(random: Random, parameters: HouseholdParameters, culture: Culture): Person[] {
  switch (draw(random, SHAPES)) {
    case 'single':
      return [makeAdult(random, culture, yearOfAge(random, 19, 92))];
    case 'couple':
      return makeCouple(random, culture, yearOfAge(random, 22, 88), parameters);
    case 'family': {
      const parents = makeCouple(random, culture, yearOfAge(random, 24, 68), parameters);
      return withSenior(parents, makeChildren(random, parents, parameters));
    }
    case 'one_parent': {
      const parent = makeAdult(
        random,
        culture,
        yearOfAge(random, 20, 66),
        random.chance(0.8) ? 'female' : 'male',
      );
      return [parent, ...makeChildren(random, [parent], parameters)];
    }
    case 'three_generations':
      return makeThreeGenerations(random, culture, parameters);
    case 'room_mates': {
      const year = yearOfAge(random, 18, 45);
      return Array.from({ length: 2 + random.below(4) }, () =>
        makeAdult(
          random,
          random.chance(0.6) ? culture : draw(random, parameters.cultures),
          year + random.below(9) - 4,
        ),
      );
    }
  }
}

function makeThreeGenerations(random: Random, culture: Culture, parameters: HouseholdParameters): Person[] {
  const grandparents = makeCouple(random, culture, yearOfAge(random, 52, 85), parameters);
  const [son, ...others] = makeChildren(random, grandparents, parameters, { minimumAge: 22 });
  if (son === undefined) return grandparents;
  const partner = makePartner(random, son, parameters);
  const parents = son.sex === 'male' ? [son, partner] : [partner, son];
  const married = son.sex === 'female' ? marry(random, son, partner) : son;
  return [
    ...grandparents.slice(random.chance(0.4) ? 1 : 0),
    married,
    partner,
    ...others.slice(0, random.below(2)),
    ...makeChildren(random, parents, parameters, { relatives: [...grandparents, ...parents, ...others] }),
  ];
}

function makeAdult(
  random: Random,
  culture: Culture,
  year: number,
  sex: Sex = random.chance(0.5) ? 'male' : 'female',
): Person {
  const given = drawGiven(random, culture, sex, year);
  const mother = drawSurname(random, culture);
  return {
    culture,
    sex,
    given,
    middle: drawMiddle(random, culture, sex, year, given, mother),
    surname: drawSurname(random, culture),
    secondSurname: bearsTwoSurnames(random, culture) ? mother : '',
    formerSurname: '',
    // Of a father who lives elsewhere.
    generation:
      sex === 'male' && random.chance(0.012 * namesakeFactor(culture))
        ? random.pick(['Jr', 'Jr', 'III', 'II'])
        : '',
    born: birthday(random, culture, year),
  };
}

function makeCouple(
  random: Random,
  culture: Culture,
  year: number,
  parameters: HouseholdParameters,
): Person[] {
  const husband = makeAdult(random, culture, year, 'male');
  return [husband, makePartner(random, husband, parameters)];
}

function makePartner(random: Random, person: Person, { cultures }: HouseholdParameters): Person {
  const culture = random.chance(0.88) ? person.culture : draw(random, cultures);
  const sex = random.chance(0.985) === (person.sex === 'female') ? 'male' : 'female';
  const partner = makeAdult(
    random,
    culture,
    Math.min(PRESENT_YEAR - 18, person.born.year + random.below(9) - 3),
    sex,
  );
  return sex === 'female' && person.sex === 'male' ? marry(random, partner, person) : partner;
}

/** The wife, with her husband's surname where she took it, or with both. */
function marry(random: Random, wife: Person, husband: Person): Person {
  if (!takesHusbandsSurname(random, wife.culture)) return wife;
  const formerSurname = wife.surname;
  if (wife.culture === 'european' && random.chance(0.06)) {
    return { ...wife, surname: `${formerSurname}-${husband.surname}`, formerSurname };
  }
  // Many keep the surname of their birth as a middle name.
  const middle = wife.culture === 'european' && random.chance(0.12) ? formerSurname : wife.middle;
  return { ...wife, middle, surname: husband.surname, secondSurname: '', formerSurname };
}
