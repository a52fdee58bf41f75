import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { checkScalars, scalarsFromWide } from '@blindmatch/group';
import { u32be } from './encoding.ts';
import { OprfError } from './errors.ts';

const BLIND_LABEL = Buffer.from('Blindmatch-v1-blind', 'latin1');
const WIDE_BYTES = 64;

/** Bytes of a blinding seed. */
export const SEED_BYTES = 32;

/**
 * The blinds of positions `start` to `start + count − 1` of a chunk: HMAC-SHA512(seed, label ‖ u32be
 * chunkIndex ‖ u32be position), reduced modulo ℓ. Derived, so that a request goes on from its seed after an
 * interruption with the very same elements. Whoever has the seed can test guesses of the inputs against the
 * blinded elements: it never leaves the requester.
 * @returns 32·count bytes, for the caller to wipe
 * @throws OprfError `seed_invalid`; GroupError `scalar_invalid` for a blind of zero (probability 2^-252 each)
 */
export function deriveBlinds(seed: Uint8Array, chunkIndex: number, start: number, count: number): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new OprfError('seed_invalid', 'Give a blinding seed of 32 bytes.');
  const wide = new Uint8Array(count * WIDE_BYTES);
  const prefix = Buffer.concat([BLIND_LABEL, u32be(chunkIndex)]);
  for (let i = 0; i < count; i++) {
    const digest = createHmac('sha512', seed)
      .update(prefix)
      .update(u32be(start + i))
      .digest();
    wide.set(digest, i * WIDE_BYTES);
    digest.fill(0);
  }
  const blinds = scalarsFromWide(wide);
  wide.fill(0);
  checkScalars(blinds);
  return blinds;
}
