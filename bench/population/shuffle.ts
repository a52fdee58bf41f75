import type { Random } from './random.ts';

/** Mixes a sequence of unknown length within a window, so that what came together does not stay together. */
export interface Shuffle<T> {
  /** Takes a value, and gives an earlier one back once the window is full. */
  put(value: T): T | undefined;
  /** What is still in the window, in any order; empties it. */
  rest(): T[];
}

/** How many values the window holds. */
const WINDOW = 8_192;

export function makeShuffle<T>(random: Random): Shuffle<T> {
  const window: T[] = [];
  return {
    put: (value) => {
      if (window.length < WINDOW) {
        window.push(value);
        return undefined;
      }
      const at = random.below(WINDOW);
      const given = window[at];
      window[at] = value;
      return given;
    },
    rest: () => {
      for (let place = window.length - 1; place > 0; place--) {
        const at = random.below(place + 1);
        const [one, other] = [window[place], window[at]];
        if (one !== undefined && other !== undefined) [window[place], window[at]] = [other, one];
      }
      return window.splice(0);
    },
  };
}
