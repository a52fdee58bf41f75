import { Buffer } from 'node:buffer';
import type { Engine } from '@blindmatch/group';
import type { Results } from './agreement.ts';
import { timed, type Candidate } from './alternation.ts';
import type { Inputs } from './inputs.ts';
import type { LibsodiumWasm } from './libsodium-wasm.ts';
import type { Operation } from './operations.ts';

/** The generator's encoding (RFC 9496, appendix A.1). */
const GENERATOR: Uint8Array = Buffer.from(
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  'hex',
);

/** Decode, multiply by one scalar, encode: what a holder does to a chunk, and a call of libsodium to an element. */
export function evaluate(engine: Engine, key: Uint8Array, elements: Uint8Array): Uint8Array {
  return engine.encodeDouble(engine.multiplyHalf(engine.decode(elements), key));
}

export function engineResults(engine: Engine, { key, elements, uniform, scalars }: Inputs): Results {
  return {
    evaluate: evaluate(engine, key, elements),
    hashToGroup: engine.encode(engine.derive(uniform)),
    fixedBase: engine.encode(engine.multiplyFixed(GENERATOR, scalars)),
  };
}

/** The operations of the group over one engine. The last two end in points, as a request uses them. */
export function engineCandidates(engine: Engine, inputs: Inputs): Candidate[] {
  const { key, elements, uniform, scalars, count } = inputs;
  const points = engine.decode(elements);
  const work: [Operation, () => unknown][] = [
    ['decode', () => engine.decode(elements)],
    ['multiply', () => engine.multiplyHalf(points, key)],
    ['encode', () => engine.encodeDouble(points)],
    ['evaluate', () => evaluate(engine, key, elements)],
    ['hashToGroup', () => engine.derive(uniform)],
    ['fixedBase', () => engine.multiplyFixed(GENERATOR, scalars)],
  ];
  return work.map(([operation, call]) => ({
    operation,
    engine: engine.name,
    batch: count,
    elapsed: timed(call),
  }));
}

export function libsodiumWasmResults(libsodium: LibsodiumWasm, inputs: Inputs): Results {
  return {
    evaluate: libsodium.evaluate(inputs.key, inputs.elements),
    hashToGroup: libsodium.hashToGroup(inputs.uniform),
    fixedBase: libsodium.fixedBase(inputs.scalars),
  };
}

/** What can be compared of libsodium: each call ends in encoded elements. */
export function libsodiumWasmCandidates(libsodium: LibsodiumWasm, inputs: Inputs): Candidate[] {
  const work: [Operation, () => unknown][] = [
    ['evaluate', () => libsodium.evaluate(inputs.key, inputs.elements)],
    ['hashToGroup', () => libsodium.hashToGroup(inputs.uniform)],
    ['fixedBase', () => libsodium.fixedBase(inputs.scalars)],
  ];
  return work.map(([operation, call]) => ({
    operation,
    engine: 'libsodium-wasm',
    batch: inputs.count,
    elapsed: timed(call),
  }));
}
