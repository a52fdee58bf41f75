/**
 * How much a match says, by what the record holds. `name_address_dob`: a date of birth is in every key.
 * `name_address`: name and address only, where two people of one name in one household can't be told apart.
 */
export type Tier = 'name_address_dob' | 'name_address';

/** Every tier, the stronger first. */
export const TIERS: readonly Tier[] = ['name_address_dob', 'name_address'];
