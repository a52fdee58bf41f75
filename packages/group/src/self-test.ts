import { DIGEST_BYTES, ELEMENT_BYTES, type Engine } from './engine.ts';
import { GroupError } from './errors.ts';

/** The generator's encoding (RFC 9496, appendix A.1). */
const GENERATOR = 'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76';
const LABEL = 'Blindmatch engine self-test';
const ELEMENTS = 7;

/** What `knownAnswer` is, as the reference engine computes it; a test holds it against that. */
const KNOWN_ANSWER = 'feef34f00edf34fd10bf05065e04a30cef96e1237b4b258a1834d8952de6b874';

/** A digest over the results of every operation on a small batch that is the same for every engine. */
export function knownAnswer(engine: Engine): string {
  const label = Uint8Array.from(LABEL, (character) => character.charCodeAt(0));
  const generator = Uint8Array.from(GENERATOR.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  const count = ELEMENTS + 1;
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i);
  const uniform = engine.sha512Each(label, { bytes: Uint8Array.from(offsets.subarray(1)), offsets }, label);
  const points = engine.derive(uniform.subarray(0, ELEMENTS * DIGEST_BYTES));
  const scalars = engine.scalarsFromWide(uniform);
  const [factors, last] = [scalars.subarray(0, ELEMENTS * 32), scalars.subarray(ELEMENTS * 32)];
  const elements = engine.encode(engine.add(points, engine.multiplyFixed(generator, factors)));
  const decoded = engine.decode(elements);
  const results = [
    elements,
    engine.encodeDouble(engine.multiplyHalf(decoded, last)),
    engine.encode(engine.subtract(decoded, points)),
    engine.encode(engine.multiScalarMultiply(decoded, factors)),
    engine.subtractProduct(last, last, last),
  ];
  const all = new Uint8Array(results.reduce((total, { length }) => total + length, 0));
  results.reduce((written, result) => {
    all.set(result, written);
    return written + result.length;
  }, 0);
  const whole = { bytes: all, offsets: Uint32Array.of(0, all.length) };
  const digest = engine.sha512Each(label, whole, label).subarray(0, ELEMENT_BYTES);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Holds an engine against known answers.
 * @throws GroupError `engine_unusable` for an engine that computes anything else
 */
export function testEngine(engine: Engine): void {
  let answer: string | undefined;
  let cause: unknown;
  try {
    answer = knownAnswer(engine);
  } catch (error) {
    // A wrong product is no element, and is refused where it is decoded.
    cause = error;
  }
  if (answer !== KNOWN_ANSWER) {
    const message = `The ${engine.name} engine computes wrong results on this machine; set BLINDMATCH_ENGINE=noble.`;
    throw new GroupError('engine_unusable', message, { cause });
  }
}
