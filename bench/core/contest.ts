import { Buffer } from 'node:buffer';
import type { Engine } from '@blindmatch/group';
import { checkAgreement } from './agreement.ts';
import type { Candidate } from './alternation.ts';
import { chunkOperations } from './chunk-operations.ts';
import {
  engineCandidates,
  engineResults,
  libsodiumWasmCandidates,
  libsodiumWasmResults,
} from './group-operations.ts';
import { groupInputs, holderKey, type Inputs } from './inputs.ts';
import { startLibsodiumNative } from './libsodium-native.ts';
import { loadLibsodiumWasm } from './libsodium-wasm.ts';
import { OPERATIONS } from './operations.ts';
import { sizesOf, type ChunkOptions, type ContestantName } from './sizes.ts';

/** What takes turns in one run. */
export interface Contest {
  /** In the order of the table. */
  readonly candidates: readonly Candidate[];
  /** Ends what was started for it. */
  readonly close: () => void;
}

/**
 * Make everything ready to be timed, and check before that all engines, and libsodium, get equal results.
 * @param notice told what has to be left out
 * @throws Error when results differ
 */
export async function prepareContest(
  engines: readonly Engine[],
  options: ChunkOptions,
  notice: (text: string) => void,
): Promise<Contest> {
  const libsodium = await loadLibsodiumWasm();
  const inputsFor = (name: ContestantName): Inputs => groupInputs(sizesOf(name, options).batch, libsodium);
  const contestants: ContestantName[] = ['libsodium-native', ...engines.map(({ name }) => name)];
  const batches = contestants.map((name) => sizesOf(name, options).batch);
  const reference = libsodiumWasmResults(libsodium, groupInputs(Math.max(...batches), libsodium));
  const candidates = libsodiumWasmCandidates(libsodium, inputsFor('libsodium-wasm'));

  const tokens = new Map<string, Uint8Array>();
  for (const engine of engines) {
    const inputs = inputsFor(engine.name);
    checkAgreement(engine.name, engineResults(engine, inputs), reference);
    const { chunk: count } = sizesOf(engine.name, options);
    const chunk = await chunkOperations(engine, count, holderKey(libsodium), options.roots);
    tokens.set(engine.name, chunk.tokens);
    candidates.push(...engineCandidates(engine, inputs), ...chunk.candidates);
  }
  checkSameTokens(tokens);

  const native = await startLibsodiumNative(inputsFor('libsodium-native'));
  if (typeof native === 'string') {
    notice(native);
  } else {
    try {
      checkAgreement('libsodium-native', native.results, reference);
    } catch (error) {
      native.close();
      throw error;
    }
    candidates.unshift(...native.candidates);
  }
  return {
    candidates: candidates.sort((a, b) => OPERATIONS.indexOf(a.operation) - OPERATIONS.indexOf(b.operation)),
    close: () => {
      if (typeof native !== 'string') native.close();
    },
  };
}

/** The same match keys have the same tokens whatever the engine; chunks may be of different sizes. */
function checkSameTokens(tokens: ReadonlyMap<string, Uint8Array>): void {
  const [first, ...others] = tokens;
  for (const [engine, bytes] of others) {
    const length = Math.min(bytes.length, first?.[1].length ?? 0);
    if (Buffer.compare(bytes.subarray(0, length), first?.[1].subarray(0, length) ?? bytes) !== 0) {
      throw new Error(`${engine} gives other tokens than ${first?.[0] ?? 'none'}; nothing was timed.`);
    }
  }
}
