import type { Engine, Points } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { deriveBlinds } from '../src/blinds.ts';
import { packByteStrings } from '../src/byte-strings.ts';
import { evaluateInputs } from '../src/elements.ts';
import { createInlineOprf } from '../src/inline-oprf.ts';
import { deriveKeyPair } from '../src/key.ts';
import { proofNonce, transcriptSeed } from '../src/list-proof.ts';
import { bytesMadeDuring, holds } from './allocations.ts';
import { engines, pretending } from './engines.ts';
import { refusal } from './refusal.ts';
import { toHex } from './vectors.ts';

const inputs = packByteStrings([
  'the first of the inputs',
  'the second of the inputs',
  'the third of the inputs',
]);
const seed = Uint8Array.from({ length: 32 }, (_, i) => 100 + i);
const random = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);

describe.each(engines)('secrets over $name', (engine) => {
  const { key, publicKey } = deriveKeyPair(engine, new Uint8Array(32), new Uint8Array());
  const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 1 };

  /** An engine that notes the points it gives that depend on a secret, and the bases that it is asked for. */
  function watched(): { engine: Engine; given: Points[]; bases: string[] } {
    const given: Points[] = [];
    const bases: string[] = [];
    const note = (points: Points): Points => {
      given.push(points);
      return points;
    };
    const operations: Partial<Engine> = {
      derive: (uniform) => note(engine.derive(uniform)),
      add: (a, b) => note(engine.add(a, b)),
      subtract: (a, b) => note(engine.subtract(a, b)),
      multiplyHalf: (points, scalar) => note(engine.multiplyHalf(points, scalar)),
      multiplyFixed: (base, scalars) => {
        bases.push(toHex(base));
        return note(engine.multiplyFixed(base, scalars));
      },
    };
    return { engine: pretending(engine, operations), given, bases };
  }

  it('are overwritten in every batch of points when a call has ended', async () => {
    const { engine: watching, given } = watched();
    const oprf = createInlineOprf(watching);
    const { blinded, blindedRoots } = await oprf.blind(inputs, seed, 1);
    const answer = await oprf.evaluate(key, blinded, context);
    await oprf.finalize({ inputs, seed, blinded, blindedRoots, ...answer, context });
    await oprf.tokens(key, inputs);
    expect(given.length).toBeGreaterThan(8);
    for (const { bytes } of given) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('blinds are not taken off an answer before its proof has been verified', async () => {
    const { engine: watching, bases } = watched();
    const oprf = createInlineOprf(watching);
    const { blinded, blindedRoots } = await oprf.blind(inputs, seed, 1);
    const answer = await oprf.evaluate(key, blinded, context);
    const job = { inputs, seed, blinded, blindedRoots, ...answer, context };
    const forged = { ...job, proof: answer.proof.with(40, (answer.proof[40] ?? 0) ^ 1) };
    expect(await refusal(() => oprf.finalize(forged))).toMatchObject({ code: 'proof_invalid' });
    expect(bases).not.toContain(toHex(publicKey));
    // The control: with the right proof they are.
    await oprf.finalize(job);
    expect(bases).toContain(toHex(publicKey));
  });
});

// The reference keeps what it computes in big integers, and wipes nothing.
describe.each(engines.filter(({ name }) => name !== 'noble'))('bytes made over $name', (engine) => {
  const { key, publicKey } = deriveKeyPair(engine, new Uint8Array(32), new Uint8Array());
  const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 1 };

  it('hold no secret when a call has ended', async () => {
    const oprf = createInlineOprf(engine, () => Uint8Array.from(random));
    const { blinded, blindedRoots } = await oprf.blind(inputs, seed, 1);
    const answer = await oprf.evaluate(key, blinded, context);
    const pad = (by: number): Uint8Array => seed.map((byte) => byte ^ by);
    const eachOf = (items: Uint8Array): Uint8Array[] => [0, 32, 64].map((at) => items.slice(at, at + 32));
    const secrets = new Map([
      ['the seed', [seed, pad(0x36), pad(0x5c)]],
      ['the key', [key]],
      ['a blind', eachOf(deriveBlinds(engine, seed, 1, 0, 3))],
      ['the randomness of the proof', [random]],
      ['the nonce', [proofNonce(engine, random, key, transcriptSeed({ blinded, ...answer }, context))]],
      ['an input', [0, 23, 47].map((at) => inputs.bytes.slice(at, at + 23))],
      ['an unblinded element', eachOf(evaluateInputs(engine, key, inputs))],
    ]);
    const calls = new Map<string, () => Promise<unknown>>([
      ['blind', () => oprf.blind(inputs, seed, 1)],
      ['evaluate', () => oprf.evaluate(key, blinded, context)],
      ['finalize', () => oprf.finalize({ inputs, seed, blinded, blindedRoots, ...answer, context })],
      ['tokens', () => oprf.tokens(key, inputs)],
    ]);
    // Views on what the caller keeps are no copies.
    const kept = new Set([seed, key, inputs.bytes].map(({ buffer }) => buffer));
    for (const [call, work] of calls) {
      const made = (await bytesMadeDuring(work)).filter(({ buffer }) => !kept.has(buffer));
      expect(made.length).toBeGreaterThan(5);
      for (const [secret, values] of secrets) {
        const left = made.filter((bytes) => values.some((value) => holds(bytes, value)));
        expect(
          left.map(({ length }) => length),
          `${secret} after ${call}`,
        ).toEqual([]);
      }
    }
  });

  it('are seen wherever a copy comes from', async () => {
    // The control: what would be found if it were left.
    const copies: (() => Uint8Array)[] = [
      () => new Uint8Array(seed),
      () => new Uint8Array(128).fill(1).map((byte, i) => seed[i] ?? byte),
      () => Uint8Array.from(seed),
      () => Uint8Array.of(...seed),
      () => seed.slice(),
      () => Buffer.concat([new Uint8Array(7), seed]),
      () => Buffer.from(seed),
      () => Buffer.allocUnsafe(40).fill(seed),
      () => new Uint8Array(new Uint32Array(seed.slice().buffer).buffer),
    ];
    for (const copy of copies) {
      const made = await bytesMadeDuring(() => Promise.resolve(copy()));
      expect(made.filter((bytes) => holds(bytes, seed)).length, copy.toString()).toBeGreaterThan(0);
    }
    const wiped = await bytesMadeDuring(() => Promise.resolve(new Uint8Array(seed).fill(0)));
    expect(wiped.filter((bytes) => holds(bytes, seed))).toEqual([]);
  });
});
