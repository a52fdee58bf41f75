/**
 * What a match rests on (protocol-spec/documents.md, "Tiers"), the stronger first. The list is closed and stands here beside
 * the one that the match keys are made by, because what a match means is agreed between the two sides and not left to
 * a profile: a requester that doesn't know a tier could not say what its matches are worth, and has to stop.
 */
export const MATCH_TIERS = ['name_address_dob', 'name_address'] as const;

/** One of `MATCH_TIERS`. */
export type MatchTier = (typeof MATCH_TIERS)[number];
