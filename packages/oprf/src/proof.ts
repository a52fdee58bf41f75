import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { SCALAR_BYTES, subtractProduct, type Engine } from '@blindmatch/group';
import { prefixed, u16be } from './encoding.ts';
import { hashToScalar } from './hash-to-scalar.ts';
import { domainTag, GENERATOR, PROOF_BYTES } from './suite.ts';

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
function compositeCoefficient({ publicKey, element, evaluated }: Claim): Uint8Array {
  const seed = hash('sha512', Buffer.concat([prefixed(publicKey), prefixed(SEED_TAG)]), 'buffer');
  return hashToScalar(
    Buffer.concat([prefixed(seed), u16be(0), prefixed(element), prefixed(evaluated), COMPOSITE_LABEL]),
  );
}

function challenge(parts: readonly Uint8Array[]): Uint8Array {
  return hashToScalar(Buffer.concat([...parts.map((part) => prefixed(part)), CHALLENGE_LABEL]));
}

/**
 * GenerateProof for one claim.
 * @param r the secret random scalar, 32 bytes; used once, never again, or the key is lost; the caller wipes
 *   it
 * @returns 64 bytes, challenge ‖ response
 * @throws GroupError `scalar_invalid` when r is zero
 */
export function generateProof(engine: Engine, key: Uint8Array, claim: Claim, r: Uint8Array): Uint8Array {
  const m = engine.multiplyEach(claim.element, compositeCoefficient(claim));
  const z = engine.multiply(m, key);
  const t2 = engine.multiplyBase(r);
  const t3 = engine.multiply(m, r);
  const c = challenge([claim.publicKey, m, z, t2, t3]);
  const proof = new Uint8Array(PROOF_BYTES);
  proof.set(c);
  proof.set(subtractProduct(r, c, key), SCALAR_BYTES);
  return proof;
}

/**
 * VerifyProof for one claim: whether it holds. Everything here is public.
 * @throws GroupError `element_invalid` (an element of the claim), `scalar_invalid` (a part of the proof)
 */
export function verifyProof(engine: Engine, claim: Claim, proof: Uint8Array): boolean {
  if (proof.length !== PROOF_BYTES) return false;
  const c = proof.subarray(0, SCALAR_BYTES);
  const s = proof.subarray(SCALAR_BYTES);
  const d = compositeCoefficient(claim);
  const m = engine.multiplyEach(claim.element, d);
  const z = engine.multiplyEach(claim.evaluated, d);
  const sThenC = Buffer.concat([s, c]);
  const t2 = engine.multiScalarMultiply(Buffer.concat([GENERATOR, claim.publicKey]), sThenC);
  const t3 = engine.multiScalarMultiply(Buffer.concat([m, z]), sThenC);
  return Buffer.compare(challenge([claim.publicKey, m, z, t2, t3]), c) === 0;
}
