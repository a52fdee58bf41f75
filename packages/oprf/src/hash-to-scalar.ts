import { scalarsFromWide } from '@blindmatch/group';
import { expandMessage } from './expand-message.ts';
import { domainTag } from './suite.ts';

const HASH_TO_SCALAR_TAG = domainTag('HashToScalar-');

/**
 * HashToScalar of RFC 9497, section 4.1: 64 bytes of expand_message_xmd, read little-endian, modulo ℓ.
 * @param tag the domain separation tag; DeriveKeyPair has its own
 */
export function hashToScalar(message: Uint8Array, tag: Uint8Array = HASH_TO_SCALAR_TAG): Uint8Array {
  return scalarsFromWide(expandMessage(message, tag, 64));
}
