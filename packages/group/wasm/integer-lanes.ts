import { staticPlace, type Assembler } from './assembler.ts';
import { i64, i64x2, v128, type I64, type V128, type Value } from './instructions.ts';

/** One 64-bit number for each lane of a vector: a vector of two, or a single one. */
export type Lanes = Value<'i64' | 'v128'>;

/** 64-bit integers side by side: what a field does between limbs and bytes. */
export interface IntegerLanes {
  constant(value: bigint): Lanes;
  add(a: Lanes, b: Lanes): Lanes;
  subtract(a: Lanes, b: Lanes): Lanes;
  and(a: Lanes, b: Lanes): Lanes;
  or(a: Lanes, b: Lanes): Lanes;
  xor(a: Lanes, b: Lanes): Lanes;
  shiftLeft(a: Lanes, bits: number): Lanes;
  /** Shifts zeros in. */
  shiftRight(a: Lanes, bits: number): Lanes;
  /** All ones in the lanes where both are the same, zero in the others. */
  isEqual(a: Lanes, b: Lanes): Lanes;
}

/** One lane. */
export const singleLane: IntegerLanes = {
  constant: (value) => i64.const(value),
  add: (a, b) => i64.add(asInteger(a), asInteger(b)),
  subtract: (a, b) => i64.sub(asInteger(a), asInteger(b)),
  and: (a, b) => i64.and(asInteger(a), asInteger(b)),
  or: (a, b) => i64.or(asInteger(a), asInteger(b)),
  xor: (a, b) => i64.xor(asInteger(a), asInteger(b)),
  shiftLeft: (a, bits) => i64.shl(asInteger(a), i64.const(BigInt(bits))),
  shiftRight: (a, bits) => i64.shrU(asInteger(a), i64.const(BigInt(bits))),
  isEqual: (a, b) => i64.sub(i64.const(0n), i64.extendU(i64.eqz(i64.xor(asInteger(a), asInteger(b))))),
};

/** Two lanes of a vector. */
export class VectorLanes implements IntegerLanes {
  readonly #assembler: Assembler;
  readonly #constants = new Map<bigint, V128>();

  constructor(assembler: Assembler) {
    this.#assembler = assembler;
  }

  /** From memory: as an immediate, a constant costs two more operations at each use. */
  constant(value: bigint): V128 {
    const bits = BigInt.asIntN(64, value);
    const known = this.#constants.get(bits);
    if (known !== undefined) return known;
    const bytes = new DataView(new ArrayBuffer(16));
    bytes.setBigInt64(0, bits, true);
    bytes.setBigInt64(8, bits, true);
    const vector = v128.load(staticPlace(this.#assembler.place(new Uint8Array(bytes.buffer), 16)));
    this.#constants.set(bits, vector);
    return vector;
  }

  add(a: Lanes, b: Lanes): V128 {
    return i64x2.add(asVector(a), asVector(b));
  }

  subtract(a: Lanes, b: Lanes): V128 {
    return i64x2.sub(asVector(a), asVector(b));
  }

  and(a: Lanes, b: Lanes): V128 {
    return v128.and(asVector(a), asVector(b));
  }

  or(a: Lanes, b: Lanes): V128 {
    return v128.or(asVector(a), asVector(b));
  }

  xor(a: Lanes, b: Lanes): V128 {
    return v128.xor(asVector(a), asVector(b));
  }

  shiftLeft(a: Lanes, bits: number): V128 {
    return i64x2.shl(asVector(a), bits);
  }

  shiftRight(a: Lanes, bits: number): V128 {
    return i64x2.shrU(asVector(a), bits);
  }

  isEqual(a: Lanes, b: Lanes): V128 {
    return i64x2.eq(asVector(a), asVector(b));
  }
}

export function asInteger(value: Lanes): I64 {
  if (value.type !== 'i64') throw new TypeError('this field has one lane');
  return { type: 'i64', code: value.code };
}

export function asVector(value: Lanes): V128 {
  if (value.type !== 'v128') throw new TypeError('this field has vectors of lanes');
  return { type: 'v128', code: value.code };
}
