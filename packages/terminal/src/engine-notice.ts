import type { Reporter } from './reporter.ts';

/** The paragraph on the engine that both programs print below `--help`. */
export const ENGINE_HELP = `Environment: BLINDMATCH_ENGINE=wasm, wasm-int or noble forces an engine (protocol-spec/oprf.md, section 11);
unset, the fastest that works here is taken.`;

/** The engine of a program, as far as its user is told of it. */
export interface EngineToTell {
  readonly engine: { readonly name: string };
  /** Why it is not the fastest one, as a sentence. */
  readonly notice: string | undefined;
}

/**
 * Tells the user when an engine that nobody asked for makes the program slow. A command calls it once, before
 * anything is written or asked, with the engine just loaded: so that one that can't be used ends it there.
 */
export function tellEngine({ engine, notice }: EngineToTell, reporter: Reporter): void {
  if (notice !== undefined) reporter.notice('engine_slower', notice, { engine: engine.name });
}
