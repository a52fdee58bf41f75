/** Code in the order of emission; nested, so that an expression is just the list of its operands and its opcode. */
export type Code = number | readonly Code[];

export type ValueType = 'i32' | 'i64' | 'v128';

/** An expression: code that leaves one value of a type on the stack. It has no effect and may be emitted twice. */
export interface Value<Type extends ValueType> {
  readonly type: Type;
  readonly code: Code;
}

export type I32 = Value<'i32'>;
export type I64 = Value<'i64'>;
export type V128 = Value<'v128'>;

/** A place in memory: an address that is known when the module runs, plus a distance known now. */
export interface Place {
  readonly base: I32;
  readonly offset: number;
}

/** Unsigned LEB128 (WebAssembly core specification, section 5.2.2). */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value === 0 ? low : low | 0x80);
  } while (value !== 0);
  return bytes;
}

/** Signed LEB128 (section 5.2.2). */
function signed(value: bigint): number[] {
  const bytes: number[] = [];
  for (;;) {
    const low = Number(value & 0x7fn);
    value >>= 7n;
    if ((value === 0n && low < 0x40) || (value === -1n && low >= 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

function simd(opcode: number): number[] {
  return [0xfd, ...unsigned(opcode)];
}

function unary<In extends ValueType, Out extends ValueType>(type: Out, opcode: Code) {
  return (a: Value<In>): Value<Out> => ({ type, code: [a.code, opcode] });
}

function binary<In extends ValueType, Out extends ValueType>(type: Out, opcode: Code) {
  return (a: Value<In>, b: Value<In>): Value<Out> => ({ type, code: [a.code, b.code, opcode] });
}

function shift(opcode: number) {
  return (a: V128, bits: number): V128 => ({
    type: 'v128',
    code: [a.code, i32.const(bits).code, simd(opcode)],
  });
}

function load<Type extends ValueType>(type: Type, opcode: Code, alignment: number) {
  return (place: Place): Value<Type> => ({
    type,
    code: [place.base.code, opcode, alignment, unsigned(place.offset)],
  });
}

function store<Type extends ValueType>(opcode: Code, alignment: number) {
  return (place: Place, value: Value<Type>): Code => [
    place.base.code,
    value.code,
    opcode,
    alignment,
    unsigned(place.offset),
  ];
}

/** Loads one of the two 64-bit lanes of a vector and keeps the other. */
function loadLane(place: Place, lane: 0 | 1, vector: V128): V128 {
  return {
    type: 'v128',
    code: [place.base.code, vector.code, simd(0x57), 3, unsigned(place.offset), lane],
  };
}

/** Stores one of the two 64-bit lanes of a vector. */
function storeLane(place: Place, lane: 0 | 1, vector: V128): Code {
  return [place.base.code, vector.code, simd(0x5b), 3, unsigned(place.offset), lane];
}

export const i32 = {
  const: (value: number): I32 => ({ type: 'i32', code: [0x41, signed(BigInt(value))] }),
  add: binary<'i32', 'i32'>('i32', 0x6a),
  sub: binary<'i32', 'i32'>('i32', 0x6b),
  mul: binary<'i32', 'i32'>('i32', 0x6c),
  and: binary<'i32', 'i32'>('i32', 0x71),
  xor: binary<'i32', 'i32'>('i32', 0x73),
  shl: binary<'i32', 'i32'>('i32', 0x74),
  shrS: binary<'i32', 'i32'>('i32', 0x75),
  shrU: binary<'i32', 'i32'>('i32', 0x76),
  eq: binary<'i32', 'i32'>('i32', 0x46),
  load: load('i32', 0x28, 2),
  load8U: load('i32', 0x2d, 0),
  load16S: load('i32', 0x2e, 1),
  store: store<'i32'>(0x36, 2),
  store16: store<'i32'>(0x3b, 1),
  wrap: unary<'i64', 'i32'>('i32', 0xa7),
};

export const i64 = {
  const: (value: bigint): I64 => ({ type: 'i64', code: [0x42, signed(BigInt.asIntN(64, value))] }),
  add: binary<'i64', 'i64'>('i64', 0x7c),
  sub: binary<'i64', 'i64'>('i64', 0x7d),
  mul: binary<'i64', 'i64'>('i64', 0x7e),
  and: binary<'i64', 'i64'>('i64', 0x83),
  or: binary<'i64', 'i64'>('i64', 0x84),
  xor: binary<'i64', 'i64'>('i64', 0x85),
  shl: binary<'i64', 'i64'>('i64', 0x86),
  shrS: binary<'i64', 'i64'>('i64', 0x87),
  shrU: binary<'i64', 'i64'>('i64', 0x88),
  rotr: binary<'i64', 'i64'>('i64', 0x8a),
  eqz: unary<'i64', 'i32'>('i32', 0x50),
  load: load('i64', 0x29, 3),
  load32U: load('i64', 0x35, 2),
  store: store<'i64'>(0x37, 3),
  extendU: unary<'i32', 'i64'>('i64', 0xad),
  extendS: unary<'i32', 'i64'>('i64', 0xac),
};

export const v128 = {
  load: load('v128', simd(0), 4),
  store: store<'v128'>(simd(11), 4),
  /** One 64-bit number of memory in both lanes. */
  load64Splat: load('v128', simd(10), 3),
  /** One 64-bit number of memory in the low lane, zero in the high one. */
  load64Zero: load('v128', simd(0x5d), 3),
  loadLane,
  storeLane,
  and: binary<'v128', 'v128'>('v128', simd(0x4e)),
  or: binary<'v128', 'v128'>('v128', simd(0x50)),
  xor: binary<'v128', 'v128'>('v128', simd(0x51)),
  /** Bits of `yes` where the mask is set, of `no` where it is not. */
  select: (mask: V128, yes: V128, no: V128): V128 => ({
    type: 'v128',
    code: [yes.code, no.code, mask.code, simd(0x52)],
  }),
};

export const i64x2 = {
  splat: unary<'i64', 'v128'>('v128', simd(0x12)),
  replaceHigh: (vector: V128, value: I64): V128 => ({
    type: 'v128',
    code: [vector.code, value.code, simd(0x1e), 1],
  }),
  add: binary<'v128', 'v128'>('v128', simd(0xce)),
  sub: binary<'v128', 'v128'>('v128', simd(0xd1)),
  eq: binary<'v128', 'v128'>('v128', simd(0xd6)),
  shl: shift(0xcb),
  shrU: shift(0xcd),
};

export const f64x2 = {
  add: binary<'v128', 'v128'>('v128', simd(0xf0)),
  sub: binary<'v128', 'v128'>('v128', simd(0xf1)),
  /** a·b + c, rounded once where the processor can: see the self-test. */
  relaxedMadd: (a: V128, b: V128, c: V128): V128 => ({
    type: 'v128',
    code: [a.code, b.code, c.code, simd(0x107)],
  }),
};

/** Copies bytes inside the memory; the areas may not overlap. */
export function memoryCopy(to: I32, from: I32, bytes: I32): Code {
  return [to.code, from.code, bytes.code, 0xfc, 10, 0, 0];
}
