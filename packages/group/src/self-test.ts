import { ELEMENT_BYTES, SCALAR_BYTES, type ByteStrings, type Engine } from './engine.ts';
import { GroupError } from './errors.ts';

/** The generator's encoding (RFC 9496, appendix A.1). */
const GENERATOR = fromHex('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76');
const LABEL = new TextEncoder().encode('Blindmatch engine self-test');
/** More than an engine takes at once, more than wide windows begin with, and no multiple of a block. */
const MANY = 301;
const FEW = 7;

/** Encodings that the gate refuses: the identity, p, a negative element and one whose square root there is not. */
const REFUSED = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371',
].map(fromHex);

/** What `knownAnswer` is, as the reference engine computes it; a test holds it against that. */
const KNOWN_ANSWER = '68437bffc13ab47702351f6c47a06524d81827b4bc996aac205243085c732545';

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  parts.reduce((written, part) => {
    joined.set(part, written);
    return written + part.length;
  }, 0);
  return joined;
}

function oneString(bytes: Uint8Array): ByteStrings {
  return { bytes, offsets: Uint32Array.of(0, bytes.length) };
}

/** Which element of a batch an engine refuses. */
function refusedIndex(decode: () => unknown): number {
  try {
    decode();
  } catch (error) {
    if (error instanceof GroupError && error.index !== undefined) return error.index;
    throw error;
  }
  return 0xff;
}

/**
 * A digest over the results of every operation that is the same for every engine: on a small batch of points from
 * hashing, on a batch of more than an engine takes at once, on the identity, and on what has to be refused.
 */
export function knownAnswer(engine: Engine): string {
  const offsets = Uint32Array.from({ length: MANY + 1 }, (_, i) => 2 * i);
  const numbers = new Uint8Array(2 * MANY);
  for (let i = 0; i < MANY; i++) numbers.set([i & 0xff, i >> 8], 2 * i);
  const uniform = engine.sha512Each(LABEL, { bytes: numbers, offsets }, LABEL);
  const scalars = engine.scalarsFromWide(uniform);
  const scalar = (index: number): Uint8Array =>
    scalars.subarray(index * SCALAR_BYTES, (index + 1) * SCALAR_BYTES);
  const small = scalars.map((byte, i) => (i % SCALAR_BYTES < SCALAR_BYTES / 2 ? byte : 0));

  const few = engine.derive(uniform.subarray(0, 64 * FEW));
  const fewScalars = scalars.subarray(0, SCALAR_BYTES * FEW);
  const many = engine.multiplyFixed(GENERATOR, scalars);
  const elements = engine.encode(many);
  const decoded = engine.decode(elements);
  const none = engine.subtract(decoded, many);
  const products = engine.encodeDoubleWithRoots(engine.multiplyHalf(decoded, scalar(1)));
  const fewWithRoots = engine.encodeWithRoots(few);
  const spoiledRoots = Uint8Array.from(products.roots);
  spoiledRoots.set(fewWithRoots.roots, ELEMENT_BYTES * 100);
  const spoiled = REFUSED.flatMap((encoding, i) => {
    const batch = Uint8Array.from(products.elements);
    batch.set(encoding, ELEMENT_BYTES * (MANY - 1 - 67 * i));
    return [
      refusedIndex(() => engine.decode(batch)) & 0xff,
      refusedIndex(() => engine.decodeWithRoots(batch, products.roots)) & 0xff,
    ];
  });
  // Good roots have to be taken, or else decoding with them is right but slow, and nobody hears of it.
  const taken = [
    engine.areRoots(fewWithRoots.elements, fewWithRoots.roots),
    engine.areRoots(products.elements, products.roots),
    engine.areRoots(products.elements, spoiledRoots),
  ].map(Number);
  const all = join([
    engine.encode(few),
    engine.encodeDouble(engine.multiplyHalf(few, scalar(0))),
    engine.encode(engine.multiplyFixed(engine.encode(few).subarray(0, ELEMENT_BYTES), fewScalars)),
    engine.encode(engine.multiScalarMultiply(few, fewScalars)),
    elements,
    engine.encodeDouble(engine.multiplyHalf(decoded, scalar(1))),
    fewWithRoots.elements,
    fewWithRoots.roots,
    products.elements,
    products.roots,
    engine.encodeDouble(engine.decodeWithRoots(products.elements, products.roots)),
    engine.encodeDouble(engine.decodeWithRoots(products.elements, spoiledRoots)),
    engine.encode(engine.add(decoded, many)),
    engine.encode(engine.multiScalarMultiply(decoded, small)),
    engine.encode(engine.multiScalarMultiply(many, scalars)),
    engine.encode(none),
    engine.encodeDouble(none),
    engine.encodeDouble(engine.multiplyHalf(none, scalar(2))),
    engine.encodeWithRoots(engine.subtract(few, few)).roots,
    engine.encodeDoubleWithRoots(none).roots,
    Uint8Array.from(spoiled),
    Uint8Array.from(taken),
    engine.subtractProduct(scalar(0), scalar(1), scalar(2)),
  ]);
  const digest = engine.sha512Each(LABEL, oneString(all), LABEL).subarray(0, 32);
  return toHex(digest);
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
    const message = `The ${engine.name} engine computes wrong results on this machine; ${REMEDY[engine.name]}.`;
    throw new GroupError('engine_unusable', message, { cause });
  }
}

const REMEDY = {
  wasm: 'use another machine, or set BLINDMATCH_ENGINE=wasm-int',
  'wasm-int': 'use another machine',
  noble: 'use another machine',
};
