import type { Address } from './addresses.ts';
import { ORIGINS } from './names.ts';
import type { Origin } from './names.ts';
import type { Random } from './random.ts';

/** A person who does not exist. */
export interface Person {
  readonly given: string;
  readonly initial: string;
  readonly surname: string;
  /** 'Sr', 'Jr' or 'III'; '' for most. */
  readonly generation: string;
  readonly dateOfBirth: string;
  readonly address: Address;
}

/** People of one address, and given names of the same origin that none of them bears. */
export interface Household {
  readonly people: readonly Person[];
  readonly unusedGiven: readonly string[];
}

const byWeight: readonly Origin[] = ORIGINS.flatMap((origin) =>
  Array.from({ length: origin.weight }, () => origin),
);

/** A household at an address: given names differ within it, but for a father and son told apart by their suffix. */
export function makeHousehold(random: Random, address: Address, size: number, namesakes: number): Household {
  const origin = random.pick(byWeight);
  const given = [...origin.given];
  const surname = random.pick(origin.surnames);
  const people: Person[] = [];
  while (people.length < size) {
    const name = given.splice(random.below(given.length), 1)[0] ?? '';
    const family = random.chance(origin.twoSurnames) ? `${surname} ${random.pick(origin.surnames)}` : surname;
    const born = 1935 + random.below(70);
    const person = { given: name, surname: family, address };
    if (people.length + 2 <= size && random.chance(namesakes)) {
      people.push({
        ...person,
        generation: 'Sr',
        initial: initial(random),
        dateOfBirth: birthday(random, born),
      });
      people.push({
        ...person,
        generation: 'Jr',
        initial: initial(random),
        dateOfBirth: birthday(random, born + 24),
      });
    } else {
      people.push({
        ...person,
        generation: '',
        initial: initial(random),
        dateOfBirth: birthday(random, born),
      });
    }
  }
  return { people, unusedGiven: given };
}

function initial(random: Random): string {
  return random.chance(0.6) ? 'ABCDEFGHJKLMNPRSTW'.charAt(random.below(18)) : '';
}

function birthday(random: Random, year: number): string {
  return `${year}-${twoDigits(1 + random.below(12))}-${twoDigits(1 + random.below(28))}`;
}

/** A number below 100 with two digits, for dates. */
export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
