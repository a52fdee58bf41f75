import type { Engine } from '@blindmatch/group';
import { afterAll, describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { publicKeyOf } from '../src/key.ts';
import type { FinalizeJob, Oprf } from '../src/oprf.ts';
import type { RandomBytes } from '../src/randomness.ts';
import { GENERATOR } from '../src/suite.ts';
import { refusal } from './refusal.ts';
import { fromHex, oprfBatches, toHex } from './vectors.ts';

/** What every Oprf does, wherever it runs; `engine` makes the elements that it is given. */
export function describeOprf(engine: Engine, make: (randomBytes?: RandomBytes) => Oprf): void {
  describe('the vectors of oprf-batches.json', () => {
    describe.each(oprfBatches.batches)('$comment', (vector) => {
      const oprf = make(() => fromHex(vector.random));
      afterAll(() => oprf.close());
      const inputs = packByteStrings(vector.inputs.map((input) => fromHex(input)));
      const [key, publicKey, epochId, seed] = [vector.key, vector.publicKey, vector.epochId, vector.seed].map(
        (hex) => fromHex(hex),
      ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
      const context = { publicKey, epochId, chunkIndex: vector.chunkIndex };
      const blinded = fromHex(...vector.blinded);
      const evaluated = fromHex(...vector.evaluated);
      const proof = fromHex(vector.proof);

      it('blinds', async () => {
        const chunk = await oprf.blind(inputs, seed, vector.chunkIndex);
        expect(toHex(chunk.blinded)).toBe(vector.blinded.join(''));
        expect(toHex(chunk.blindedRoots)).toBe(vector.blindedRoots.join(''));
      });

      it('evaluates and proves', async () => {
        const answer = await oprf.evaluate(key, blinded, context);
        expect([answer.evaluated, answer.evaluatedRoots, answer.proof].map(toHex)).toEqual([
          vector.evaluated.join(''),
          vector.evaluatedRoots.join(''),
          vector.proof,
        ]);
      });

      const job = { inputs, seed, blinded, evaluated, proof, context };
      const blindedRoots = fromHex(...vector.blindedRoots);
      const evaluatedRoots = fromHex(...vector.evaluatedRoots);
      const none = new Uint8Array();
      it.each([
        ['no roots', none, none],
        ['the roots of both lists', blindedRoots, evaluatedRoots],
        ['the roots of its own list', blindedRoots, none],
        ["the holder's roots", none, evaluatedRoots],
        ['roots of zeros', blindedRoots.map(() => 0), evaluatedRoots.map(() => 0)],
        ['one wrong root', blindedRoots, evaluatedRoots.with(0, evaluatedRoots[0]! ^ 4)],
        ["the other list's roots", evaluatedRoots, blindedRoots],
      ])('finalizes with %s', async (_, ofBlinded, ofEvaluated) => {
        const roots = { blindedRoots: ofBlinded, evaluatedRoots: ofEvaluated };
        expect(toHex(await oprf.finalize({ ...job, ...roots }))).toBe(vector.outputs.join(''));
      });

      it("gives the same outputs as the holder's own tokens", async () => {
        expect(toHex(await oprf.tokens(key, inputs))).toBe(vector.outputs.join(''));
      });
    });
  });

  describe('refusals', () => {
    const oprf = make();
    afterAll(() => oprf.close());
    const vector = oprfBatches.batches[1]!;
    const key = fromHex(vector.key);
    const context = {
      publicKey: fromHex(vector.publicKey),
      epochId: fromHex(vector.epochId),
      chunkIndex: vector.chunkIndex,
    };
    const inputs = packByteStrings(vector.inputs.map((input) => fromHex(input)));
    const seed = fromHex(vector.seed);
    const blinded = fromHex(...vector.blinded);
    const job: FinalizeJob = {
      inputs,
      seed,
      blinded,
      blindedRoots: fromHex(...vector.blindedRoots),
      evaluated: fromHex(...vector.evaluated),
      evaluatedRoots: fromHex(...vector.evaluatedRoots),
      proof: fromHex(vector.proof),
      context,
    };
    const anyRoots: readonly [string, (roots: Uint8Array) => Uint8Array][] = [
      ['right roots', (roots) => roots],
      ['no roots', () => new Uint8Array()],
      ['wrong roots', (roots) => roots.map((byte) => byte ^ 0x55)],
    ];
    const withRoots = (
      change: Partial<FinalizeJob>,
      roots: (right: Uint8Array) => Uint8Array,
    ): FinalizeJob => {
      const changed = { ...job, ...change };
      const [ofBlinded, ofEvaluated] = [roots(job.blindedRoots), roots(job.evaluatedRoots)];
      return { ...changed, blindedRoots: ofBlinded, evaluatedRoots: ofEvaluated };
    };

    const tampered: readonly [string, Partial<FinalizeJob>][] = [
      ['one wrong element', { evaluated: fromHex(...vector.evaluated.with(2, toHex(GENERATOR))) }],
      ['another public key', { context: { ...context, publicKey: GENERATOR } }],
      ['another epoch', { context: { ...context, epochId: new Uint8Array(32) } }],
      ['another chunk index', { context: { ...context, chunkIndex: 0 } }],
      [
        'swapped elements',
        {
          evaluated: fromHex(...vector.evaluated.with(0, vector.evaluated[1]!).with(1, vector.evaluated[0]!)),
        },
      ],
      ['a truncated list', { evaluated: job.evaluated.subarray(32) }],
      ['an empty list', { evaluated: new Uint8Array() }],
      ['a list that ends within an element', { evaluated: job.evaluated.subarray(1) }],
      ['a proof that is too short', { proof: job.proof.subarray(1) }],
      ['no proof', { proof: new Uint8Array() }],
    ];
    it.each(tampered)('finalize refuses %s, whatever the roots', async (_, change) => {
      for (const [, roots] of anyRoots) {
        expect(await refusal(() => oprf.finalize(withRoots(change, roots)))).toMatchObject({
          code: 'proof_invalid',
        });
      }
    });

    it('finalize refuses roots that are fewer or more than the elements', async () => {
      const short = job.evaluatedRoots.subarray(32);
      for (const change of [{ blindedRoots: short }, { evaluatedRoots: short }]) {
        expect(await refusal(() => oprf.finalize({ ...job, ...change }))).toMatchObject({
          code: 'batch_length',
        });
      }
    });

    it.each([
      ['not canonical', 'ff'.repeat(32)],
      ['the identity', '00'.repeat(32)],
    ])('names the first element from the wire that is %s', async (_, wrong) => {
      const answer = fromHex(...vector.evaluated.with(4, wrong).with(5, wrong));
      for (const [, roots] of anyRoots) {
        expect(await refusal(() => oprf.finalize(withRoots({ evaluated: answer }, roots)))).toEqual({
          code: 'element_invalid',
          index: 4,
        });
      }
      const chunk = fromHex(...vector.blinded.with(4, wrong).with(5, wrong));
      expect(await refusal(() => oprf.evaluate(key, chunk, context))).toEqual({
        code: 'element_invalid',
        index: 4,
      });
    });

    it.each([
      ['not canonical', 'ff'.repeat(32)],
      ['the identity', '00'.repeat(32)],
    ])(
      "does not take an element of the requester's own that is %s for the holder's fault",
      async (_, wrong) => {
        const damaged = fromHex(...vector.blinded.with(2, wrong));
        for (const [, roots] of anyRoots) {
          expect(await refusal(() => oprf.finalize(withRoots({ blinded: damaged }, roots)))).toEqual({
            code: 'inputs_invalid',
            index: 2,
          });
        }
      },
    );

    it('evaluate refuses an empty chunk, a broken element and the public key of another key', async () => {
      const otherContext = { ...context, publicKey: publicKeyOf(engine, fromHex('02', '00'.repeat(31))) };
      expect(await refusal(() => oprf.evaluate(key, new Uint8Array(), context))).toMatchObject({
        code: 'batch_length',
      });
      expect(await refusal(() => oprf.evaluate(key, blinded.subarray(1), context))).toMatchObject({
        code: 'batch_length',
      });
      expect(await refusal(() => oprf.evaluate(key, blinded, otherContext))).toMatchObject({
        code: 'key_invalid',
      });
    });

    it('evaluates nothing for a signal that is aborted already', async () => {
      const signal = AbortSignal.abort();
      expect(await refusal(() => oprf.evaluate(key, blinded, context, { signal }))).toMatchObject({
        code: 'task_aborted',
      });
    });

    it('refuses a key that is no key', async () => {
      for (const wrong of ['00'.repeat(32), 'ff'.repeat(32), '01']) {
        expect(await refusal(() => oprf.evaluate(fromHex(wrong), blinded, context))).toMatchObject({
          code: 'key_invalid',
        });
        expect(await refusal(() => oprf.tokens(fromHex(wrong), inputs))).toMatchObject({
          code: 'key_invalid',
        });
      }
    });

    it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses the chunk index %s', async (chunkIndex) => {
      const wrong = { ...context, chunkIndex };
      expect(await refusal(() => oprf.blind(inputs, seed, chunkIndex))).toMatchObject({
        code: 'context_invalid',
      });
      expect(await refusal(() => oprf.evaluate(key, blinded, wrong))).toMatchObject({
        code: 'context_invalid',
      });
      expect(await refusal(() => oprf.finalize({ ...job, context: wrong }))).toMatchObject({
        code: 'context_invalid',
      });
    });

    it('refuses a context, a seed or a blinded list of the wrong size', async () => {
      const wrong = { ...context, epochId: new Uint8Array(16) };
      expect(await refusal(() => oprf.evaluate(key, blinded, wrong))).toMatchObject({
        code: 'context_invalid',
      });
      expect(await refusal(() => oprf.blind(inputs, seed.subarray(1), 0))).toMatchObject({
        code: 'seed_invalid',
      });
      const short = { ...job, blinded: blinded.subarray(32), blindedRoots: job.blindedRoots.subarray(32) };
      expect(await refusal(() => oprf.finalize(short))).toMatchObject({ code: 'batch_length' });
    });

    it('refuses inputs that are too long or badly packed', async () => {
      const long = { bytes: new Uint8Array(65_536), offsets: Uint32Array.of(0, 65_536) };
      expect(await refusal(() => oprf.blind(long, seed, 0))).toEqual({ code: 'input_too_long', index: 0 });
      expect(await refusal(() => oprf.tokens(key, long))).toEqual({ code: 'input_too_long', index: 0 });
      const bad = { bytes: new Uint8Array(2), offsets: Uint32Array.of(0, 1) };
      expect(await refusal(() => oprf.blind(bad, seed, 0))).toMatchObject({ code: 'inputs_invalid' });
    });

    it('gives nothing for no inputs', async () => {
      const none = new Uint8Array();
      expect(await oprf.blind(packByteStrings([]), seed, 0)).toEqual({ blinded: none, blindedRoots: none });
      expect(await oprf.tokens(key, packByteStrings([]))).toHaveLength(0);
    });
  });
}
