// Writes ../oprf-batches.json: whole batches with every value on the way, and answers that must be refused.
// Everything comes from fixed labels, so that a second run gives the same file.
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { nobleEngine as engine } from '@blindmatch/group';
import { deriveBlinds } from '../../../packages/oprf/src/blinds.ts';
import { createInlineOprf, deriveKeyPair, packByteStrings } from '../../../packages/oprf/src/index.ts';
import { listCoefficients, proofNonce, transcriptSeed } from '../../../packages/oprf/src/list-proof.ts';
import { multiplySecret } from '../../../packages/oprf/src/secret-product.ts';
import { GENERATOR } from '../../../packages/oprf/src/suite.ts';

type Batch = Awaited<ReturnType<typeof makeBatch>>;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (...parts: readonly string[]): Uint8Array => new Uint8Array(Buffer.from(parts.join(''), 'hex'));
const fixed = (label: string): Uint8Array => hash('sha512', `blindmatch oprf-batches ${label}`, 'buffer');
const items = (bytes: Uint8Array, width: number): string[] =>
  Array.from({ length: bytes.length / width }, (_, i) => hex(bytes.subarray(i * width, (i + 1) * width)));

const scalar = (value: number): string => hex(Uint8Array.of(value)).padEnd(64, '0');
const MINUS_ONE = 'ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
const ONE = scalar(1);

/** The sum of scalar i times element i. */
function combine(elements: Uint8Array, scalars: Uint8Array): Uint8Array {
  return engine.encode(engine.multiScalarMultiply(engine.decode(elements), scalars));
}

/** The sum of two elements. */
function add(a: string, b: string): string {
  return hex(combine(bytesOf(a, b), bytesOf(ONE, ONE)));
}

async function makeBatch(name: string, comment: string, chunkIndex: number, inputs: readonly (string | Uint8Array)[]) {
  const { key, publicKey } = deriveKeyPair(engine, fixed(`${name} key`).subarray(0, 32), Buffer.from('vectors'));
  const epochId = fixed(`${name} epoch`).subarray(0, 32);
  const seed = fixed(`${name} seed`).subarray(0, 32);
  const random = new Uint8Array(fixed(`${name} random`).subarray(0, 32));
  const context = { publicKey, epochId, chunkIndex };
  const oprf = createInlineOprf(engine, () => new Uint8Array(random));
  const packed = packByteStrings(inputs);
  const { blinded, blindedRoots } = await oprf.blind(packed, seed, chunkIndex);
  const { evaluated, evaluatedRoots, proof } = await oprf.evaluate(key, blinded, context);
  const lists = { blinded, blindedRoots, evaluated, evaluatedRoots };
  const outputs = await oprf.finalize({ inputs: packed, seed, ...lists, proof, context });
  const listSeed = transcriptSeed({ blinded, evaluated }, context);
  const coefficients = listCoefficients(engine, listSeed, inputs.length);
  const m = combine(blinded, coefficients);
  return {
    comment,
    key: hex(key),
    publicKey: hex(publicKey),
    epochId: hex(epochId),
    chunkIndex,
    seed: hex(seed),
    inputs: inputs.map((input) => hex(Buffer.from(input))),
    blinds: items(deriveBlinds(engine, seed, chunkIndex, 0, inputs.length), 32),
    blinded: items(blinded, 32),
    blindedRoots: items(blindedRoots, 32),
    evaluated: items(evaluated, 32),
    evaluatedRoots: items(evaluatedRoots, 32),
    transcriptSeed: hex(listSeed),
    coefficients: items(coefficients, 32).map((coefficient) => coefficient.slice(0, 32)),
    m: hex(m),
    z: hex(multiplySecret(engine, engine.decode(m), key)),
    random: hex(random),
    r: hex(proofNonce(engine, random, key, listSeed)),
    proof: hex(proof),
    outputs: items(outputs, 64),
  };
}

/** An answer to `batch` that a requester must refuse. */
function failure(batch: Batch, comment: string, code: string, changes: Partial<Batch>, index?: number) {
  const { publicKey, epochId, chunkIndex, blinded, evaluated, proof } = { ...batch, ...changes };
  const expected = index === undefined ? { code } : { code, index };
  return { comment, publicKey, epochId, chunkIndex, blinded, evaluated, proof, ...expected };
}

function failuresOf(batch: Batch, foreign: Batch) {
  const { blinded, evaluated, proof } = batch;
  const replace = (list: readonly string[], at: number, by: string): string[] => list.with(at, by);
  const swap = (list: readonly string[]): string[] => list.with(0, list[1] ?? '').with(1, list[0] ?? '');
  const error = hex(GENERATOR);
  const negative = hex(combine(GENERATOR, bytesOf(MINUS_ONE)));
  const cancelling = evaluated.with(0, add(evaluated[0] ?? '', error)).with(1, add(evaluated[1] ?? '', negative));
  const otherKey = engine.scalarsFromWide(fixed('another key'));
  const other = items(multiplySecret(engine, engine.decode(bytesOf(...blinded)), otherKey), 32);
  const c = proof.slice(0, 64);
  const s = proof.slice(64);
  const order = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
  const refused = (comment: string, changes: Partial<Batch>) => failure(batch, comment, 'proof_invalid', changes);
  return [
    refused('One evaluated element is the evaluation of another input.', {
      evaluated: replace(evaluated, 2, foreign.evaluated[0] ?? ''),
    }),
    refused('Two evaluated elements are wrong by errors that cancel out in a plain sum.', { evaluated: cancelling }),
    refused('All elements are evaluated with another key.', { evaluated: other }),
    refused('The proof is checked against the public key of another epoch.', { publicKey: foreign.publicKey }),
    refused('Two evaluated elements have changed places.', { evaluated: swap(evaluated) }),
    refused('Two elements have changed places in both lists.', { blinded: swap(blinded), evaluated: swap(evaluated) }),
    refused('Another epoch.', { epochId: foreign.epochId }),
    refused('Another chunk index.', { chunkIndex: batch.chunkIndex + 1 }),
    refused('Both lists lack their last element.', { blinded: blinded.slice(0, -1), evaluated: evaluated.slice(0, -1) }),
    refused('The evaluated list lacks its last element.', { evaluated: evaluated.slice(0, -1) }),
    refused('The evaluated list has one element more.', { evaluated: [...evaluated, hex(GENERATOR)] }),
    refused('The lists are empty.', { blinded: [], evaluated: [] }),
    refused('The proof is of another batch.', { proof: foreign.proof }),
    refused('One bit of the challenge is flipped.', { proof: hex(Uint8Array.of(parseInt(c.slice(0, 2), 16) ^ 1)) + c.slice(2) + s }),
    refused('One bit of the response is flipped.', { proof: c + hex(Uint8Array.of(parseInt(s.slice(0, 2), 16) ^ 1)) + s.slice(2) }),
    refused('Challenge and response have changed places.', { proof: s + c }),
    refused('The proof is all zero.', { proof: '00'.repeat(64) }),
    refused('The challenge is not canonical: the group order.', { proof: order + s }),
    refused('The response is not canonical: the group order.', { proof: c + order }),
    refused('The proof lacks its last byte.', { proof: proof.slice(0, -2) }),
    refused('The proof has one byte more.', { proof: `${proof}00` }),
    refused('The public key is the identity.', { publicKey: '00'.repeat(32) }),
    failure(batch, 'One evaluated element is the identity.', 'element_invalid', {
      evaluated: replace(evaluated, 3, '00'.repeat(32)),
    }, 3),
    failure(batch, 'One evaluated element is not canonical: a negative field element.', 'element_invalid', {
      evaluated: replace(evaluated, 1, ONE),
    }, 1),
  ];
}

const single = await makeBatch('single', 'A batch of one.', 0, ['us-name-address/2|DOE|12 MAIN ST']);
const several = await makeBatch(
  'several',
  'Six inputs, over more than one block of coefficients: a text, one with letters beyond ASCII, an empty one, a zero byte, one of 300 bytes, and the first once more.',
  0x01020304,
  ['first', 'Ångström, 北京', '', Uint8Array.of(0), new Uint8Array(300).fill(0xa5), 'first'],
);

const vectors = {
  comment:
    'Batches of the verifiable OPRF with the list-bound proof; see ../oprf.md. Made by generate/oprf-batches.ts. All values are hexadecimal; coefficients are 16 bytes, little-endian.',
  batches: [single, several],
  failures: failuresOf(several, single),
};
writeFileSync(new URL('../oprf-batches.json', import.meta.url), `${JSON.stringify(vectors, undefined, 1)}\n`);
