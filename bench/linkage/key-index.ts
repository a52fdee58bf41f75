import { GrowingColumn } from './growing-column.ts';

/** One row of the holder's file under one value of a match key. */
export interface Entry {
  /** A fingerprint of the value (fingerprint.ts). */
  readonly value: number;
  readonly row: number;
  /** The place of the key among the keys of the profile. */
  readonly key: number;
}

const NONE = -1;

/**
 * The rows of the holder's file by the values of their match keys. First all are added, then the index is sealed and asked.
 * About 30 bytes for an entry.
 */
export class KeyIndex {
  readonly #values = new GrowingColumn((length) => new Float64Array(length));
  readonly #rows = new GrowingColumn((length) => new Uint32Array(length));
  readonly #keys = new GrowingColumn((length) => new Uint8Array(length));
  /** Open addressing: the first entry of a value; the others follow by #next. */
  #heads = new Int32Array(0);
  #next = new Int32Array(0);

  get size(): number {
    return this.#values.length;
  }

  add({ value, row, key }: Entry): void {
    if (this.#heads.length > 0) throw new Error('The index is sealed; add everything before.');
    this.#values.push(value);
    this.#rows.push(row);
    this.#keys.push(key);
  }

  seal(): void {
    const size = this.size;
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(2 * size + 2))).fill(NONE);
    this.#next = new Int32Array(size).fill(NONE);
    // From the last to the first, so that each chain is in the order of adding.
    for (let entry = size - 1; entry >= 0; entry--) {
      const slot = this.#slotOf(this.#values.at(entry));
      this.#next[entry] = this.#heads[slot] ?? NONE;
      this.#heads[slot] = entry;
    }
  }

  /** The entries of a value, in the order they were added in; none for a value that nobody has. */
  entriesOf(value: number): readonly Entry[] {
    return this.#chain(this.#heads[this.#slotOf(value)] ?? NONE);
  }

  /** The entries of each value that several have. */
  *shared(): Generator<readonly Entry[], void, undefined> {
    for (const head of this.#heads) {
      if (head !== NONE && this.#next[head] !== NONE) yield this.#chain(head);
    }
  }

  #chain(head: number): Entry[] {
    const entries: Entry[] = [];
    for (let entry = head; entry !== NONE; entry = this.#next[entry] ?? NONE) {
      entries.push({ value: this.#values.at(entry), row: this.#rows.at(entry), key: this.#keys.at(entry) });
    }
    return entries;
  }

  /** Where the value is, or belongs: at most half of the slots are taken. */
  #slotOf(value: number): number {
    const slots = this.#heads.length;
    if (slots === 0) throw new Error('The index is not sealed yet.');
    let slot = value % slots;
    for (;;) {
      const head = this.#heads[slot] ?? NONE;
      if (head === NONE || this.#values.at(head) === value) return slot;
      slot = (slot + 1) % slots;
    }
  }
}
