import { createInlineOprf, defaultEngine, deriveKeyPair, packByteStrings } from '@blindmatch/oprf';
import { Evaluation, EvaluationRequest, Oprf, VOPRFClient, VOPRFServer } from '@cloudflare/voprf-ts';
import { CryptoNoble } from '@cloudflare/voprf-ts/crypto-noble';
import { describe, expect, it } from 'vitest';

// An independent implementation of RFC 9497 as the requester. It knows the RFC's batch proof and not the list-bound
// one, so its proof check meets the proof of its own server; the elements and the outputs are compared with ours.

const suite = Oprf.Suite.RISTRETTO255_SHA512;
const { key, publicKey } = deriveKeyPair(
  defaultEngine(),
  new Uint8Array(32).fill(1),
  Buffer.from('interoperability'),
);
const context = { publicKey, epochId: new Uint8Array(32), chunkIndex: 0 };
const inputs = ['DOE|JOHN|12 MAIN ST', '', 'Ångström, 北京'].map((text) => new TextEncoder().encode(text));
const oprf = createInlineOprf(defaultEngine());
const client = new VOPRFClient(suite, publicKey, CryptoNoble);
const server = new VOPRFServer(suite, key, CryptoNoble);

function items(batch: Uint8Array, width: number): string[] {
  return Array.from({ length: batch.length / width }, (_, i) =>
    hex(batch.subarray(i * width, (i + 1) * width)),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('@cloudflare/voprf-ts', () => {
  it('as a requester gets our tokens from our evaluation', async () => {
    const [finalizeData, request] = await client.blind(inputs);
    const blinded = Buffer.concat(request.blinded.map((element) => element.serialize()));
    const { evaluated } = await oprf.evaluate(key, blinded, context);
    const elements = items(evaluated, 32).map((item) => client.group.desElt(Buffer.from(item, 'hex')));
    const outputs = await client.doFinalize(finalizeData, new Evaluation(Oprf.Mode.VOPRF, elements));
    expect(outputs.map(hex)).toEqual(items(await oprf.tokens(key, packByteStrings(inputs)), 64));
  });

  it('as a holder evaluates our elements as we do, with a proof that its requester accepts', async () => {
    const [finalizeData, request] = await client.blind(inputs);
    const blinded = Buffer.concat(request.blinded.map((element) => element.serialize()));
    const theirs = await server.blindEvaluate(request);
    const ours = await oprf.evaluate(key, blinded, context);
    expect(theirs.evaluated.map((element) => hex(element.serialize()))).toEqual(items(ours.evaluated, 32));
    const outputs = await client.finalize(finalizeData, theirs);
    expect(outputs.map(hex)).toEqual(items(await oprf.tokens(key, packByteStrings(inputs)), 64));
  });

  it('as a holder evaluates what we blind additively, and we get its tokens', async () => {
    const seed = new Uint8Array(32).fill(7);
    const packed = packByteStrings(inputs);
    const { blinded, blindedRoots } = await oprf.blind(packed, seed, 0);
    const request = items(blinded, 32).map((item) => server.group.desElt(Buffer.from(item, 'hex')));
    const theirs = await server.blindEvaluate(new EvaluationRequest(request));
    const ours = await oprf.evaluate(key, blinded, context);
    expect(items(ours.evaluated, 32)).toEqual(theirs.evaluated.map((element) => hex(element.serialize())));
    const outputs = await oprf.finalize({ inputs: packed, seed, blinded, blindedRoots, ...ours, context });
    const tokens = await Promise.all(inputs.map((input) => server.evaluate(input)));
    expect(items(outputs, 64)).toEqual(tokens.map(hex));
  });

  it('as a holder gives our tokens for its own inputs', async () => {
    const theirs = await Promise.all(inputs.map((input) => server.evaluate(input)));
    expect(theirs.map(hex)).toEqual(items(await oprf.tokens(key, packByteStrings(inputs)), 64));
  });
});
