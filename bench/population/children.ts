import { birthday, PRESENT_YEAR } from './ages.ts';
import { bearsTwoSurnames, drawGiven, drawMiddle, drawSurname, namesakeFactor } from './naming.ts';
import type { Culture, Person, Sex } from './person.ts';
import type { Random } from './random.ts';
import { draw, sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';

/** What births are made by. */
export interface BirthParameters {
  /** How often the first son of a family of the general origin bears his father's name. */
  readonly namesakeSons: number;
  /** How often a birth is of twins. */
  readonly twins: number;
}

const CHILDREN: Shares<number> = sharesOf([
  [1, 38],
  [2, 36],
  [3, 17],
  [4, 6],
  [5, 3],
]);

/** Children of the parents, oldest first, none younger than `minimumAge`. */
export function makeChildren(
  random: Random,
  parents: readonly Person[],
  parameters: BirthParameters,
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
export function withSenior(parents: readonly Person[], children: readonly Person[]): Person[] {
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
