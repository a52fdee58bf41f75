import { Buffer } from 'node:buffer';
import { DIGEST_BYTES, GroupError, type Engine } from '@blindmatch/group';
import { stringsOfWidth } from './byte-strings.ts';
import { u32be, u32beSequence } from './encoding.ts';
import { wiping } from './wiping.ts';
import { hasZeroItem } from './zero-items.ts';

const BLIND_LABEL = Buffer.from('Blindmatch-v1-blind', 'latin1');
const NOTHING = new Uint8Array();
/** What SHA-512 takes in at a time; HMAC fills the key up to it with zeros (RFC 2104, section 2). */
const BLOCK_BYTES = 128;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/** Bytes of a blinding seed. */
export const SEED_BYTES = 32;

/**
 * The blinds of positions `start` to `start + count − 1` of a chunk: HMAC-SHA512(seed, label ‖ u32be
 * chunkIndex ‖ u32be position), reduced modulo ℓ. Derived, so that a request goes on from its seed after an
 * interruption with the very same elements. Whoever has the seed can test guesses of the inputs against the
 * blinded elements: it never leaves the requester.
 *
 * HMAC is written out over the engine's hash (RFC 2104), because making a native one for each blind costs as much
 * as blinding.
 * @param seed `SEED_BYTES`
 * @returns 32·count bytes, for the caller to wipe
 * @throws GroupError `scalar_invalid` for a blind of zero (probability 2^-252 each), which would hide nothing
 */
export function deriveBlinds(
  engine: Engine,
  seed: Uint8Array,
  chunkIndex: number,
  start: number,
  count: number,
): Uint8Array {
  return wiping((secret) => {
    const innerKey = secret(paddedKey(seed, INNER_PAD));
    const innerStart = secret(Buffer.concat([innerKey, BLIND_LABEL, u32be(chunkIndex)]));
    const positions = stringsOfWidth(u32beSequence(start, count), 4);
    const inner = secret(engine.sha512Each(innerStart, positions, NOTHING));
    const outerKey = secret(paddedKey(seed, OUTER_PAD));
    const wide = secret(engine.sha512Each(outerKey, stringsOfWidth(inner, DIGEST_BYTES), NOTHING));
    const blinds = engine.scalarsFromWide(wide);
    if (hasZeroItem(blinds)) throw new GroupError('scalar_invalid', 'A blind is zero; use another seed.');
    return blinds;
  });
}

/** The key, filled up with zeros to a block, each byte XOR `pad`. */
function paddedKey(key: Uint8Array, pad: number): Uint8Array {
  // Mixed in place: there is no copy of the key itself that would have to be wiped.
  const block = new Uint8Array(BLOCK_BYTES).fill(pad);
  for (let i = 0; i < key.length; i++) block[i] = (key[i] ?? 0) ^ pad;
  return block;
}
