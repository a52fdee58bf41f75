const ITEM_BYTES = 32;

/**
 * The index of the first of many 32-byte items that is all zeros, which is the scalar 0 or the identity element;
 * −1 when there is none. Its time does not depend on the items, unless there is one.
 */
export function firstZeroItem(items: Uint8Array): number {
  for (let start = 0; start < items.length; start += ITEM_BYTES) {
    let bits = 0;
    for (let i = start; i < start + ITEM_BYTES; i++) bits |= items[i] ?? 0;
    if (bits === 0) return start / ITEM_BYTES;
  }
  return -1;
}
