import type { Engine } from '@blindmatch/group';
import { stringsOfWidth } from './byte-strings.ts';
import { expandMessages } from './expand-message.ts';
import { domainTag } from './suite.ts';
import { wiping } from './wiping.ts';

const HASH_TO_SCALAR_TAG = domainTag('HashToScalar-');

/**
 * HashToScalar of RFC 9497, section 4.1: 64 bytes of expand_message_xmd, read little-endian, modulo ℓ.
 * @param message at least one byte
 * @param tag the domain separation tag; DeriveKeyPair has its own
 */
export function hashToScalar(
  engine: Engine,
  message: Uint8Array,
  tag: Uint8Array = HASH_TO_SCALAR_TAG,
): Uint8Array {
  return wiping((secret) => {
    const messages = stringsOfWidth(message, message.length);
    return engine.scalarsFromWide(secret(expandMessages(engine, messages, tag)));
  });
}
