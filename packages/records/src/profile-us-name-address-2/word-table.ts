/** A table of words: each canonical form with the other spellings that mean it. The canonical form means itself. */
export type WordTable = Readonly<Record<string, readonly string[]>>;

/** From every spelling in the table to its canonical form. */
export function spellings(table: WordTable): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const [canonical, others] of Object.entries(table)) {
    map.set(canonical, canonical);
    for (const other of others) map.set(other, canonical);
  }
  return map;
}
