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

/** How often a first daughter is named after her mother, relative to a first son after his father. */
const NAMESAKE_DAUGHTERS = 0.2;

/** Who else matters to the children. */
interface FamilyCircle {
  readonly minimumAge?: number;
  /** Everybody whose given name they don't get by chance; their parents when left out. */
  readonly relatives?: readonly Person[];
}

/** Children of the parents, oldest first, none younger than `minimumAge`. */
export function makeChildren(
  random: Random,
  parents: readonly Person[],
  parameters: BirthParameters,
  { minimumAge = 0, relatives = parents }: FamilyCircle = {},
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
      const given = givenOfChild(random, culture, sex, year, children, relatives);
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
      const model = sex === 'male' ? father : mother;
      const share =
        parameters.namesakeSons * namesakeFactor(culture) * (sex === 'male' ? 1 : NAMESAKE_DAUGHTERS);
      const isFirst = !children.some((sibling) => sibling.sex === sex);
      children.push(
        model !== undefined && isFirst && random.chance(share) ? namesakeOf(random, model, child) : child,
      );
    }
    year += 1 + random.below(5);
  }
  return children;
}

/** A name that nobody in the family bears, for parents avoid those by chance; a twin's begins like the other's more often than by chance. */
function givenOfChild(
  random: Random,
  culture: Culture,
  sex: Sex,
  year: number,
  siblings: readonly Person[],
  relatives: readonly Person[],
): string {
  const twin = siblings.find(({ born }) => born.year === year);
  let given = '';
  for (let attempt = 0; attempt < 20; attempt++) {
    given = drawGiven(random, culture, sex, year);
    const wanted = twin === undefined || attempt > 8 || random.chance(0.7) || given[0] === twin.given[0];
    const isTaken = [...relatives, ...siblings].some((other) => other.given === given);
    if (wanted && !isTaken) return given;
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

/**
 * The child with the parent's name: a son as a Junior with the same middle name, or, oftener in Spanish, with another one and no
 * suffix; a daughter always without.
 */
function namesakeOf(random: Random, parent: Person, child: Person): Person {
  const formal = child.sex === 'male' && random.chance(parent.culture === 'hispanic' ? 0.3 : 0.75);
  const generation = parent.generation === '' ? 'Jr' : parent.generation === 'Jr' ? 'III' : '';
  return {
    ...child,
    given: parent.given,
    middle: formal || random.chance(0.3) ? parent.middle : child.middle,
    generation: formal ? generation : '',
  };
}
