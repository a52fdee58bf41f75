import { invertScalars, nobleEngine } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { deriveKeyPair } from '../src/key.ts';
import { listCoefficients, proofNonce, proveList, transcriptSeed, verifyList } from '../src/list-proof.ts';
import { GENERATOR } from '../src/suite.ts';
import { refusal } from './refusal.ts';
import { fromHex, oprfBatches, toHex } from './vectors.ts';

const { key, publicKey } = deriveKeyPair(new Uint8Array(32).fill(1), new Uint8Array());
const context = { publicKey, epochId: new Uint8Array(32).fill(2), chunkIndex: 3 };
const random = new Uint8Array(32).fill(4);
const small = (value: number): string => toHex(Uint8Array.of(value)).padEnd(64, '0');
const ONES = fromHex(small(1), small(1));
const MINUS_ONE = fromHex('ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

const blinded = nobleEngine.multiplyBase(fromHex(...[2, 3, 5, 7, 11].map(small)));
const evaluated = nobleEngine.multiply(blinded, key);
const list = { blinded, evaluated };

/** A list with its element `index` replaced. */
function withElement(elements: Uint8Array, index: number, element: Uint8Array): Uint8Array {
  const changed = new Uint8Array(elements);
  changed.set(element, 32 * index);
  return changed;
}

function sum(elements: Uint8Array): Uint8Array {
  return nobleEngine.multiScalarMultiply(
    elements,
    fromHex(...Array.from({ length: elements.length / 32 }, () => small(1))),
  );
}

describe('the list-bound proof', () => {
  it('is accepted for the list and context that it was made for', async () => {
    const proof = proveList(nobleEngine, key, list, context, random);
    expect(
      await refusal(() => {
        verifyList(nobleEngine, list, context, proof);
      }),
    ).toBeUndefined();
  });

  it('is refused for a list whose errors cancel, which a proof with fixed coefficients would pass', async () => {
    // The first element is off by G, the second by −G.
    const off = (index: number, by: Uint8Array): Uint8Array =>
      nobleEngine.multiScalarMultiply(
        fromHex(toHex(evaluated.subarray(32 * index, 32 * index + 32)), toHex(by)),
        ONES,
      );
    const forged = withElement(
      withElement(evaluated, 0, off(0, GENERATOR)),
      1,
      off(1, nobleEngine.multiply(GENERATOR, MINUS_ONE)),
    );
    // The control: in a plain sum nothing is wrong.
    expect(toHex(sum(forged))).toBe(toHex(nobleEngine.multiply(sum(blinded), key)));
    const forgery = { blinded, evaluated: forged };
    const proof = proveList(nobleEngine, key, forgery, context, random);
    expect(
      await refusal(() => {
        verifyList(nobleEngine, forgery, context, proof);
      }),
    ).toMatchObject({ code: 'proof_invalid' });
  });

  it('has coefficients that all depend on every element of both lists', () => {
    const coefficientsOf = (changed: typeof list): string[] => {
      const bytes = listCoefficients(transcriptSeed(changed, context), 5);
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
    const bytes = listCoefficients(new Uint8Array(64), 9);
    for (let i = 0; i < 9; i++) expect(toHex(bytes.subarray(32 * i + 16, 32 * i + 32))).toBe('00'.repeat(16));
    expect(
      new Set(Array.from({ length: 9 }, (_, i) => toHex(bytes.subarray(32 * i, 32 * i + 16)))).size,
    ).toBe(9);
  });

  it('refuses a list that combines into the identity', async () => {
    // Nobody can make such a list while its coefficients are hashed from it, so an engine pretends.
    const pretending = {
      ...nobleEngine,
      multiScalarMultiply: (elements: Uint8Array, scalars: Uint8Array): Uint8Array =>
        elements.length === blinded.length
          ? new Uint8Array(32)
          : nobleEngine.multiScalarMultiply(elements, scalars),
    };
    const proof = proveList(nobleEngine, key, list, context, random);
    expect(
      await refusal(() => {
        verifyList(pretending, list, context, proof);
      }),
    ).toMatchObject({ code: 'proof_invalid' });
    expect(await refusal(() => proveList(pretending, key, list, context, random))).toMatchObject({
      code: 'element_invalid',
    });
  });

  it('is not made for the public key of another key', async () => {
    const other = { ...context, publicKey: nobleEngine.multiplyBase(invertScalars(key)) };
    expect(await refusal(() => proveList(nobleEngine, key, list, other, random))).toMatchObject({
      code: 'key_invalid',
    });
  });

  it('is not made for lists that are empty, cut or of different sizes', async () => {
    const lists = [
      { blinded: new Uint8Array(), evaluated: new Uint8Array() },
      { blinded, evaluated: evaluated.subarray(32) },
      { blinded: blinded.subarray(1), evaluated: evaluated.subarray(1) },
    ];
    for (const wrong of lists) {
      expect(await refusal(() => proveList(nobleEngine, key, wrong, context, random))).toMatchObject({
        code: 'batch_length',
      });
    }
  });

  it('takes another nonce for another list, key or randomness, though the others stay', () => {
    const seed = new Uint8Array(64);
    const nonces = [
      proofNonce(random, key, seed),
      proofNonce(random, key, new Uint8Array(64).fill(1)),
      proofNonce(random, invertScalars(key), seed),
      proofNonce(new Uint8Array(32), key, seed),
    ].map(toHex);
    expect(new Set(nonces).size).toBe(4);
  });

  it.each(oprfBatches.failures)('is refused: $comment', async (failure) => {
    const answer = { blinded: fromHex(...failure.blinded), evaluated: fromHex(...failure.evaluated) };
    const where = {
      publicKey: fromHex(failure.publicKey),
      epochId: fromHex(failure.epochId),
      chunkIndex: failure.chunkIndex,
    };
    const found = await refusal(() => {
      verifyList(nobleEngine, answer, where, fromHex(failure.proof));
    });
    expect(found).toEqual({ code: failure.code, index: failure.index });
  });
});
