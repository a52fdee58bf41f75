import type { Address } from './address.ts';
import type { Keep } from './address-rendering.ts';
import { houseNear } from './blocks.ts';
import type { Person } from './person.ts';
import { seededRandom } from './random.ts';
import type { Random } from './random.ts';
import { isGrownUp, makeCountry } from './residents.ts';
import type { CountryParameters, Home, Stranger } from './residents.ts';
import { draw, sharesOf } from './shares.ts';
import type { Shares } from './shares.ts';

/** What a request is, as the truth file says: on file there, on file elsewhere, not on file, or of no use. */
export type RequestClass = 'same' | 'moved' | 'absent' | 'incomplete';

/** Somebody on file. */
export interface PersonCase {
  readonly kind: 'person';
  readonly person: Person;
  readonly address: Address;
  readonly keep: Keep;
}

/** Somebody whom a request names, and the address that it submits. */
export interface RequestCase {
  readonly kind: 'request';
  readonly requestClass: RequestClass;
  readonly person: Person;
  readonly address: Address;
  readonly keep: Keep;
  /** The row of the people file, from 1; undefined for those who are not on file. */
  readonly holderRow: number | undefined;
}

export interface CaseParameters extends CountryParameters {
  readonly people: number;
  /** How many requests of each class. */
  readonly counts: Readonly<Record<RequestClass, number>>;
  /** How many of the absent live with somebody on file, as long as there are so many. */
  readonly absentBesideOnFile: number;
  /** Nobody moves to a near address or to their family. */
  readonly farMovesOnly: boolean;
}

/** Where those who moved are found. 'family': the register still has their own old address, the request that of their family. */
type Move = 'far' | 'zip' | 'street' | 'building' | 'family';

export const MOVES: Readonly<Record<Move, number>> = {
  far: 0.66,
  zip: 0.16,
  family: 0.08,
  street: 0.05,
  building: 0.05,
};

const MOVE_SHARES: Shares<Move> = sharesOf(Object.entries(MOVES) as [Move, number][]);

/**
 * Everybody on file and everybody requested, one after the other; memory does not grow with their number.
 *
 * No `absent` person is on file: those who live beside somebody on file are residents left out of the file, the others live where nobody on
 * file does. No `moved` person is on file at the address submitted: that is a vacant one, or their family's while the file has them elsewhere.
 */
export function* drawCases(parameters: CaseParameters): Generator<PersonCase | RequestCase> {
  const { people, counts, absentBesideOnFile } = parameters;
  const country = makeCountry(parameters);
  const selection = seededRandom(parameters.seed, 'selection');
  const strangers = country.strangers();
  const freeAddresses = country.freeAddresses();
  const left = { ...counts };
  let rows = 0;
  let besideSeen = 0;
  let neighbourhoods = 0;
  let moves = 0;
  const waiting: Stranger[] = [];

  /** Whether, and to where, the next person on file is requested. Selection sampling (Knuth, TAOCP 2, 3.4.2): exactly as many as wanted. */
  function drawClass(): 'same' | 'moved' | undefined {
    const place = selection.below(people - rows);
    const drawn = place < left.same ? 'same' : place < left.same + left.moved ? 'moved' : undefined;
    if (drawn !== undefined) left[drawn]--;
    return drawn;
  }

  function* onFile(home: Home, person: Person, isAlone: boolean): Generator<PersonCase | RequestCase> {
    const requestClass = drawClass();
    const holderRow = ++rows;
    const stay = { person, address: home.address, keep: 'anything' } as const;
    if (requestClass !== 'moved') {
      yield { kind: 'person', ...stay };
      if (requestClass === 'same') yield { kind: 'request', requestClass, ...stay, holderRow };
      return;
    }
    const move: Destination = parameters.farMovesOnly
      ? { kind: 'far' }
      : moveFrom(selection, home, person, isAlone);
    const other =
      move.address ??
      (move.kind === 'zip' ? houseNear(selection, home.block.site, moves++) : freeAddresses.next().value);
    const keep: Keep = move.kind === 'street' || move.kind === 'building' ? 'number_and_unit' : 'anything';
    const isAtFamily = move.kind === 'family';
    yield { kind: 'person', person, address: isAtFamily ? other : home.address, keep };
    yield {
      kind: 'request',
      requestClass,
      person,
      address: isAtFamily ? home.address : other,
      keep,
      holderRow,
    };
  }

  function nextStranger(home: Home): Stranger {
    const vacant = selection.chance(0.1) ? takeVacant(selection, home) : undefined;
    if (vacant !== undefined) waiting.push(...country.neighbours(vacant, neighbourhoods++));
    return waiting.pop() ?? strangers.next().value;
  }

  for (const home of country.homes()) {
    if (rows === people) break;
    const candidates: Person[] = [];
    for (const { person, isRegistered } of home.residents) {
      if (isRegistered && rows < people) yield* onFile(home, person, home.residents.length === 1);
      else if (isGrownUp(person)) candidates.push(person);
    }
    if (candidates.length === home.residents.length) continue;
    besideSeen += candidates.length;
    // The share of candidates to take so that in the end as many are taken as wanted; a fifth per person is where it begins.
    const supply = ((besideSeen + 20) / (rows + 100)) * people;
    const chance = (absentBesideOnFile * counts.absent) / supply;
    for (const person of candidates) {
      if (left.absent === 0 || !selection.chance(chance)) continue;
      left.absent--;
      yield {
        kind: 'request',
        requestClass: 'absent',
        person,
        address: home.address,
        keep: 'anything',
        holderRow: undefined,
      };
    }
    for (const requestClass of ['absent', 'incomplete'] as const) {
      const due = Math.floor((counts[requestClass] * (people - rows)) / people);
      for (; left[requestClass] > due; left[requestClass]--) {
        yield {
          kind: 'request',
          requestClass,
          ...nextStranger(home),
          keep: 'anything',
          holderRow: undefined,
        };
      }
    }
  }
}

interface Destination {
  readonly kind: Move;
  /** In the same block; undefined elsewhere. */
  readonly address?: Address;
}

function moveFrom(random: Random, home: Home, person: Person, isAlone: boolean): Destination {
  const kind = draw(random, MOVE_SHARES);
  if (kind === 'family') return isAlone || !isGrownUp(person) ? { kind: 'far' } : { kind };
  if (kind !== 'street' && kind !== 'building') return { kind };
  if ((kind === 'building') !== home.block.isBuilding) return { kind: 'zip' };
  const address = takeVacant(random, home);
  return address === undefined ? { kind: 'zip' } : { kind, address };
}

/** One of the vacant addresses of the block, which is then no longer vacant. */
function takeVacant(random: Random, { vacant }: Home): Address | undefined {
  const at = random.below(vacant.length);
  const address = vacant[at];
  const last = vacant.pop();
  if (last !== undefined && at < vacant.length) vacant[at] = last;
  return address;
}
