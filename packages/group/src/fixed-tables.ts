/** The tables of a few bases, in slots of an engine's memory; a new base takes the slot that was used least lately. */
export class FixedTables {
  /** The address and the base of each slot, the one that was used last in front. */
  readonly #slots: { readonly address: number; base: Uint8Array | undefined }[];

  /** @param addresses where each slot's table stands */
  constructor(addresses: readonly number[]) {
    this.#slots = addresses.map((address) => ({ address, base: undefined }));
  }

  /**
   * The address of a base's table.
   * @param fill writes the table to an address, or throws when there is none for this base
   */
  find(base: Uint8Array, fill: (address: number) => void): number {
    const known = this.#slots.findIndex((slot) => slot.base !== undefined && isSame(slot.base, base));
    const [slot] = this.#slots.splice(known < 0 ? this.#slots.length - 1 : known, 1);
    if (slot === undefined) throw new RangeError('an engine has at least one table');
    this.#slots.unshift(slot);
    if (known < 0) {
      slot.base = undefined;
      fill(slot.address);
      slot.base = Uint8Array.from(base);
    }
    return slot.address;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
