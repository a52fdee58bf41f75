import type { Profile } from './profile.ts';
import { usNameAddress2 } from './profile-us-name-address-2/profile.ts';

const PROFILES: ReadonlyMap<string, Profile> = new Map([[usNameAddress2.id, usNameAddress2]]);

/** The profile that a new epoch uses. */
export const DEFAULT_PROFILE: Profile = usNameAddress2;

/** The profile with this id, undefined when this version does not know it. */
export function profileById(id: string): Profile | undefined {
  return PROFILES.get(id);
}
