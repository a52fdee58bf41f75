import { i32, type I32 } from './instructions.ts';
import { placeAt, type Assembler } from './assembler.ts';
import type { Place } from './instructions.ts';

/** A pointer into a batch, and the bytes from one block to the next. */
export interface Walk {
  readonly from: I32;
  readonly step: number | I32;
}

/** Runs `body` for each of `blocks` blocks, at least one, with the pointers where that block stands. */
export function forEachBlock(
  assembler: Assembler,
  blocks: I32,
  walks: readonly Walk[],
  body: (...places: Place[]) => void,
): void {
  const pointers = walks.map(({ from }) => {
    const pointer = assembler.local('i32');
    pointer.set(from);
    return pointer;
  });
  assembler.repeat(blocks, () => {
    body(...pointers.map(({ value }) => placeAt(value)));
    pointers.forEach((pointer, i) => {
      const step = walks[i]?.step ?? 0;
      pointer.set(i32.add(pointer.value, typeof step === 'number' ? i32.const(step) : step));
    });
  });
}
