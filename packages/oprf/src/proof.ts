import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { checkScalars, ELEMENT_BYTES, SCALAR_BYTES, type Engine } from '@blindmatch/group';
import { prefixed, u16be } from './encoding.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import { multiplySecret } from './secret-product.ts';
import { domainTag, GENERATOR, PROOF_BYTES } from './suite.ts';
import { wiping } from './wiping.ts';

// GenerateProof and VerifyProof of RFC 9497, sections 2.2.1 and 2.2.2, for m = 1 and A = the generator, the
// RFC's own composites step included, so that its published proofs are reproduced byte for byte.

const SEED_TAG = domainTag('Seed-');
const COMPOSITE_LABEL = Buffer.from('Composite', 'latin1');
const CHALLENGE_LABEL = Buffer.from('Challenge', 'latin1');

/**
 * The claim that is proved: `evaluated` is the key of `publicKey` times `element`. All are 32-byte elements.
 */
export interface Claim {
  readonly publicKey: Uint8Array;
  readonly element: Uint8Array;
  readonly evaluated: Uint8Array;
}

/** The one coefficient d_0 of ComputeComposites (RFC 9497, section 2.2.1). */
function compositeCoefficient(engine: Engine, { publicKey, element, evaluated }: Claim): Uint8Array {
  const seed = hash('sha512', Buffer.concat([prefixed(publicKey), prefixed(SEED_TAG)]), 'buffer');
  const parts = [prefixed(seed), u16be(0), prefixed(element), prefixed(evaluated), COMPOSITE_LABEL];
  return hashToScalar(engine, Buffer.concat(parts));
}

function challenge(engine: Engine, parts: readonly Uint8Array[]): Uint8Array {
  return hashToScalar(engine, Buffer.concat([...parts.map((part) => prefixed(part)), CHALLENGE_LABEL]));
}

/** Elements, encoded, times one scalar: side by side, so that several cost hardly more than one. */
function times(engine: Engine, scalar: Uint8Array, ...elements: readonly Uint8Array[]): Uint8Array[] {
  const products = multiplySecret(engine, engine.decode(Buffer.concat(elements)), scalar);
  return elements.map((_, i) => products.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES));
}

/**
 * GenerateProof for one claim.
 * @param claim one that holds: M and Z are multiplied by the same public coefficient, instead of the key again
 * @param r the secret random scalar, 32 bytes; used once, never again, or the key is lost; the caller wipes
 *   it
 * @returns 64 bytes, challenge ‖ response
 * @throws GroupError `element_invalid` when an element of the claim is not one or is the identity,
 *   `scalar_invalid` when r is zero
 */
export function generateProof(engine: Engine, key: Uint8Array, claim: Claim, r: Uint8Array): Uint8Array {
  checkScalars(r, 'refused');
  const [m, z] = pair(times(engine, compositeCoefficient(engine, claim), claim.element, claim.evaluated));
  const [t2, t3] = pair(times(engine, r, GENERATOR, m));
  const c = challenge(engine, [claim.publicKey, m, z, t2, t3]);
  const proof = new Uint8Array(PROOF_BYTES);
  proof.set(c);
  proof.set(engine.subtractProduct(r, c, key), SCALAR_BYTES);
  return proof;
}

/**
 * VerifyProof for one claim: whether it holds. Everything here is public.
 * @throws GroupError `element_invalid` (an element of the claim), `scalar_invalid` (a part of the proof)
 */
export function verifyProof(engine: Engine, claim: Claim, proof: Uint8Array): boolean {
  if (proof.length !== PROOF_BYTES) return false;
  const [c, s] = [proof.subarray(0, SCALAR_BYTES), proof.subarray(SCALAR_BYTES)];
  const [m, z] = pair(times(engine, compositeCoefficient(engine, claim), claim.element, claim.evaluated));
  // t2 = s·G + c·pk and t3 = s·M + c·Z, as halves until they are encoded.
  const sums = wiping((secret) => {
    const byS = secret(engine.multiplyHalf(engine.decode(Buffer.concat([GENERATOR, m])), s));
    const byC = secret(engine.multiplyHalf(engine.decode(Buffer.concat([claim.publicKey, z])), c));
    return engine.encodeDouble(secret(engine.add(byS, byC)));
  });
  const [t2, t3] = [sums.subarray(0, ELEMENT_BYTES), sums.subarray(ELEMENT_BYTES)];
  return Buffer.compare(challenge(engine, [claim.publicKey, m, z, t2, t3]), c) === 0;
}

function pair([first, second]: readonly Uint8Array[]): readonly [Uint8Array, Uint8Array] {
  if (first === undefined || second === undefined) throw new RangeError('two elements make a pair');
  return [first, second];
}
