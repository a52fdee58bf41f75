import type { Engine, Points } from '@blindmatch/group';
import { describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { createInlineOprf } from '../src/inline-oprf.ts';
import { deriveKeyPair } from '../src/key.ts';
import { engines, pretending } from './engines.ts';
import { refusal } from './refusal.ts';
import { toHex } from './vectors.ts';

const inputs = packByteStrings(['one', 'two', 'three']);
const seed = new Uint8Array(32).fill(8);

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
    const blinded = await oprf.blind(inputs, seed, 1);
    const answer = await oprf.evaluate(key, blinded, context);
    await oprf.finalize({ inputs, seed, blinded, ...answer, context });
    await oprf.tokens(key, inputs);
    expect(given.length).toBeGreaterThan(8);
    for (const { bytes } of given) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('blinds are not taken off an answer before its proof has been verified', async () => {
    const { engine: watching, bases } = watched();
    const oprf = createInlineOprf(watching);
    const blinded = await oprf.blind(inputs, seed, 1);
    const answer = await oprf.evaluate(key, blinded, context);
    const job = { inputs, seed, blinded, ...answer, context };
    const forged = { ...job, proof: answer.proof.with(40, (answer.proof[40] ?? 0) ^ 1) };
    expect(await refusal(() => oprf.finalize(forged))).toMatchObject({ code: 'proof_invalid' });
    expect(bases).not.toContain(toHex(publicKey));
    // The control: with the right proof they are.
    await oprf.finalize(job);
    expect(bases).toContain(toHex(publicKey));
  });
});
