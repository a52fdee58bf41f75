import {
  createInlineOprf,
  defaultEngine,
  deriveKeyPair,
  GroupError,
  OprfError,
  packByteStrings,
  type Oprf,
} from '@blindmatch/oprf';
import { ProtocolError } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { explain } from '../src/explain.ts';
import { tokensOfAnswer } from '../src/verified-answer.ts';

const { key, publicKey } = deriveKeyPair(defaultEngine(), new Uint8Array(32), new Uint8Array());
const oprf = createInlineOprf(defaultEngine());
const inputs = packByteStrings(['one', 'two']);
const seed = new Uint8Array(32).fill(1);
const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 0 };

async function answered(): Promise<Parameters<Oprf['finalize']>[0]> {
  const chunk = await oprf.blind(inputs, seed, 0);
  return { inputs, seed, ...chunk, context, ...(await oprf.evaluate(key, chunk.blinded, context)) };
}

/** Bytes whose second element is not valid. */
function damaged(elements: Uint8Array): Uint8Array {
  return Uint8Array.from(elements).fill(0xff, 32, 64);
}

describe('an answer', () => {
  it('gives the tokens of its chunk', async () => {
    expect(await tokensOfAnswer(oprf, await answered())).toEqual(await oprf.tokens(key, inputs));
  });

  it("is the holder's fault when it is not proved or not of valid elements", async () => {
    const job = await answered();
    for (const wrong of [{ proof: new Uint8Array(64) }, { evaluated: damaged(job.evaluated) }]) {
      const tokens = tokensOfAnswer(oprf, { ...job, ...wrong });
      await expect(tokens).rejects.toBeInstanceOf(ProtocolError);
      await expect(tokens).rejects.toMatchObject({ code: 'proof_invalid' });
    }
  });

  it('to a chunk that was damaged here is not', async () => {
    const job = await answered();
    const tokens = tokensOfAnswer(oprf, { ...job, blinded: damaged(job.blinded) });
    await expect(tokens).rejects.toBeInstanceOf(OprfError);
    const told = await tokens.catch(explain);
    expect(told).toMatchObject({ code: 'inputs_invalid', exit: 1 });
    expect(told).toHaveProperty('message', expect.stringContaining('prepare the request again'));
  });

  it.each([
    new GroupError('element_invalid', 'An element that was computed here is not valid.'),
    new GroupError('task_failed', 'A task failed in its worker.'),
    new RangeError('broken'),
  ])('is not for $message', async (error) => {
    const broken = { finalize: () => Promise.reject(error) };
    await expect(tokensOfAnswer(broken, await answered())).rejects.toBe(error);
  });
});
