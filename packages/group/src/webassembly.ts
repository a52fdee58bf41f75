import { GroupError } from './errors.ts';

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

/** A module of one function that does nothing but `f64x2.relaxed_madd`: valid just where that is known. */
const RELAXED_MADD = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b],
  ...[3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x87, 2, 0x0b],
);

/**
 * Compiles the module of an engine; undefined where this machine does not know all of its instructions.
 * @throws GroupError `engine_unusable` for bytes that are no module though they should be
 */
export function compileModule(
  name: 'wasm' | 'wasm-int',
  bytes: Uint8Array<ArrayBuffer>,
): CompiledModule | undefined {
  if (webAssembly === undefined) return undefined;
  if (webAssembly.validate(bytes)) return new webAssembly.Module(bytes);
  if (name === 'wasm' && !webAssembly.validate(RELAXED_MADD)) return undefined;
  throw new GroupError(
    'engine_unusable',
    `The module of the ${name} engine is damaged; build or install it again.`,
  );
}

/** What an instance of its own of a module exports. */
export function instantiateModule(module: CompiledModule): object {
  if (webAssembly === undefined) throw new TypeError('a module was compiled, so there is WebAssembly');
  return new webAssembly.Instance(module).exports;
}
