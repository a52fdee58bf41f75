import type { Profile } from './profile.ts';
import { usNameAddress1 } from './profile-us-name-address-1/profile.ts';

const PROFILES: ReadonlyMap<string, Profile> = new Map([[usNameAddress1.id, usNameAddress1]]);

/** The profile that a new epoch uses. */
export const DEFAULT_PROFILE: Profile = usNameAddress1;

/** The profile with this id, undefined when this version does not know it. */
export function profileById(id: string): Profile | undefined {
  return PROFILES.get(id);
}
