import {
  i32,
  unsigned,
  type Code,
  type I32,
  type Place,
  type Value,
  type ValueType,
} from './instructions.ts';

const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, v128: 0x7b };
const PAGE_BYTES = 65_536;
/** Constants stand below this address, working memory from here on. */
export const CONSTANTS_END = 16_384;

/** A local variable of the function that is being written. */
export interface Local<Type extends ValueType> {
  readonly value: Value<Type>;
  /** Emits an assignment. */
  set(value: Value<Type>): void;
}

/** A function of the module; its parameters are all 32-bit integers, mostly addresses, and it gives nothing. */
export interface Routine {
  readonly index: number;
  readonly parameters: number;
}

interface Written {
  readonly name: string | undefined;
  readonly parameters: number;
  readonly locals: ValueType[];
  readonly code: Code[];
}

function flatten(code: Code, into: number[]): number[] {
  if (typeof code === 'number') into.push(code);
  else for (const part of code) flatten(part, into);
  return into;
}

function section(id: number, content: Code): number[] {
  const bytes = flatten(content, []);
  return [id, ...unsigned(bytes.length), ...bytes];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function text(characters: string): Code {
  return vector(Array.from({ length: characters.length }, (_, i) => characters.charCodeAt(i)));
}

/**
 * Writes one WebAssembly module (core specification, section 5): functions over one memory, whose layout is
 * handed out here from the bottom up, and exported numbers that tell the host where things are.
 *
 * Expressions (`instructions.ts`) are values; what has an effect is emitted into the function that is being
 * written, which this object owns: bodies are written one after the other, never inside another.
 */
export class Assembler {
  readonly #functions: Written[] = [];
  readonly #data: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  readonly #numbers: { readonly name: string; readonly value: number }[] = [];
  #current: Written | undefined;
  /** The first byte of each part that is not handed out. Zero is left out, so that no address is zero. */
  #freeConstant = 64;
  #free: number = CONSTANTS_END;

  /** Hands out working memory for good. It is zero when the module starts, and what runs may leave anything in it. */
  reserve(bytes: number, alignment = 64): number {
    const address = aligned(this.#free, alignment);
    this.#free = address + bytes;
    return address;
  }

  /** Memory that holds these bytes when the module starts, below all working memory; nothing writes to it. */
  place(bytes: Uint8Array, alignment = 64): number {
    const address = aligned(this.#freeConstant, alignment);
    this.#freeConstant = address + bytes.length;
    if (this.#freeConstant > CONSTANTS_END) throw new RangeError('the constants do not fit');
    this.#data.push({ address, bytes });
    return address;
  }

  /** Tells the host a number, as an exported constant. */
  exportNumber(name: string, value: number): void {
    this.#numbers.push({ name, value });
  }

  /** A number that the host is told. */
  number(name: string): number {
    const found = this.#numbers.find((number) => number.name === name);
    if (found === undefined) throw new RangeError(`no number ${name} has been exported`);
    return found.value;
  }

  /**
   * Writes a function.
   * @param name exported under it; undefined for one that only the module calls
   */
  routine(name: string | undefined, parameters: number, body: (...parameters: I32[]) => void): Routine {
    if (this.#current !== undefined) throw new Error('a function can not be written inside another');
    const written: Written = { name, parameters, locals: [], code: [] };
    this.#current = written;
    body(...Array.from({ length: parameters }, (_, i): I32 => localValue('i32', i)));
    this.#current = undefined;
    this.#functions.push(written);
    return { index: this.#functions.length - 1, parameters };
  }

  get #writing(): Written {
    if (this.#current === undefined) throw new Error('code can only be emitted while a function is written');
    return this.#current;
  }

  emit(...code: readonly Code[]): void {
    this.#writing.code.push(...code);
  }

  local<Type extends ValueType>(type: Type): Local<Type> {
    const index = this.#writing.parameters + this.#writing.locals.length;
    this.#writing.locals.push(type);
    return {
      value: localValue(type, index),
      set: (value) => {
        this.emit(value.code, 0x21, unsigned(index));
      },
    };
  }

  /** Computes a value now and keeps it: the result may be used any number of times. */
  keep<Type extends ValueType>(value: Value<Type>): Value<Type> {
    const local = this.local(value.type);
    local.set(value);
    return local.value;
  }

  call(routine: Routine, ...values: readonly I32[]): void {
    if (values.length !== routine.parameters) throw new Error('a call has the wrong number of parameters');
    this.emit(
      values.map((value) => value.code),
      0x10,
      unsigned(routine.index),
    );
  }

  /**
   * Emits a loop that runs `times` times, at least once. Its count is the only thing that a module branches
   * on, and is always public.
   */
  repeat(times: I32, body: () => void): void {
    const left = this.local('i32');
    left.set(times);
    this.emit(0x03, 0x40);
    body();
    left.set(i32.sub(left.value, i32.const(1)));
    this.emit(left.value.code, 0x0d, 0, 0x0b);
  }

  /** The module's bytes; the same calls give the same bytes. */
  assemble(): Uint8Array<ArrayBuffer> {
    const functions = this.#functions;
    const pages = Math.ceil(this.#free / PAGE_BYTES);
    const signatures = [...new Set(functions.map(({ parameters }) => parameters))];
    const exports: Code[] = [[text('memory'), 2, 0]];
    functions.forEach(({ name }, index) => {
      if (name !== undefined) exports.push([text(name), 0, unsigned(index)]);
    });
    this.#numbers.forEach(({ name }, index) => exports.push([text(name), 3, unsigned(index)]));
    const bodies = functions.map(({ locals, code }) => {
      const body = flatten([vector(locals.map((type) => [1, TYPE_CODE[type]])), code, 0x0b], []);
      return [unsigned(body.length), body];
    });
    const data = this.#data.map(({ address, bytes }) => [
      0,
      i32.const(address).code,
      0x0b,
      vector([...bytes]),
    ]);
    return Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...section(
        1,
        vector(signatures.map((count) => [0x60, vector(Array<Code>(count).fill(TYPE_CODE.i32)), 0])),
      ),
      ...section(3, vector(functions.map(({ parameters }) => unsigned(signatures.indexOf(parameters))))),
      ...section(5, vector([[1, unsigned(pages), unsigned(pages)]])),
      ...section(
        6,
        vector(this.#numbers.map(({ value }) => [TYPE_CODE.i32, 0, i32.const(value).code, 0x0b])),
      ),
      ...section(7, vector(exports)),
      ...section(10, vector(bodies)),
      ...section(11, vector(data)),
    ]);
  }
}

function aligned(address: number, alignment: number): number {
  return Math.ceil(address / alignment) * alignment;
}

function localValue<Type extends ValueType>(type: Type, index: number): Value<Type> {
  return { type, code: [0x20, unsigned(index)] };
}

/** Static places are distances from here: so they need no register. */
const BOTTOM = i32.const(0);

/** A place at an address that is known now. */
export function staticPlace(address: number): Place {
  return { base: BOTTOM, offset: address };
}

/** A place at an address that the running module knows. */
export function placeAt(base: I32): Place {
  return { base, offset: 0 };
}

/** The place some bytes further on. */
export function offsetBy(place: Place, bytes: number): Place {
  return { base: place.base, offset: place.offset + bytes };
}

/** The address of a place, as a value. */
export function addressOf(place: Place): I32 {
  if (place.base === BOTTOM) return i32.const(place.offset);
  return place.offset === 0 ? place.base : i32.add(place.base, i32.const(place.offset));
}
