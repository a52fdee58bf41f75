import { TOKEN_BYTES, viewOf } from './token.ts';

/*
 * While a set is built, every token carries its owner: who on the holder's side it belongs to. A token that two owners
 * have is evidence of neither, and is left out of the set. The mark of such a token takes its owner's place.
 */

/** Bytes of an owner. */
export const OWNER_BYTES = 8;

/** Bytes of a token with its owner behind it, as runs and merges hold them. */
export const OWNED_TOKEN_BYTES: number = TOKEN_BYTES + OWNER_BYTES;

/** Both halves of the owner that stands for "more than one": eight bytes ff. No caller can give it. */
const AMBIGUOUS_WORD = 0xffff_ffff;

/** Whether the owner at byte offset `at` is the mark of a token that belongs to more than one. */
export function isAmbiguous(view: DataView, at: number): boolean {
  return view.getUint32(at) === AMBIGUOUS_WORD && view.getUint32(at + 4) === AMBIGUOUS_WORD;
}

/** Marks the token at offset `at` if its owner is not the one of the token at `otherAt` of another view. */
export function joinOwners(view: DataView, at: number, other: DataView, otherAt: number): void {
  const owner = at + TOKEN_BYTES;
  const otherOwner = otherAt + TOKEN_BYTES;
  const same =
    view.getUint32(owner) === other.getUint32(otherOwner) &&
    view.getUint32(owner + 4) === other.getUint32(otherOwner + 4);
  if (same) return;
  view.setUint32(owner, AMBIGUOUS_WORD);
  view.setUint32(owner + 4, AMBIGUOUS_WORD);
}

/** Tokens and their owners in the order `order`, each token followed by its owner. */
export function gatherOwned(tokens: DataView, owners: DataView, order: Uint32Array): Uint8Array {
  const gathered = new Uint8Array(order.length * OWNED_TOKEN_BYTES);
  const to = new DataView(gathered.buffer);
  let at = 0;
  for (const index of order) {
    const token = index * TOKEN_BYTES;
    for (let i = 0; i < TOKEN_BYTES; i += 4) to.setUint32(at + i, tokens.getUint32(token + i));
    const owner = index * OWNER_BYTES;
    for (let i = 0; i < OWNER_BYTES; i += 4) to.setUint32(at + TOKEN_BYTES + i, owners.getUint32(owner + i));
    at += OWNED_TOKEN_BYTES;
  }
  return gathered;
}

/** The tokens of one owner among distinct tokens with owners: what the set is made of. Counts those left out. */
export class Unambiguous {
  /** Distinct tokens left out so far. */
  leftOut = 0;

  /** The bare tokens of the next batch, in its order, without those that belong to more than one. */
  take(batch: Uint8Array): Uint8Array {
    const from = viewOf(batch);
    const tokens = new Uint8Array((batch.length / OWNED_TOKEN_BYTES) * TOKEN_BYTES);
    const to = viewOf(tokens);
    let end = 0;
    for (let at = 0; at < batch.length; at += OWNED_TOKEN_BYTES) {
      if (isAmbiguous(from, at + TOKEN_BYTES)) {
        this.leftOut++;
        continue;
      }
      for (let i = 0; i < TOKEN_BYTES; i += 4) to.setUint32(end + i, from.getUint32(at + i));
      end += TOKEN_BYTES;
    }
    return tokens.subarray(0, end);
  }
}
