import type { EpochDescriptor } from '@blindmatch/protocol';
import { calendarDateOf, type Profile, type RequestRules } from '@blindmatch/records';

/**
 * What the records of a request are understood by: the holder's word on what it answers, since a requester that asked for
 * more would spend its quota on nothing, on the day of the manifest.
 */
export function requestRules(
  { tiers, minimumOrderAgeDays }: EpochDescriptor,
  profile: Profile,
  created: Date,
): RequestRules {
  return { profile, tiers, minimumOrderAgeDays, today: calendarDateOf(created) };
}
