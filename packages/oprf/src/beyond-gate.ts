import { GroupError } from '@blindmatch/group';

/**
 * Do work on elements that have passed the gate or were computed here. An element that is refused in it is nobody's
 * but the engine's: it has computed something wrong, or met what has a probability of 2^-128. Only the gate itself
 * may say `element_invalid`, because whoever reads that blames the one who sent the element.
 * @throws Error in place of a GroupError `element_invalid`
 */
export function beyondGate<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof GroupError) || cause.code !== 'element_invalid') throw cause;
    throw new Error(
      'The engine refused an element that it computed itself; look for the cause on this side.',
      {
        cause,
      },
    );
  }
}
