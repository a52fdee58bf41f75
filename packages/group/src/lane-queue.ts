/**
 * What waits, in lanes that take turns: first come, first served inside a lane, one item a turn between lanes.
 * However much waits in one lane, the first item of another goes after at most one item of each.
 */
export class LaneQueue<Item> {
  /** Invariant: no lane is empty, and their order is the order of their turns. */
  readonly #lanes = new Map<unknown, Item[]>();

  push(lane: unknown, item: Item): void {
    const items = this.#lanes.get(lane);
    if (items === undefined) this.#lanes.set(lane, [item]);
    else items.push(item);
  }

  /** Takes the next item; its lane goes behind all others. */
  shift(): Item | undefined {
    for (const [lane, items] of this.#lanes) {
      const item = items.shift();
      this.#lanes.delete(lane);
      if (items.length > 0) this.#lanes.set(lane, items);
      return item;
    }
    return undefined;
  }

  /** Takes an item out of its lane; gives whether it was there. */
  remove(lane: unknown, item: Item): boolean {
    const items = this.#lanes.get(lane);
    const at = items?.indexOf(item) ?? -1;
    if (items === undefined || at < 0) return false;
    items.splice(at, 1);
    if (items.length === 0) this.#lanes.delete(lane);
    return true;
  }

  /** Takes everything. */
  drain(): Item[] {
    const items = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    return items;
  }
}
