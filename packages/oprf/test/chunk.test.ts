import type { Engine } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { blindSlice, evaluateChunk, finalizeChunk } from '../src/chunk.ts';
import { deriveKeyPair } from '../src/key.ts';
import { engines, pretending } from './engines.ts';
import { toHex } from './vectors.ts';

describe.each(engines)('a chunk over $name', (engine) => {
  const { key, publicKey } = deriveKeyPair(engine, new Uint8Array(32), new Uint8Array());
  const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 1 };
  const seed = new Uint8Array(32).fill(8);
  const inputs = packByteStrings(['one', 'two', 'three']);
  const chunk = blindSlice(engine, { inputs, seed, chunkIndex: 1, start: 0 });
  const random = new Uint8Array(32).fill(9);
  const evaluate = (by: Engine) => evaluateChunk(by, { key, elements: chunk.blinded, context, random });

  it('is decoded with the roots of both lists, when they are there', () => {
    const asked: string[] = [];
    const noting = pretending(engine, {
      decode: (some) => {
        if (some.length === 32 * 3) asked.push('decode');
        return engine.decode(some);
      },
      decodeWithRoots: (some, roots) => {
        asked.push(`decodeWithRoots, ${engine.areRoots(some, roots)}`);
        return engine.decodeWithRoots(some, roots);
      },
    });
    const job = { inputs, seed, ...chunk, ...evaluate(engine), context };
    finalizeChunk(noting, job);
    expect(asked).toEqual(['decodeWithRoots, true', 'decodeWithRoots, true']);
    asked.length = 0;
    finalizeChunk(noting, { ...job, blindedRoots: new Uint8Array(), evaluatedRoots: new Uint8Array() });
    expect(asked).toEqual(['decode', 'decode']);
  });

  it('whose sum an engine gets wrong is not refused as one with an invalid element', () => {
    const wrong = pretending(engine, { multiScalarMultiply: (points) => engine.subtract(points, points) });
    expect(() => evaluate(wrong)).toThrow(expect.not.objectContaining({ code: 'element_invalid' }));
  });

  it('is not refused for a public key that an engine decodes once and then refuses', () => {
    const answer = evaluate(engine);
    const wrong = pretending(engine, {
      multiplyFixed: (base, scalars) =>
        engine.multiplyFixed(toHex(base) === toHex(publicKey) ? new Uint8Array(32) : base, scalars),
    });
    const finalize = (by: Engine) => finalizeChunk(by, { inputs, seed, ...chunk, ...answer, context });
    expect(() => finalize(engine)).not.toThrow();
    expect(() => finalize(wrong)).toThrow(expect.not.objectContaining({ code: 'element_invalid' }));
  });
});
