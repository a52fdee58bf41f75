/** Sums under a key of several parts, in the order of the keys. */
export class KeyedRows<Key extends readonly (string | null)[], Row extends object> {
  readonly #rows = new Map<string, { readonly key: Key; readonly row: Row }>();
  readonly #empty: () => Row;

  constructor(empty: () => Row) {
    this.#empty = empty;
  }

  /** The row of a key, made empty where there was none; to be added to. */
  at(...key: Key): Row {
    const name = JSON.stringify(key);
    const known = this.#rows.get(name);
    if (known !== undefined) return known.row;
    const row = this.#empty();
    this.#rows.set(name, { key, row });
    return row;
  }

  /** All rows, each with what its key is called. */
  rows<Named extends object>(name: (key: Key) => Named): (Named & Row)[] {
    return [...this.#rows]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { key, row }]) => ({ ...name(key), ...row }));
  }
}
