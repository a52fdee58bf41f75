import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobleEngine } from '@blindmatch/group';
import { packByteStrings } from '../src/byte-strings.ts';
import { createInlineOprf } from '../src/inline-oprf.ts';
import { deriveKeyPair, generateKey, publicKeyOf } from '../src/key.ts';
import { GENERATOR } from '../src/suite.ts';
import { engines } from './engines.ts';
import { describeOprf } from './oprf-suite.ts';
import { oprfBatches, fromHex, toHex } from './vectors.ts';
import { deriveBlinds } from '../src/blinds.ts';
import { listCoefficients, proofNonce, transcriptSeed } from '../src/list-proof.ts';

describe.each(engines)('inline over $name', (engine) => {
  describeOprf(engine, (randomBytes) => createInlineOprf(engine, randomBytes));

  it("ends at the holder's own tokens, for any inputs, key and seed", async () => {
    const oprf = createInlineOprf(engine);
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const inputs = fc.array(fc.oneof(fc.string(), fc.uint8Array()), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(inputs, bytes32, bytes32, fc.nat(), async (list, seed, epochId, chunkIndex) => {
        const key = generateKey(engine);
        const packed = packByteStrings(list);
        const context = { publicKey: publicKeyOf(engine, key), epochId, chunkIndex };
        const { blinded, blindedRoots } = await oprf.blind(packed, seed, chunkIndex);
        const answer = await oprf.evaluate(key, blinded, context);
        const outputs = await oprf.finalize({
          inputs: packed,
          seed,
          blinded,
          blindedRoots,
          ...answer,
          context,
        });
        expect(toHex(outputs)).toBe(toHex(await oprf.tokens(key, packed)));
      }),
      { numRuns: 8 },
    );
  });

  it('overwrites the randomness of a proof', async () => {
    const random = new Uint8Array(32).fill(9);
    const oprf = createInlineOprf(engine, () => random);
    const { key, publicKey } = deriveKeyPair(engine, new Uint8Array(32), new Uint8Array());
    await oprf.evaluate(key, GENERATOR, { publicKey, epochId: new Uint8Array(32), chunkIndex: 0 });
    expect(toHex(random)).toBe('00'.repeat(32));
  });
});

describe.each(oprfBatches.batches)('the values on the way: $comment', (vector) => {
  const list = { blinded: fromHex(...vector.blinded), evaluated: fromHex(...vector.evaluated) };
  const context = {
    publicKey: fromHex(vector.publicKey),
    epochId: fromHex(vector.epochId),
    chunkIndex: vector.chunkIndex,
  };

  it('has the blinds', () => {
    const blinds = deriveBlinds(
      nobleEngine,
      fromHex(vector.seed),
      vector.chunkIndex,
      0,
      vector.inputs.length,
    );
    expect(toHex(blinds)).toBe(vector.blinds.join(''));
  });

  it('has the transcript seed, the coefficients, M and Z, and r', () => {
    const seed = transcriptSeed(list, context);
    const coefficients = listCoefficients(nobleEngine, seed, vector.inputs.length);
    expect(toHex(seed)).toBe(vector.transcriptSeed);
    expect(toHex(coefficients)).toBe(vector.coefficients.map((hex) => hex.padEnd(64, '0')).join(''));
    expect(toHex(combine(list.blinded, coefficients))).toBe(vector.m);
    expect(toHex(combine(list.evaluated, coefficients))).toBe(vector.z);
    expect(toHex(proofNonce(nobleEngine, fromHex(vector.random), fromHex(vector.key), seed))).toBe(vector.r);
  });
});

function combine(elements: Uint8Array, coefficients: Uint8Array): Uint8Array {
  return nobleEngine.encode(nobleEngine.multiScalarMultiply(nobleEngine.decode(elements), coefficients));
}
