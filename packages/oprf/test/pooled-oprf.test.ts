import * as fc from 'fast-check';
import { GroupError } from '@blindmatch/group';
import { afterAll, describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { defaultEngine } from '../src/default-engine.ts';
import { OprfError } from '../src/errors.ts';
import { createInlineOprf } from '../src/inline-oprf.ts';
import { deriveKeyPair } from '../src/key.ts';
import { createOprfPool } from '../src/pooled-oprf.ts';
import { describeOprf } from './oprf-suite.ts';
import { toHex } from './vectors.ts';

describe('pooled', () => {
  describeOprf(defaultEngine(), (randomBytes) =>
    createOprfPool({ workers: 2, ...(randomBytes && { randomBytes }) }),
  );
});

describe('pooled', () => {
  const random = () => new Uint8Array(32).fill(9);
  const pool = createOprfPool({ workers: 3, queue: 1, randomBytes: random });
  afterAll(() => pool.close());
  const { key, publicKey } = deriveKeyPair(defaultEngine(), new Uint8Array(32), new Uint8Array());
  const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 1 };
  const seed = new Uint8Array(32).fill(8);

  it('does what its inline twin does, byte for byte, whatever the slices are', async () => {
    const inline = createInlineOprf(defaultEngine(), random);
    const inputs = fc.array(fc.uint8Array(), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(inputs, fc.nat(), async (list, chunkIndex) => {
        const packed = packByteStrings(list);
        const here = { ...context, chunkIndex };
        const { blinded, blindedRoots } = await pool.blind(packed, seed, chunkIndex);
        const answer = await pool.evaluate(key, blinded, here);
        const outputs = await pool.finalize({
          inputs: packed,
          seed,
          blinded,
          blindedRoots,
          ...answer,
          context: here,
        });
        const twin = await inline.blind(packed, seed, chunkIndex);
        expect([blinded, blindedRoots].map(toHex)).toEqual([twin.blinded, twin.blindedRoots].map(toHex));
        const twinAnswer = await inline.evaluate(key, twin.blinded, here);
        expect([answer.evaluated, answer.evaluatedRoots, answer.proof].map(toHex)).toEqual(
          [twinAnswer.evaluated, twinAnswer.evaluatedRoots, twinAnswer.proof].map(toHex),
        );
        expect(toHex(outputs)).toBe(toHex(await inline.tokens(key, packed)));
        expect(toHex(await pool.tokens(key, packed))).toBe(toHex(outputs));
      }),
      { numRuns: 6 },
    );
  });

  it('works on several chunks at a time', async () => {
    const chunks = [0, 1, 2, 3].map((chunkIndex) => packByteStrings([`${chunkIndex} a`, `${chunkIndex} b`]));
    const outputs = await Promise.all(
      chunks.map(async (inputs, chunkIndex) => {
        const here = { ...context, chunkIndex };
        const { blinded, blindedRoots } = await pool.blind(inputs, seed, chunkIndex);
        const answer = await pool.evaluate(key, blinded, here);
        return toHex(await pool.finalize({ inputs, seed, blinded, blindedRoots, ...answer, context: here }));
      }),
    );
    expect(outputs).toEqual(
      await Promise.all(chunks.map(async (inputs) => toHex(await pool.tokens(key, inputs)))),
    );
  });

  it('leaves the arguments as they were, the secrets included', async () => {
    const inputs = packByteStrings(['one', 'two', 'three']);
    const { blinded, blindedRoots } = await pool.blind(inputs, seed, 1);
    const secrets = [key, seed, inputs.bytes, blinded];
    const before = secrets.map(toHex);
    const answer = await pool.evaluate(key, blinded, context);
    await pool.finalize({ inputs, seed, blinded, blindedRoots, ...answer, context });
    await pool.tokens(key, inputs);
    expect(secrets.map(toHex)).toEqual(before);
  });

  it('takes windows on memory that others share, as Buffer gives them', async () => {
    const inputs = packByteStrings(['one', 'two', 'three']);
    const { blinded } = await pool.blind(inputs, Buffer.from(seed), 1);
    const outputs = await pool.evaluate(Buffer.from(key), Buffer.from(blinded), context);
    expect(toHex(outputs.evaluated)).toBe(toHex((await pool.evaluate(key, blinded, context)).evaluated));
  });

  it('gives errors of its threads as the classes that they are', async () => {
    const inputs = packByteStrings(['one', 'two', 'three']);
    const { blinded, blindedRoots } = await pool.blind(inputs, seed, 1);
    const answer = await pool.evaluate(key, blinded, context);
    const other = { ...context, chunkIndex: 2 };
    await expect(
      pool.finalize({ inputs, seed, blinded, blindedRoots, ...answer, context: other }),
    ).rejects.toBeInstanceOf(OprfError);
    await expect(pool.evaluate(key, new Uint8Array(32), context)).rejects.toBeInstanceOf(GroupError);
  });

  it('begins no chunk for a signal that was aborted while the chunk waited', async () => {
    let begun = 0;
    const one = createOprfPool({
      workers: 1,
      queue: 0,
      randomBytes: (count) => {
        begun++;
        return new Uint8Array(count).fill(9);
      },
    });
    const { blinded } = await one.blind(packByteStrings(['one', 'two', 'three']), seed, 1);
    const gone = new AbortController();
    const abandoned = [1, 2, 3].map(() =>
      one.evaluate(key, blinded, context, { signal: gone.signal, lane: gone }),
    );
    const kept = one.evaluate(key, blinded, context, { lane: 'another' });
    gone.abort();
    for (const outcome of await Promise.allSettled(abandoned)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'task_aborted' } });
    }
    await kept;
    // The first of those that were abandoned was under way, and this one.
    expect(begun).toBe(2);
    await one.close();
  });

  it('rejects with pool_closed when it is closed, before and after', async () => {
    const closing = createOprfPool({ workers: 1 });
    const inputs = packByteStrings(['one', 'two', 'three']);
    const unanswered = expect(closing.tokens(key, inputs)).rejects.toMatchObject({ code: 'pool_closed' });
    await Promise.all([closing.close(), closing.close()]);
    await unanswered;
    await expect(closing.tokens(key, inputs)).rejects.toMatchObject({ code: 'pool_closed' });
  });
});
