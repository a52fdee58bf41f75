/**
 * Reads back the modules that the generator writes (WebAssembly core specification, section 5), as far as its
 * instructions go: anything else is an error, so that nothing is passed over.
 */

/** What an instruction does to the stack, as far as it matters where its values come from. */
export type Instruction =
  | { readonly kind: 'loop' | 'end' }
  | { readonly kind: 'branch'; readonly name: string; readonly depth: number | undefined }
  | { readonly kind: 'call'; readonly callee: number }
  | { readonly kind: 'constant' }
  | { readonly kind: 'get' | 'set' | 'tee'; readonly local: number }
  /** Takes `operands` values and leaves one, or none. */
  | { readonly kind: 'compute'; readonly operands: number; readonly results: 0 | 1 }
  /** Reads memory at the deepest of its operands. */
  | { readonly kind: 'load' | 'store'; readonly operands: number }
  /** To, from, bytes. */
  | { readonly kind: 'copy' };

interface ModuleFunction {
  readonly parameters: number;
  readonly locals: number;
  readonly code: readonly Instruction[];
}

export interface ReadModule {
  readonly functions: readonly ModuleFunction[];
  /** Exported functions, by name. */
  readonly exports: ReadonlyMap<string, number>;
}

/** The bytes of a module from some place on. */
class Cursor {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.#bytes[this.at++];
    if (value === undefined) throw new RangeError('the module ends too early');
    return value;
  }

  /** LEB128 of either kind; a signed number is of no interest here. */
  number(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
  }

  list<Item>(read: () => Item): Item[] {
    return Array.from({ length: this.number() }, read);
  }

  text(): string {
    return String.fromCharCode(...this.list(() => this.byte()));
  }
}

type Read = (cursor: Cursor) => Instruction;

const compute = (operands: number, results: 0 | 1 = 1): Read => {
  return () => ({ kind: 'compute', operands, results });
};
/** An instruction on memory has an alignment and an offset, and some name a lane. */
const access = (kind: 'load' | 'store', operands: number, namesLane = false): Read => {
  return (cursor) => {
    cursor.number();
    cursor.number();
    if (namesLane) cursor.byte();
    return { kind, operands };
  };
};
const withByte = (read: Read): Read => {
  return (cursor) => {
    cursor.byte();
    return read(cursor);
  };
};
const branch = (name: string, read: (cursor: Cursor) => number | undefined): Read => {
  return (cursor) => ({ kind: 'branch', name, depth: read(cursor) });
};

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function table(...rows: readonly (readonly [opcodes: readonly number[], read: Read])[]): Map<number, Read> {
  return new Map(rows.flatMap(([opcodes, read]) => opcodes.map((opcode) => [opcode, read] as const)));
}

/** Divisions and square roots are left out: the time that they take may depend on their operands. */
const PLAIN = table(
  [[0x03], withByte(() => ({ kind: 'loop' }))],
  [[0x0b], () => ({ kind: 'end' })],
  [
    [0x04],
    branch('if', (cursor) => {
      cursor.byte();
      return undefined;
    }),
  ],
  [[0x0c], branch('br', (cursor) => (cursor.number(), undefined))],
  [[0x0d], branch('br_if', (cursor) => cursor.number())],
  [
    [0x0e],
    branch('br_table', (cursor) => {
      cursor.list(() => cursor.number());
      cursor.number();
      return undefined;
    }),
  ],
  [[0x0f], branch('return', () => undefined)],
  [[0x1b], branch('select', () => undefined)],
  [[0x10], (cursor) => ({ kind: 'call', callee: cursor.number() })],
  [[0x1a], compute(1, 0)],
  [[0x20], (cursor) => ({ kind: 'get', local: cursor.number() })],
  [[0x21], (cursor) => ({ kind: 'set', local: cursor.number() })],
  [[0x22], (cursor) => ({ kind: 'tee', local: cursor.number() })],
  [range(0x28, 0x35), access('load', 1)],
  [range(0x36, 0x3e), access('store', 2)],
  [
    [0x41, 0x42],
    (cursor) => {
      cursor.number();
      return { kind: 'constant' };
    },
  ],
  [
    [0x44],
    (cursor) => {
      for (let i = 0; i < 8; i++) cursor.byte();
      return { kind: 'constant' };
    },
  ],
  [[0x45, 0x50], compute(1)],
  [[...range(0x46, 0x4f), ...range(0x51, 0x5a)], compute(2)],
  [[...range(0x67, 0x69), ...range(0x79, 0x7b)], compute(1)],
  [[...range(0x6a, 0x6c), ...range(0x71, 0x78), ...range(0x7c, 0x7e), ...range(0x83, 0x8a)], compute(2)],
  // Conversions that can't trap.
  [[0xa7, 0xac, 0xad, 0xb7, 0xb8, 0xb9, 0xba, 0xbd, 0xbf], compute(1)],
);

const SATURATING_AND_BULK = table(
  [range(0, 7), compute(1)],
  [
    [10],
    (cursor) => {
      cursor.byte();
      cursor.byte();
      return { kind: 'copy' };
    },
  ],
);

const VECTORS = table(
  [[...range(0, 10), 0x5c, 0x5d], access('load', 1)],
  [[11], access('store', 2)],
  [
    [12],
    (cursor) => {
      for (let i = 0; i < 16; i++) cursor.byte();
      return { kind: 'constant' };
    },
  ],
  // Shuffle, with its sixteen places.
  [
    [13],
    (cursor) => {
      for (let i = 0; i < 16; i++) cursor.byte();
      return { kind: 'compute', operands: 2, results: 1 };
    },
  ],
  [range(0x0f, 0x14), compute(1)],
  [[0x1b, 0x1d, 0x1f, 0x21], withByte(compute(1))],
  [[0x1c, 0x1e, 0x20, 0x22], withByte(compute(2))],
  [[...range(0x23, 0x4c), 0x4e, 0x4f, 0x50, 0x51], compute(2)],
  [[0x4d], compute(1)],
  [[0x52], compute(3)],
  [range(0x54, 0x57), access('load', 2, true)],
  [range(0x58, 0x5b), access('store', 2, true)],
  [[0xc0, 0xc1], compute(1)],
  [[0xcb, 0xcc, 0xcd, 0xce, 0xd1, 0xd5, ...range(0xd6, 0xdb), ...range(0xdc, 0xdf)], compute(2)],
  [[0xec, 0xed], compute(1)],
  [[0xf0, 0xf1, 0xf2], compute(2)],
  [[0x107, 0x108], compute(3)],
);

function readInstruction(cursor: Cursor): Instruction {
  const start = cursor.at;
  const first = cursor.byte();
  const opcodes = first === 0xfc ? SATURATING_AND_BULK : first === 0xfd ? VECTORS : PLAIN;
  const opcode = opcodes === PLAIN ? first : cursor.number();
  const read = opcodes.get(opcode);
  if (read === undefined) {
    throw new TypeError(
      `byte ${start}: instruction ${first.toString(16)} ${opcode.toString(16)} is not known`,
    );
  }
  return read(cursor);
}

function readFunction(cursor: Cursor, parameters: number): ModuleFunction {
  const bytes = cursor.number();
  const end = cursor.at + bytes;
  const groups = cursor.list(() => {
    const count = cursor.number();
    cursor.byte();
    return count;
  });
  const code: Instruction[] = [];
  while (cursor.at < end) code.push(readInstruction(cursor));
  return { parameters, locals: parameters + groups.reduce((sum, count) => sum + count, 0), code };
}

/** @throws TypeError for an instruction that the generator had no use for */
export function readModule(bytes: Uint8Array): ReadModule {
  const cursor = new Cursor(bytes, 8);
  let signatures: number[] = [];
  let types: number[] = [];
  let functions: ModuleFunction[] = [];
  const exports = new Map<string, number>();
  while (cursor.at < bytes.length) {
    const id = cursor.byte();
    const end = cursor.number() + cursor.at;
    if (id === 1) {
      signatures = cursor.list(() => {
        cursor.byte();
        const parameters = cursor.list(() => cursor.byte()).length;
        if (cursor.list(() => cursor.byte()).length > 0) throw new TypeError('a function gives nothing');
        return parameters;
      });
    } else if (id === 3) {
      types = cursor.list(() => cursor.number());
    } else if (id === 7) {
      cursor.list(() => {
        const name = cursor.text();
        const isFunction = cursor.byte() === 0;
        const index = cursor.number();
        if (isFunction) exports.set(name, index);
      });
    } else if (id === 10) {
      let index = 0;
      functions = cursor.list(() => readFunction(cursor, signatures[types[index++] ?? -1] ?? 0));
    }
    cursor.at = end;
  }
  return { functions, exports };
}
