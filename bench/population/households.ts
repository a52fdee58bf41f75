import {
  bearsTwoSurnames,
  drawGiven,
  drawMiddle,
  drawSurname,
  namesakeFactor,
  takesHusbandsSurname,
} from './naming.ts';
import type { Culture, Day, Person, Sex } from './person.ts';
import type { Random } from './random.ts';
import { draw, sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';

/** What a household is made by. */
export interface HouseholdParameters {
  readonly cultures: Shares<Culture>;
  /** How often the first son of a family of the general origin bears his father's name. */
  readonly namesakeSons: number;
  /** How often a birth is of twins. */
  readonly twins: number;
  /** Leaves out whoever has the first given name of somebody else in the household. */
  readonly withoutNamesakes: boolean;
}

/** The year in which everybody's age is reckoned. */
export const PRESENT_YEAR = 2025;

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
const CHILDREN: Shares<number> = sharesOf([
  [1, 38],
  [2, 36],
  [3, 17],
  [4, 6],
  [5, 3],
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
  const [son, ...others] = makeChildren(random, grandparents, parameters, 22);
  if (son === undefined) return grandparents;
  const partner = makePartner(random, son, parameters);
  const parents = son.sex === 'male' ? [son, partner] : [partner, son];
  const married = son.sex === 'female' ? marry(random, son, partner) : son;
  return [
    ...grandparents.slice(random.chance(0.4) ? 1 : 0),
    married,
    partner,
    ...others.slice(0, random.below(2)),
    ...makeChildren(random, parents, parameters),
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

/** Children of the parents, oldest first, none younger than `minimumAge`. */
function makeChildren(
  random: Random,
  parents: readonly Person[],
  parameters: HouseholdParameters,
  minimumAge = 0,
): Person[] {
  const father = parents.find(({ sex }) => sex === 'male');
  const mother = parents.find(({ sex }) => sex === 'female');
  const head = father ?? mother;
  if (head === undefined) return [];
  const { culture } = head;
  const mothersSurname =
    mother === undefined ? drawSurname(random, culture) : mother.formerSurname || mother.surname;
  const twoSurnames = bearsTwoSurnames(random, culture);
  const children: Person[] = [];
  let year = Math.max(...parents.map(({ born }) => born.year)) + 18 + random.below(14);
  const count = draw(random, CHILDREN);
  while (children.length < count && year <= PRESENT_YEAR - Math.max(minimumAge, 1)) {
    const born = birthday(random, culture, year);
    const babies = random.chance(parameters.twins) ? 2 : 1;
    for (let baby = 0; baby < babies; baby++) {
      const sex = random.chance(0.5) ? 'male' : 'female';
      const given = givenOfChild(random, culture, sex, year, children);
      const child: Person = {
        culture,
        sex,
        given,
        middle: drawMiddle(random, culture, sex, year, given, mothersSurname),
        surname: head.surname,
        secondSurname: twoSurnames ? mothersSurname : '',
        formerSurname: '',
        generation: '',
        born,
      };
      const first = !children.some(({ sex: other }) => other === 'male');
      children.push(
        father !== undefined &&
          sex === 'male' &&
          first &&
          random.chance(parameters.namesakeSons * namesakeFactor(culture))
          ? namesakeOf(random, father, child)
          : child,
      );
    }
    year += 1 + random.below(5);
  }
  return children;
}

/** A name that no brother or sister bears; a twin's begins like the other's more often than by chance. */
function givenOfChild(
  random: Random,
  culture: Culture,
  sex: Sex,
  year: number,
  siblings: readonly Person[],
): string {
  const twin = siblings.find(({ born }) => born.year === year);
  let given = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    given = drawGiven(random, culture, sex, year);
    const wanted = twin === undefined || attempt > 8 || random.chance(0.7) || given[0] === twin.given[0];
    if (wanted && !siblings.some((sibling) => sibling.given === given)) return given;
  }
  return `${given} ${drawGiven(random, culture, sex, year)}`;
}

/** The family; a father whose son is a Junior is a Senior. */
function withSenior(parents: readonly Person[], children: readonly Person[]): Person[] {
  const isSenior = children.some(({ generation }) => generation === 'Jr');
  const named = parents.map((parent) =>
    isSenior && parent.sex === 'male' && parent.generation === '' ? { ...parent, generation: 'Sr' } : parent,
  );
  return [...named, ...children];
}

/** The son with his father's name: as a Junior with the same middle name, or, oftener in Spanish, with another one and no suffix. */
function namesakeOf(random: Random, father: Person, son: Person): Person {
  const formal = random.chance(father.culture === 'hispanic' ? 0.3 : 0.75);
  const generation = father.generation === '' ? 'Jr' : father.generation === 'Jr' ? 'III' : '';
  return {
    ...son,
    given: father.given,
    middle: formal || random.chance(0.3) ? father.middle : son.middle,
    generation: formal ? generation : '',
  };
}

function yearOfAge(random: Random, youngest: number, oldest: number): number {
  // The younger half of a range holds more people than the older one.
  const share = Math.min(random.unit(), random.unit() * 1.6);
  return PRESENT_YEAR - youngest - Math.floor(share * (oldest - youngest));
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function birthday(random: Random, culture: Culture, year: number): Day {
  // Where births are registered late, the register says the first of January.
  if (random.chance(culture === 'arabic' || culture === 'african' ? 0.06 : 0.001))
    return { year, month: 1, day: 1 };
  const month = random.below(12);
  return { year, month: month + 1, day: 1 + random.below(DAYS[month] ?? 28) };
}
