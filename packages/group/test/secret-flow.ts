import type { Instruction, ReadModule } from './module-reader.ts';

/**
 * Where a value from memory decides on an address or on a branch. Everything in memory counts as secret, and
 * whatever is computed from it; what is public is parameters and constants, and what is computed from those.
 */
export interface Leak {
  readonly kind: 'address' | 'branch';
  /** The function, and the instruction in it. */
  readonly at: string;
}

interface State {
  /** Whether each local, and each value on the stack, comes from memory. */
  locals: boolean[];
  readonly stack: boolean[];
}

/**
 * Follows an exported function and all that it calls, and gives every leak. A loop is followed until nothing new
 * comes around; the only branch that is no leak is the one back to the start of the innermost loop on a public
 * value.
 */
export function leaksOf(module: ReadModule, name: string): Leak[] {
  const start = module.exports.get(name);
  if (start === undefined) throw new RangeError(`the module does not export ${name}`);
  const leaks = new Map<string, Leak>();
  const followed = new Set<string>();

  const leak = (kind: Leak['kind'], at: string): void => {
    leaks.set(`${kind} ${at}`, { kind, at });
  };

  const followCall = (index: number, secretParameters: readonly boolean[]): void => {
    const key = `${index}(${secretParameters.join()})`;
    if (followed.has(key)) return;
    followed.add(key);
    const called = module.functions[index];
    if (called === undefined) throw new RangeError('a function is missing');
    const locals = Array.from({ length: called.locals }, (_, i) => secretParameters[i] ?? false);
    followBlock(index, called.code, 0, { locals, stack: [] }, undefined);
  };

  /** @returns the index behind the block's end */
  const followBlock = (
    index: number,
    code: readonly Instruction[],
    from: number,
    state: State,
    backEdge: ((locals: readonly boolean[]) => void) | undefined,
  ): number => {
    const pop = (): boolean => {
      const value = state.stack.pop();
      if (value === undefined) throw new RangeError('the stack is empty');
      return value;
    };
    const popAll = (count: number): boolean[] => Array.from({ length: count }, pop).reverse();
    for (let i = from; i < code.length; i++) {
      const instruction = code[i];
      if (instruction === undefined) break;
      const at = `function ${index}, instruction ${i}`;
      switch (instruction.kind) {
        case 'loop':
          i = followLoop(index, code, i + 1, state) - 1;
          break;
        case 'end':
          return i + 1;
        case 'branch':
          if (instruction.name !== 'br_if' || instruction.depth !== 0 || backEdge === undefined) {
            leak('branch', at);
            // What comes after it is not followed: there must be none.
            return code.length;
          }
          if (pop()) leak('branch', at);
          backEdge(state.locals);
          break;
        case 'call':
          followCall(instruction.callee, popAll(module.functions[instruction.callee]?.parameters ?? 0));
          break;
        case 'constant':
          state.stack.push(false);
          break;
        case 'get':
          state.stack.push(state.locals[instruction.local] ?? false);
          break;
        case 'set':
          state.locals[instruction.local] = pop();
          break;
        case 'tee':
          state.locals[instruction.local] = state.stack.at(-1) ?? false;
          break;
        case 'compute': {
          const isSecret = popAll(instruction.operands).includes(true);
          if (instruction.results === 1) state.stack.push(isSecret);
          break;
        }
        case 'load':
        case 'store': {
          const [address] = popAll(instruction.operands);
          if (address === true) leak('address', at);
          if (instruction.kind === 'load') state.stack.push(true);
          break;
        }
        case 'copy':
          if (popAll(3).includes(true)) leak('address', at);
          break;
      }
    }
    return code.length;
  };

  /** Runs a loop's body until its start has seen every way in which it can be entered. */
  const followLoop = (index: number, code: readonly Instruction[], body: number, state: State): number => {
    const entry = [...state.locals];
    for (;;) {
      state.locals = [...entry];
      const before = entry.join();
      const end = followBlock(index, code, body, state, (locals) => {
        locals.forEach((isSecret, i) => {
          entry[i] ||= isSecret;
        });
      });
      if (entry.join() === before) return end;
    }
  };

  const parameters = module.functions[start]?.parameters ?? 0;
  followCall(start, Array<boolean>(parameters).fill(false));
  return [...leaks.values()];
}
