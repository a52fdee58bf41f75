/** Ed25519 keys: PEM and DER forms and the fingerprint that names a key (protocol-spec/documents.md, "Keys"). */

import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { digestText, isDigestText, sha256 } from './digest.ts';
import { ProtocolError } from './problem.ts';

/** SubjectPublicKeyInfo of Ed25519 up to the 32 key bytes (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_BYTES = 44;
/** The field's prime, 2^255 − 19 (RFC 8032 section 5.1). */
const FIELD_PRIME = 2n ** 255n - 19n;
/** y of the points of order 1, 2, 4 and, for both signs of it, 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  1n,
  FIELD_PRIME - 1n,
  0n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
]);

/** A new Ed25519 key pair from the system's randomness. */
export function generateSigningKey(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ed25519');
}

/** An Ed25519 private key from PKCS#8 PEM. Throws `key_invalid`; the message holds nothing of the input. */
export function privateKeyFromPem(pem: string): KeyObject {
  return ed25519(
    () => createPrivateKey({ key: pem, format: 'pem' }),
    /^\s*-----BEGIN PRIVATE KEY-----/.test(pem),
    'The private key must be an unencrypted Ed25519 key in PKCS#8 PEM.',
  );
}

/**
 * An Ed25519 public key from SPKI PEM. Throws `key_invalid`, for a private key too, and for a point that
 * `publicKeyFromSpki` refuses.
 */
export function publicKeyFromPem(pem: string): KeyObject {
  const key = ed25519(
    () => createPublicKey({ key: pem, format: 'pem' }),
    /^\s*-----BEGIN PUBLIC KEY-----/.test(pem),
    'The public key must be an Ed25519 key in SPKI PEM.',
  );
  requireOneSigner(publicKeyToSpki(key));
  return key;
}

/**
 * An Ed25519 public key from exactly the 44 bytes of its SPKI DER form. Throws `key_invalid`, also for an encoding that is
 * not the canonical one of its point, and for a point of small order.
 */
export function publicKeyFromSpki(spki: Uint8Array): KeyObject {
  const key = ed25519(
    () => createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }),
    spki.length === SPKI_BYTES && SPKI_PREFIX.equals(spki.subarray(0, SPKI_PREFIX.length)),
    'The public key must be an Ed25519 key in SPKI DER.',
  );
  requireOneSigner(spki);
  return key;
}

/** The SPKI DER form of a public key, or of the public half of a private one; 44 bytes. */
export function publicKeyToSpki(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
}

/** PKCS#8 PEM of a private key: secret text. */
export function privateKeyToPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** SPKI PEM of a public key, or of the public half of a private one. */
export function publicKeyToPem(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

/** `sha256:` and the lower-case hex SHA-256 of the key's SPKI DER form: the key id everywhere. */
export function fingerprint(key: KeyObject): string {
  return digestText(sha256(publicKeyToSpki(key)));
}

/**
 * Whether an Ed25519 signature (RFC 8032 section 5.1.7) of 64 bytes verifies: the one gate for every signature of this
 * protocol. Anything else than a right one gives false.
 */
export function verifySignature(publicKey: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && verify(null, message, publicKey, signature);
}

/** `text` if it is exactly a fingerprint. Throws `key_invalid`. */
export function parseFingerprint(text: string): string {
  if (!isDigestText(text)) {
    throw new ProtocolError(
      'key_invalid',
      'A fingerprint must be sha256: and 64 lower-case hexadecimal digits.',
    );
  }
  return text;
}

/**
 * Throws `key_invalid` where not exactly one private key stands behind a public one. Under a point of small order anybody
 * can make signatures that verify for any message (RFC 8032 section 5.1.7 does not look, and not every OpenSSL does), and
 * a second encoding of a point would give one key two fingerprints.
 */
function requireOneSigner(spki: Uint8Array): void {
  const bigEndian = Buffer.from(spki.subarray(SPKI_PREFIX.length)).reverse();
  const y = BigInt(`0x${bigEndian.toString('hex')}`) & (2n ** 255n - 1n);
  // Both encodings with x = 0 and the sign bit set are of points of small order, too.
  if (y < FIELD_PRIME && !SMALL_ORDER_Y.has(y)) return;
  throw new ProtocolError(
    'key_invalid',
    'The public key is not the key of one signer alone; make a new key.',
  );
}

function ed25519(read: () => KeyObject, wellFormed: boolean, sentence: string): KeyObject {
  let key: KeyObject | undefined;
  if (wellFormed) {
    try {
      key = read();
    } catch {
      // OpenSSL's text may quote the input; the sentence below is all that is said.
    }
  }
  if (key?.asymmetricKeyType !== 'ed25519') throw new ProtocolError('key_invalid', sentence);
  return key;
}
