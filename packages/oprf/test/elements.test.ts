import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { blindInputs, evaluateInputs, hashOutputs, unblind } from '../src/elements.ts';
import { publicKeyOf } from '../src/key.ts';
import { proveList, verifyList, type VerifiedList } from '../src/list-proof.ts';
import { multiplySecret } from '../src/secret-product.ts';
import { GENERATOR } from '../src/suite.ts';
import { engines, pretending } from './engines.ts';
import { blindByProduct, unblindByInverse } from './multiplicative-blinding.ts';
import { refusal } from './refusal.ts';
import { ORDER, scalarOf } from './scalar-values.ts';
import { toHex } from './vectors.ts';

const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(scalarOf);

describe.each(engines)('additive blinding over $name', (engine) => {
  /** The answer to a chunk, as it comes out of the check of its proof. */
  function evaluated(key: Uint8Array, blinded: Uint8Array): VerifiedList {
    const context = { publicKey: publicKeyOf(engine, key), epochId: new Uint8Array(32), chunkIndex: 0 };
    const points = engine.decode(blinded);
    const list = { blinded, evaluated: multiplySecret(engine, points, key) };
    const proof = proveList(engine, key, points, list, context, new Uint8Array(32));
    return verifyList(engine, list, context, proof);
  }

  it('ends at the same elements as the blinding of RFC 9497, and as no blinding', () => {
    const entry = fc.tuple(fc.uint8Array({ maxLength: 200 }), scalar);
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), scalar, (entries, key) => {
        const inputs = packByteStrings(entries.map(([input]) => input));
        const blinds = Buffer.concat(entries.map(([, blind]) => blind));
        const unblinded = toHex(
          unblind(engine, evaluated(key, blindInputs(engine, inputs, blinds).elements), blinds),
        );
        const answer = evaluated(key, blindByProduct(inputs, blinds)).evaluated;
        expect(unblinded).toBe(toHex(unblindByInverse(engine.encode(answer), blinds)));
        expect(unblinded).toBe(toHex(evaluateInputs(engine, key, inputs)));
      }),
      { numRuns: 8 },
    );
  });

  it('leaves inputs and blinds as they were', () => {
    const inputs = packByteStrings(['one', 'two']);
    const blinds = Buffer.concat([scalarOf(2), scalarOf(3)]);
    blindInputs(engine, inputs, blinds);
    expect([toHex(inputs.bytes), toHex(blinds)]).toEqual([
      toHex(Buffer.from('onetwo')),
      toHex(scalarOf(2)) + toHex(scalarOf(3)),
    ]);
  });

  it('refuses a blinded element that is the identity', async () => {
    const unlucky = pretending(engine, { derive: () => engine.multiplyFixed(GENERATOR, scalarOf(-5)) });
    expect(await refusal(() => blindInputs(unlucky, packByteStrings(['any']), scalarOf(5)))).toMatchObject({
      code: 'element_invalid',
    });
  });

  it('refuses an input that hashes to the identity when its output is asked for', async () => {
    const inputs = packByteStrings(['first', 'any']);
    const hashing = pretending(engine, {
      derive: () => engine.multiplyFixed(GENERATOR, Buffer.concat([scalarOf(1), scalarOf(0)])),
    });
    const elements = evaluateInputs(hashing, scalarOf(7), inputs);
    expect(await refusal(() => hashOutputs(engine, inputs, elements))).toMatchObject({
      code: 'inputs_invalid',
    });
  });
});
