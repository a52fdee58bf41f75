import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/**
 * A destination for the log that never fails or holds up its writer: a line that the descriptor does not take (its
 * disk is full, its reader is slow or gone) is dropped. What waits is at most the rest of one line. pino's own
 * destination throws, waits or, once its buffer is full, never writes again.
 *
 * @param onDropped called with the number of lines that were dropped, when the descriptor takes something again
 */
export function droppingDestination(fd: number, onDropped: (lines: number) => void): DestinationStream {
  let dropped = 0;
  /** Of a line that was taken in part: it must be whole before the next begins. */
  let rest: Uint8Array = new Uint8Array(0);
  return {
    write(line) {
      rest = put(fd, rest);
      const bytes = Buffer.from(line);
      const left = rest.length > 0 ? bytes : put(fd, bytes);
      if (left.length === bytes.length) {
        dropped++;
        return;
      }
      rest = left;
      if (dropped === 0) return;
      const lines = dropped;
      dropped = 0;
      // Not from within the logger's own writing.
      queueMicrotask(() => {
        onDropped(lines);
      });
    },
  };
}

/** Writes what the descriptor takes, and gives the rest. */
function put(fd: number, bytes: Uint8Array): Uint8Array {
  let done = 0;
  try {
    while (done < bytes.length) done += writeSync(fd, bytes, done);
  } catch {
    // Where would it be said?
  }
  return bytes.subarray(done);
}
