/** A compiled module; it can be handed to other threads, which share its code. */
export interface CompiledModule {
  readonly [COMPILED]: never;
}
declare const COMPILED: unique symbol;

/** The part of the WebAssembly JavaScript interface that is used here; Node's types leave it to those of browsers. */
interface WebAssemblyInterface {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => CompiledModule;
  readonly Instance: new (module: CompiledModule) => { readonly exports: object };
}

/** Undefined where there is no WebAssembly at all, as in `node --jitless`. */
const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly?: WebAssemblyInterface };

/** Compiles a module; undefined where its instructions are not all known. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): CompiledModule | undefined {
  return webAssembly?.validate(bytes) === true ? new webAssembly.Module(bytes) : undefined;
}

/** What an instance of its own of a module exports. */
export function instantiateModule(module: CompiledModule): object {
  if (webAssembly === undefined) throw new TypeError('a module was compiled, so there is WebAssembly');
  return new webAssembly.Instance(module).exports;
}
