import { Assembler } from '../wasm/assembler.ts';

// Neither Node's types nor the language's declare WebAssembly.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: object };
  };
};

export interface Instantiated {
  readonly exports: object;
  /** All of its memory. */
  readonly memory: Uint8Array<ArrayBuffer>;
}

export function instantiateBytes(bytes: Uint8Array): Instantiated {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { memory } = exports as { memory: { buffer: ArrayBuffer } };
  return { exports, memory: new Uint8Array(memory.buffer) };
}

/** A module with just the routines that `add` adds. */
export function moduleWith(add: (assembler: Assembler) => void): Instantiated {
  const assembler = new Assembler();
  add(assembler);
  return instantiateBytes(assembler.assemble());
}
