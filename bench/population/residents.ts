import type { Address } from './address.ts';
import { makeBlock } from './blocks.ts';
import type { Block } from './blocks.ts';
import { PRESENT_YEAR } from './ages.ts';
import { makeHousehold } from './households.ts';
import type { HouseholdParameters } from './households.ts';
import type { Person } from './person.ts';
import { randomStreams, seededRandom } from './random.ts';
import type { Random } from './random.ts';
import { SITES } from './sites.ts';

/** A person, where they live, and whether the register has them. */
interface Resident {
  readonly person: Person;
  readonly isRegistered: boolean;
}

/** A household on file, in the block it lives in. */
export interface Home {
  readonly address: Address;
  readonly residents: readonly Resident[];
  readonly block: Block;
  /** Addresses of the block at which nobody on file lives. Shared by the homes of the block; whoever uses one takes it out. */
  readonly vacant: Address[];
}

/** A person of a household none of which is on file, and where they live. */
export interface Stranger {
  readonly person: Person;
  readonly address: Address;
}

/**
 * The country: households with registered people, and others. Blocks with an even index hold the former, those with an odd one hold nobody
 * on file, so that the two never share an address. Each block has random numbers of its own: asking for more of one does not change the other.
 */
export interface Country {
  /** Households on file, block by block, as many as are asked for. */
  homes(): Generator<Home, never>;
  /** Grown-up people of households not on file, each once. */
  strangers(): Generator<Stranger, never>;
  /** Addresses at which nobody on file lives, each once. */
  freeAddresses(): Generator<Address, never>;
  /** A household that has nobody on file, for an address that is vacant. */
  neighbours(address: Address, counter: number): Stranger[];
}

export interface CountryParameters extends HouseholdParameters {
  readonly seed: string | number;
  /** How many of the grown-up people of a household on file are on file themselves. */
  readonly registeredAdults: number;
}

/** How old somebody is whom a request can name. */
const GROWN_UP = 16;

export function isGrownUp({ born }: Person): boolean {
  return PRESENT_YEAR - born.year >= GROWN_UP;
}

export function makeCountry(parameters: CountryParameters): Country {
  const { seed, registeredAdults } = parameters;
  const offset = seededRandom(seed, 'places').below(SITES);
  const streams = randomStreams(seed, 'blocks');
  const neighbourStreams = randomStreams(seed, 'neighbours');
  const share = ({ born }: Person): number => {
    const age = PRESENT_YEAR - born.year;
    // Children are on file as dependants, where at all.
    return age < GROWN_UP ? 0.25 : age < 20 ? registeredAdults * 0.7 : registeredAdults;
  };

  // Puerto Rico is asked for its own names, unless the population has no Hispanic ones.
  const hasHispanic = parameters.cultures.values.includes('hispanic');
  const household = (random: Random, { state }: Address): Person[] =>
    makeHousehold(
      random,
      parameters,
      state === 'PR' && hasHispanic && random.chance(0.95) ? 'hispanic' : undefined,
    );

  function* homes(): Generator<Home, never> {
    for (let index = 0; ; index += 2) {
      const random = streams(index);
      const block = makeBlock(random, index, offset);
      const vacant: Address[] = [];
      const inhabited: Address[] = [];
      for (const address of block.addresses) (random.chance(0.5) ? inhabited : vacant).push(address);
      for (const address of inhabited) {
        const residents = household(random, address).map((person) => ({
          person,
          isRegistered: random.chance(share(person)),
        }));
        yield { address, residents, block, vacant };
      }
    }
  }

  // Odd blocks are shared out between those who live there and those who move there: one in four each.
  function* freeAddresses(): Generator<Address, never> {
    for (let index = 1; ; index += 4) yield* makeBlock(streams(index), index, offset).addresses;
  }

  function* strangers(): Generator<Stranger, never> {
    for (let index = 3; ; index += 4) {
      const random = streams(index);
      for (const address of makeBlock(random, index, offset).addresses) {
        for (const person of household(random, address)) if (isGrownUp(person)) yield { person, address };
      }
    }
  }

  const neighbours = (address: Address, counter: number): Stranger[] =>
    household(neighbourStreams(counter), address)
      .filter(isGrownUp)
      .map((person) => ({ person, address }));

  return { homes, strangers, freeAddresses, neighbours };
}
