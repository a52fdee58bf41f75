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

/** Whether an engine's timing gives secrets away, so that whoever runs a program with it has to be warned. */
export function isForTestsOnly({ name }: EngineToTell['engine']): boolean {
  return name === 'noble';
}

/**
 * Tells the user when an engine that nobody asked for makes the program slow, and when the engine is for tests only.
 * A command calls it once, before anything is written or asked, with the engine just loaded: so that one that can't
 * be used ends it there.
 */
export function tellEngine({ engine, notice }: EngineToTell, reporter: Reporter): void {
  if (isForTestsOnly(engine)) {
    const sentence = `The engine ${engine.name} is for tests only, because its timing gives secrets away; unset BLINDMATCH_ENGINE.`;
    reporter.notice('engine_for_tests', sentence, { engine: engine.name });
  }
  if (notice !== undefined) reporter.notice('engine_slower', notice, { engine: engine.name });
}
