import { Assembler } from '../wasm/assembler.ts';

// Neither Node's types nor the language's declare WebAssembly.
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object) => { readonly exports: object };
  };
};

/** A module with just the routines that `add` adds, and all of its memory. */
export function moduleWith(add: (assembler: Assembler) => void): {
  exports: object;
  memory: Uint8Array;
} {
  const assembler = new Assembler();
  add(assembler);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembler.assemble()));
  const { memory } = exports as { memory: { buffer: ArrayBuffer } };
  return { exports, memory: new Uint8Array(memory.buffer) };
}
