import { Buffer } from 'node:buffer';
import {
  ELEMENT_BYTES,
  GroupError,
  type ByteStrings,
  type ElementsWithRoots,
  type Engine,
  type Points,
} from '@blindmatch/group';
import { OprfError } from './errors.ts';
import { expandMessages } from './expand-message.ts';
import type { VerifiedList } from './list-proof.ts';
import { multiplySecret } from './secret-product.ts';
import { domainTag, GENERATOR } from './suite.ts';
import { wiping } from './wiping.ts';
import { hasZeroItem } from './zero-items.ts';

const HASH_TO_GROUP_TAG = domainTag('HashToGroup-');
const FINALIZE_LABEL = Buffer.from('Finalize', 'latin1');
const NOTHING = new Uint8Array();

/** HashToGroup of RFC 9497, section 4.1, for each input; one that gives the identity shows later. */
function hashToGroup(engine: Engine, inputs: ByteStrings): Points {
  return wiping((secret) => engine.derive(secret(expandMessages(engine, inputs, HASH_TO_GROUP_TAG))));
}

/**
 * Blind with given blinds: H(x) + r·G, 32·n bytes, with the root of each. This is not the RFC's r·H(x), but looks the same to a
 * holder: a uniform element. Both multiplications of a requester then have a fixed base. `unblind` says what
 * this takes.
 * @throws GroupError `scalar_invalid`, `batch_length`; `element_invalid` for a blinded element that is the
 *   identity (probability 2^-252), since no holder may take that
 */
export function blindInputs(engine: Engine, inputs: ByteStrings, blinds: Uint8Array): ElementsWithRoots {
  return wiping((secret) => {
    const hashed = secret(hashToGroup(engine, inputs));
    const masks = secret(engine.multiplyFixed(GENERATOR, blinds));
    const blinded = engine.encodeWithRoots(secret(engine.add(hashed, masks)));
    if (hasZeroItem(blinded.elements))
      throw new GroupError('element_invalid', 'A blinded element is the identity; use another seed.');
    return blinded;
  });
}

/**
 * Take the blinds off: D − r·pk = k·(H(x) + r·G) − r·k·G = k·H(x), 32·n bytes.
 *
 * Two things make that sound. First, pk is the right one: it is that of an epoch which a pinned holder signed.
 * For a requester that takes any pk, Jarecki, Krawczyk and Xu (ePrint 2021/273) show that a holder can answer
 * with two functions that agree at one input of its choice and nowhere else, so that the result tells it whether
 * its guess was right. Second, D is k·C for the k of pk: only a verified proof of the whole chunk makes a
 * `VerifiedList`. From D = k·C + E one would get k·H(x) + E, with E the holder's choice.
 */
export function unblind(engine: Engine, list: VerifiedList, blinds: Uint8Array): Uint8Array {
  return wiping((secret) => {
    const masks = secret(engine.multiplyFixed(list.context.publicKey, blinds));
    return engine.encode(secret(engine.subtract(list.evaluated, masks)));
  });
}

/** k·H(x) for each input, by the holder itself: the first half of Evaluate of RFC 9497, section 3.3.1. */
export function evaluateInputs(engine: Engine, key: Uint8Array, inputs: ByteStrings): Uint8Array {
  return wiping((secret) => multiplySecret(engine, secret(hashToGroup(engine, inputs)), key));
}

/**
 * The last hash of Finalize (RFC 9497, section 3.3.1) for each input and its element k·H(x): 64·n bytes.
 * @throws OprfError `inputs_invalid` for an input that hashes to the identity (RFC:
 *   InvalidInputError). Since k isn't 0, k·H(x) is the identity just then, and seeing it here costs nothing.
 */
export function hashOutputs(engine: Engine, inputs: ByteStrings, elements: Uint8Array): Uint8Array {
  if (hasZeroItem(elements)) {
    const message = 'An input hashes to the identity and has no output; leave it out.';
    throw new OprfError('inputs_invalid', message);
  }
  return wiping((secret) => {
    const messages = outputMessages(inputs, elements);
    secret(messages.bytes);
    return engine.sha512Each(NOTHING, messages, FINALIZE_LABEL);
  });
}

/**
 * I2OSP(len(x), 2) ‖ x ‖ I2OSP(32, 2) ‖ element for each input. Bytes are copied one by one: for strings as
 * short as these, making a view of each costs more.
 */
function outputMessages({ bytes, offsets }: ByteStrings, elements: Uint8Array): ByteStrings {
  const count = elements.length / ELEMENT_BYTES;
  const messages = new Uint8Array(bytes.length + count * (2 + 2 + ELEMENT_BYTES));
  const ends = new Uint32Array(count + 1);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const start = offsets[i] ?? 0;
    const end = offsets[i + 1] ?? 0;
    messages[at++] = (end - start) >>> 8;
    messages[at++] = (end - start) & 0xff;
    for (let j = start; j < end; j++) messages[at++] = bytes[j] ?? 0;
    messages[at++] = 0;
    messages[at++] = ELEMENT_BYTES;
    for (let j = 0; j < ELEMENT_BYTES; j++) messages[at++] = elements[i * ELEMENT_BYTES + j] ?? 0;
    ends[i + 1] = at;
  }
  return { bytes: messages, offsets: ends };
}
