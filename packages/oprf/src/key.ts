import { Buffer } from 'node:buffer';
import { checkScalars, SCALAR_BYTES, type Engine } from '@blindmatch/group';
import { prefixed } from './encoding.ts';
import { OprfError } from './errors.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import { multiplySecret } from './secret-product.ts';
import { systemRandomBytes, type RandomBytes } from './randomness.ts';
import { domainTag, GENERATOR, INPUT_BYTES_MAX } from './suite.ts';
import { wiping } from './wiping.ts';
import { hasZeroItem } from './zero-items.ts';

const DERIVE_KEY_PAIR_TAG = domainTag('DeriveKeyPair');

/** A holder's secret scalar, 32 bytes, and its element, 32 bytes. */
export interface KeyPair {
  readonly key: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** A new secret key, 32 bytes: a uniform scalar other than zero (RFC 9497, section 2.1, RandomScalar). */
export function generateKey(engine: Engine, randomBytes: RandomBytes = systemRandomBytes): Uint8Array {
  const key = wiping((secret) => engine.scalarsFromWide(secret(randomBytes(64))));
  // Zero has a probability of 2^-252: a generator that gives it is broken, and trying again would hide that.
  checkKey(key);
  return key;
}

/**
 * DeriveKeyPair of RFC 9497, section 3.2.1, in verifiable mode: the same seed and info always give the same
 * pair.
 * @param seed 32 secret bytes
 * @param info public, at most 65,535 bytes
 * @throws OprfError `seed_invalid`, `input_too_long`, `key_invalid` (RFC: DeriveKeyPairError)
 */
export function deriveKeyPair(engine: Engine, seed: Uint8Array, info: Uint8Array): KeyPair {
  if (seed.length !== SCALAR_BYTES) throw new OprfError('seed_invalid', 'Give a seed of 32 bytes.');
  if (info.length > INPUT_BYTES_MAX)
    throw new OprfError('input_too_long', 'Give a key info of at most 65,535 bytes.');
  for (let counter = 0; counter <= 255; counter++) {
    const key = wiping((secret) => {
      const message = secret(Buffer.concat([seed, prefixed(info), Uint8Array.of(counter)]));
      return hashToScalar(engine, message, DERIVE_KEY_PAIR_TAG);
    });
    if (!hasZeroItem(key)) return { key, publicKey: publicKeyOf(engine, key) };
  }
  throw new OprfError('key_invalid', 'This seed gives no key; use another.');
}

/**
 * The public key that belongs to a secret key, 32 bytes.
 * @throws OprfError `key_invalid`
 */
export function publicKeyOf(engine: Engine, key: Uint8Array): Uint8Array {
  checkKey(key);
  return multiplySecret(engine, engine.decode(GENERATOR), key);
}

/**
 * Check that a secret key is 32 bytes, canonical and not zero.
 * @throws OprfError `key_invalid`
 */
export function checkKey(key: Uint8Array): void {
  try {
    if (key.length === SCALAR_BYTES) {
      checkScalars(key, 'refused');
      return;
    }
  } catch {
    // The cause could quote the key.
  }
  throw new OprfError(
    'key_invalid',
    'The secret key is not a scalar of 32 bytes; use one that generateKey made.',
  );
}
