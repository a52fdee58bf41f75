type Column = Float64Array | Uint32Array | Uint8Array;

/** Numbers of one kind, one after another, in an array that grows by half; a few bytes each where an object takes fifty. */
export class GrowingColumn<Kind extends Column> {
  #values: Kind;
  #length = 0;
  readonly #make: (length: number) => Kind;

  /** @param make an empty array of the kind, of the given length */
  constructor(make: (length: number) => Kind) {
    this.#make = make;
    this.#values = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(Math.ceil(this.#length * 1.5));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** @throws RangeError for a place that nothing has been put at */
  at(index: number): number {
    const value = index < this.#length ? this.#values[index] : undefined;
    if (value === undefined) throw new RangeError(`There is no value ${index}.`);
    return value;
  }
}
