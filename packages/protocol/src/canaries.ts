/**
 * The public canary inputs of every epoch. A present one is in the token set, an absent one never is. Match keys
 * begin with their profile's id, so no record can give a canary.
 */

/** How many canaries of each kind an epoch has. */
export interface CanaryCounts {
  readonly present: number;
  readonly absent: number;
}

/** How many canaries of each kind an epoch has unless its descriptor says otherwise. */
export const CANARY_COUNT = 64;

const MAX_CANARIES = 10_000;

/** Present canary `index`, an OPRF input (UTF-8). Throws RangeError outside 0 to 9999. */
export function presentCanary(index: number): string {
  return canary('present', index);
}

/** Absent canary `index`, an OPRF input (UTF-8). Throws RangeError outside 0 to 9999. */
export function absentCanary(index: number): string {
  return canary('absent', index);
}

function canary(kind: 'present' | 'absent', index: number): string {
  if (!Number.isSafeInteger(index) || index < 0 || index >= MAX_CANARIES) {
    throw new RangeError(`there is no canary ${index}`);
  }
  return `blindmatch.v1/canary/${kind}/${String(index).padStart(4, '0')}`;
}
