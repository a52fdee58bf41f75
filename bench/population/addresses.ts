import { STREETS, TOWNS } from './places.ts';
import type { Street, Town } from './places.ts';

/** One address of the population. `unit` is '' for a house. */
export interface Address {
  readonly number: string;
  readonly street: Street;
  readonly unit: string;
  readonly town: Town;
}

const NUMBERS = 9_000;
/** How many addresses there are. */
export const ADDRESSES: number = TOWNS.length * STREETS.length * NUMBERS;

// A prime above every factor of ADDRESSES, so that index · STRIDE mod ADDRESSES visits every address once. The
// product stays exact below 2^53.
const STRIDE = 2_750_159;

/**
 * The address with this index, below ADDRESSES. Different indices give addresses that differ in town, street or number, so
 * that two households never share one without a register of those in use.
 */
export function addressAt(index: number, offset: number): Address {
  if (!Number.isSafeInteger(index) || index < 0 || index >= ADDRESSES) {
    throw new RangeError(`There are only ${ADDRESSES} addresses; ask for fewer people or requests.`);
  }
  let place = (index * STRIDE + offset) % ADDRESSES;
  const take = (count: number): number => {
    const digit = place % count;
    place = Math.floor(place / count);
    return digit;
  };
  const town = entry(TOWNS, take(TOWNS.length));
  const streetIndex = take(STREETS.length);
  const street = entry(STREETS, streetIndex);
  const number = take(NUMBERS) + 1;
  if (street.kind === 'box') {
    // Every post office entry numbers its own range of boxes.
    return { number: String((streetIndex % 20) * 10_000 + number), street, unit: '', town };
  }
  const unit = number % 4 === 0 ? `${(number % 29) + 1}${['', 'A', 'B', 'C'][number % 3] ?? ''}` : '';
  return { number: String(number), street, unit, town };
}

function entry<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) throw new RangeError(`There is no entry ${index}.`);
  return value;
}
