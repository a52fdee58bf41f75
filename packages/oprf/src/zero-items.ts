const ITEM_BYTES = 32;

/**
 * Whether any of many 32-byte items is all zeros, which is the scalar 0 or the identity element. Its time does
 * not depend on the items.
 */
export function hasZeroItem(items: Uint8Array): boolean {
  let found = 0;
  for (let start = 0; start < items.length; start += ITEM_BYTES) {
    let bits = 0;
    for (let i = start; i < start + ITEM_BYTES; i++) bits |= items[i] ?? 0;
    found |= (bits - 1) >>> 31;
  }
  return found === 1;
}
