/** Given names of people born up to the end of a year, as texts that shares.ts reads. */
export interface GivenCohort {
  readonly until: number;
  readonly male: string;
  readonly female: string;
}
