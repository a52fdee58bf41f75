import { TOKEN_BYTES, compareTokens, viewOf } from './token.ts';

const DIGIT = 1 << 16;

/**
 * The ascending order of 16-byte tokens: a permutation of 0..n-1, equal tokens in any order. Two radix passes order
 * the first 32 bits, which almost always decide; groups that share them are sorted by comparison.
 */
export function tokenOrder(tokens: Uint8Array): Uint32Array {
  const count = tokens.length / TOKEN_BYTES;
  const view = viewOf(tokens);
  const first = new Uint32Array(count);
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) first[i] = i;
  scatter(first, order, (i) => view.getUint16(i * TOKEN_BYTES + 2));
  scatter(order, first, (i) => view.getUint16(i * TOKEN_BYTES));
  sortTies(first, view);
  return first;
}

/** One stable counting pass of a least-significant-digit radix sort, from `source` into `target`. */
function scatter(source: Uint32Array, target: Uint32Array, digitOf: (index: number) => number): void {
  const starts = new Uint32Array(DIGIT + 1);
  for (const index of source) {
    const digit = digitOf(index) + 1;
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  let sum = 0;
  for (let digit = 0; digit <= DIGIT; digit++) {
    sum += starts[digit] ?? 0;
    starts[digit] = sum;
  }
  for (const index of source) {
    const digit = digitOf(index);
    const at = starts[digit] ?? 0;
    target[at] = index;
    starts[digit] = at + 1;
  }
}

function sortTies(order: Uint32Array, view: DataView): void {
  let start = 0;
  let prefix = -1;
  for (let i = 0; i <= order.length; i++) {
    const index = order[i];
    const next = index === undefined ? -1 : view.getUint32(index * TOKEN_BYTES);
    if (next === prefix) continue;
    if (i - start > 1) {
      order.subarray(start, i).sort((a, b) => compareTokens(view, a * TOKEN_BYTES, view, b * TOKEN_BYTES));
    }
    start = i;
    prefix = next;
  }
}
