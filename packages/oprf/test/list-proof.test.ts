import { GroupError, type Engine, type Points } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { deriveKeyPair } from '../src/key.ts';
import { listCoefficients, proofNonce, proveList, transcriptSeed, verifyList } from '../src/list-proof.ts';
import type { EvaluatedList, ProofContext } from '../src/list-proof.ts';
import { multiplySecret } from '../src/secret-product.ts';
import { GENERATOR } from '../src/suite.ts';
import { engines, pretending } from './engines.ts';
import { refusal } from './refusal.ts';
import { scalarOf } from './scalar-values.ts';
import { fromHex, oprfBatches, toHex } from './vectors.ts';

/** A list with its element `index` replaced. */
function withElement(elements: Uint8Array, index: number, element: Uint8Array): Uint8Array {
  const changed = new Uint8Array(elements);
  changed.set(element, 32 * index);
  return changed;
}

describe.each(engines)('the list-bound proof over $name', (engine) => {
  const { key, publicKey } = deriveKeyPair(engine, new Uint8Array(32).fill(1), new Uint8Array());
  const context = { publicKey, epochId: new Uint8Array(32).fill(2), chunkIndex: 3 };
  const random = new Uint8Array(32).fill(4);
  const blinded = engine.encode(
    engine.multiplyFixed(GENERATOR, Buffer.concat([2, 3, 5, 7, 11].map(scalarOf))),
  );
  const evaluated = multiplySecret(engine, engine.decode(blinded), key);
  const list = { blinded, evaluated };

  const prove = (answer: EvaluatedList, where: ProofContext, by = engine): Uint8Array =>
    proveList(by, key, by.decode(answer.blinded), answer, where, random);

  /** Scalar i times element i, added up. */
  const combine = (elements: Uint8Array, scalars: readonly number[]): Uint8Array =>
    engine.encode(engine.multiScalarMultiply(engine.decode(elements), Buffer.concat(scalars.map(scalarOf))));

  it('is accepted for the list and context that it was made for', async () => {
    const proof = prove(list, context);
    expect(
      await refusal(() => {
        verifyList(engine, list, context, proof);
      }),
    ).toBeUndefined();
  });

  it('is refused for a list whose errors cancel, which a proof with fixed coefficients would pass', async () => {
    // The first element is off by G, the second by −G.
    const off = (index: number, by: number): Uint8Array =>
      combine(Buffer.concat([evaluated.subarray(32 * index, 32 * index + 32), GENERATOR]), [1, by]);
    const forged = withElement(withElement(evaluated, 0, off(0, 1)), 1, off(1, -1));
    // The control: in a plain sum nothing is wrong.
    const ones = [1, 1, 1, 1, 1];
    const sum = engine.decode(combine(blinded, ones));
    expect(toHex(combine(forged, ones))).toBe(toHex(multiplySecret(engine, sum, key)));
    const forgery = { blinded, evaluated: forged };
    const proof = prove(forgery, context);
    expect(
      await refusal(() => {
        verifyList(engine, forgery, context, proof);
      }),
    ).toMatchObject({ code: 'proof_invalid' });
  });

  it('has coefficients that all depend on every element of both lists', () => {
    const coefficientsOf = (changed: typeof list): string[] => {
      const bytes = listCoefficients(engine, transcriptSeed(changed, context), 5);
      return Array.from({ length: 5 }, (_, i) => toHex(bytes.subarray(32 * i, 32 * i + 32)));
    };
    const original = coefficientsOf(list);
    for (let i = 0; i < 5; i++) {
      const lists = [
        { blinded: withElement(blinded, i, GENERATOR), evaluated },
        { blinded, evaluated: withElement(evaluated, i, GENERATOR) },
      ];
      for (const changed of lists) {
        coefficientsOf(changed).forEach((coefficient, at) => {
          expect(coefficient).not.toBe(original[at]);
        });
      }
    }
  });

  it('has coefficients of 128 bits', () => {
    const bytes = listCoefficients(engine, new Uint8Array(64), 9);
    for (let i = 0; i < 9; i++) expect(toHex(bytes.subarray(32 * i + 16, 32 * i + 32))).toBe('00'.repeat(16));
    expect(
      new Set(Array.from({ length: 9 }, (_, i) => toHex(bytes.subarray(32 * i, 32 * i + 16)))).size,
    ).toBe(9);
  });

  it('refuses a list that combines into the identity', async () => {
    // Nobody can make such a list while its coefficients are hashed from it, so an engine pretends.
    const cancelling = pretending(engine, {
      multiScalarMultiply: (points, scalars) =>
        points.count === 5 ? engine.subtract(points, points) : engine.multiScalarMultiply(points, scalars),
    });
    const proof = prove(list, context);
    expect(
      await refusal(() => {
        verifyList(cancelling, list, context, proof);
      }),
    ).toMatchObject({ code: 'proof_invalid' });
  });

  it('blames no element of the list when it can not be made of what the engine computed', () => {
    const computing = (wrong: Partial<Engine>) => () => prove(list, context, pretending(engine, wrong));
    // M is the identity, Z is the identity, Z is no element.
    const cancelled = (points: Points): Points => engine.subtract(points, points);
    const spoiled = (points: Points): Uint8Array => {
      const products = engine.encodeDouble(points);
      return products.fill(0xff, 0, 32);
    };
    const wrong = [
      computing({ multiScalarMultiply: cancelled }),
      computing({ encodeDouble: (points) => engine.encodeDouble(points).fill(0, 0, 32) }),
      computing({ encodeDouble: spoiled }),
    ];
    for (const making of wrong) {
      expect(making).toThrow('The engine refused an element that it computed itself');
      expect(making).not.toThrow(GroupError);
    }
  });

  it.each([
    ['not canonical', 'ff'.repeat(32)],
    ['the identity', '00'.repeat(32)],
  ])('blames no holder for an element of the list as it was sent that is %s', async (_, bytes) => {
    const proof = prove(list, context);
    const damaged = withElement(blinded, 3, fromHex(bytes));
    for (const answer of [evaluated, withElement(evaluated, 1, fromHex(bytes))]) {
      const found = await refusal(() => {
        verifyList(engine, { blinded: damaged, evaluated: answer }, context, proof);
      });
      expect(found).toEqual({ code: 'inputs_invalid', index: 3 });
    }
  });

  it('is not made for the public key of another key', async () => {
    const other = { ...context, publicKey: GENERATOR };
    expect(await refusal(() => prove(list, other))).toMatchObject({
      code: 'key_invalid',
    });
  });

  it('takes another nonce for another list, key or randomness, though the others stay', () => {
    const seed = new Uint8Array(64);
    const nonces = [
      proofNonce(engine, random, key, seed),
      proofNonce(engine, random, key, new Uint8Array(64).fill(1)),
      proofNonce(engine, random, scalarOf(2), seed),
      proofNonce(engine, new Uint8Array(32), key, seed),
    ].map(toHex);
    expect(new Set(nonces).size).toBe(4);
  });

  it.each(oprfBatches.failures)('is refused, whatever the roots: $comment', async (failure) => {
    const answer = { blinded: fromHex(...failure.blinded), evaluated: fromHex(...failure.evaluated) };
    const where = {
      publicKey: fromHex(failure.publicKey),
      epochId: fromHex(failure.epochId),
      chunkIndex: failure.chunkIndex,
    };
    const rootsOf = (elements: Uint8Array, byte: number): Uint8Array =>
      new Uint8Array(elements.length).fill(byte);
    for (const byte of [undefined, 0, 0x55]) {
      const roots =
        byte === undefined
          ? undefined
          : { blindedRoots: rootsOf(answer.blinded, byte), evaluatedRoots: rootsOf(answer.evaluated, byte) };
      const found = await refusal(() => {
        verifyList(engine, answer, where, fromHex(failure.proof), roots);
      });
      expect(found).toEqual({ code: failure.code, index: failure.index });
    }
  });
});
