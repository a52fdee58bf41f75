/** When a key may sign. Days are in UTC, `YYYY-MM-DD`, so that their texts are in the order of the days. */
export interface Validity {
  /** The first day; undefined where it always could. */
  readonly validFrom: string | undefined;
  /** The last day. */
  readonly validUntil: string | undefined;
  /** The day from which on nothing that it ever signed counts. */
  readonly revoked: string | undefined;
}

/** Whether a signature counts: `outside` is before the first or after the last day. */
export type Standing = 'valid' | 'outside' | 'revoked';

/** Whether a signature by this key counts at this time, whenever it was made. */
export function standingOf({ validFrom, validUntil, revoked }: Validity, now: Date): Standing {
  const day = dayOf(now);
  if (revoked !== undefined && revoked <= day) return 'revoked';
  const early = validFrom !== undefined && day < validFrom;
  const late = validUntil !== undefined && validUntil < day;
  return early || late ? 'outside' : 'valid';
}

/** The day in UTC. */
export function dayOf(now: Date): string {
  return now.toISOString().slice(0, 10);
}
