import type { KeyDefinition } from '../match-key.ts';

export const PROFILE_ID = 'us-name-address/1';

/**
 * The revision of the rules of this profile as code. It goes up whenever a change of code changes a key of any record, so that
 * the profile's hash changes with it.
 */
export const RULES_REVISION = 2;

/** The match keys of the profile. Each costs the holder one token per person and the requester one element per record. */
export const KEYS: readonly KeyDefinition[] = [
  { name: 'name_street_postcode', parts: ['given_name', 'surname', 'street', 'postcode'] },
  { name: 'name_street_city', parts: ['given_name', 'surname', 'street', 'city', 'state'] },
];
