interface WebAssemblyGlobal {
  Instance: new (module: object) => { readonly exports: object };
}

/**
 * What the last WebAssembly instance exports that is made while `make` runs: a look into the memory that an engine
 * keeps to itself.
 */
export function withInstance<Made>(make: () => Made): { readonly made: Made; readonly exports: object } {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyGlobal };
  const { Instance } = WebAssembly;
  let exports: object | undefined;
  WebAssembly.Instance = class extends Instance {
    constructor(module: object) {
      super(module);
      exports = this.exports;
    }
  };
  try {
    const made = make();
    if (exports === undefined) throw new Error('no instance was made');
    return { made, exports };
  } finally {
    WebAssembly.Instance = Instance;
  }
}
