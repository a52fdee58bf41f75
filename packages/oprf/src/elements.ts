import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { ELEMENT_BYTES, invertScalars, UNIFORM_BYTES, type Engine } from '@blindmatch/group';
import { byteStringAt, countByteStrings, type ByteStrings } from './byte-strings.ts';
import { prefixed } from './encoding.ts';
import { expandMessage } from './expand-message.ts';
import { domainTag, OUTPUT_BYTES } from './suite.ts';

const HASH_TO_GROUP_TAG = domainTag('HashToGroup-');
const FINALIZE_LABEL = Buffer.from('Finalize', 'latin1');

/** HashToGroup of RFC 9497, section 4.1, for each input: 32·n bytes. */
function hashInputsToGroup(engine: Engine, inputs: ByteStrings): Uint8Array {
  const count = countByteStrings(inputs);
  const uniform = new Uint8Array(count * UNIFORM_BYTES);
  for (let i = 0; i < count; i++) {
    uniform.set(expandMessage(byteStringAt(inputs, i), HASH_TO_GROUP_TAG, UNIFORM_BYTES), i * UNIFORM_BYTES);
  }
  const elements = engine.hashToGroup(uniform);
  uniform.fill(0);
  return elements;
}

/** The last hash of Finalize (RFC 9497, section 3.3.1) for each input and its element k·H(x): 64·n bytes. */
function hashOutputs(inputs: ByteStrings, elements: Uint8Array): Uint8Array {
  const outputs = new Uint8Array((elements.length / ELEMENT_BYTES) * OUTPUT_BYTES);
  for (let i = 0; i * ELEMENT_BYTES < elements.length; i++) {
    const message = Buffer.concat([
      prefixed(byteStringAt(inputs, i)),
      prefixed(elements.subarray(i * ELEMENT_BYTES, (i + 1) * ELEMENT_BYTES)),
      FINALIZE_LABEL,
    ]);
    outputs.set(hash('sha512', message, 'buffer'), i * OUTPUT_BYTES);
  }
  return outputs;
}

/**
 * Blind of RFC 9497, section 3.3.2, with given blinds: blind·H(x), 32·n bytes.
 * An input that hashes to the identity (RFC: InvalidInputError) stops at the engine's gate.
 * @throws GroupError `element_invalid`, `scalar_invalid`, `batch_length`
 */
export function blindInputs(engine: Engine, inputs: ByteStrings, blinds: Uint8Array): Uint8Array {
  const elements = hashInputsToGroup(engine, inputs);
  const blinded = engine.multiplyEach(elements, blinds);
  elements.fill(0);
  return blinded;
}

/**
 * The part of Finalize after the proof (RFC 9497, sections 3.3.1 and 3.3.2): unblind and hash, 64·n bytes.
 * The caller MUST have verified the proof of the whole chunk before: unblinding an unproved element hands the
 * holder a choice.
 */
export function finalizeEvaluated(
  engine: Engine,
  inputs: ByteStrings,
  blinds: Uint8Array,
  evaluated: Uint8Array,
): Uint8Array {
  const inverses = invertScalars(blinds);
  const unblinded = engine.multiplyEach(evaluated, inverses);
  inverses.fill(0);
  const outputs = hashOutputs(inputs, unblinded);
  unblinded.fill(0);
  return outputs;
}

/** Evaluate of RFC 9497, section 3.3.1: the holder's own output for each input, 64·n bytes. */
export function evaluateInputs(engine: Engine, key: Uint8Array, inputs: ByteStrings): Uint8Array {
  const elements = hashInputsToGroup(engine, inputs);
  const evaluated = engine.multiply(elements, key);
  elements.fill(0);
  const outputs = hashOutputs(inputs, evaluated);
  evaluated.fill(0);
  return outputs;
}
