import { pino, type DestinationStream } from 'pino';

/** What may wait for a destination that takes nothing; lines beyond it are dropped. */
const UNWRITTEN_BYTES_MAX = 65_536;

/**
 * A destination for the log that never fails its writer: while the descriptor takes nothing (its disk is full, its
 * reader is slow), a bounded number of bytes waits and lines beyond that are dropped.
 *
 * @param onDropped called with the number of lines that were dropped, when the descriptor takes something again
 */
export function droppingDestination(fd: number, onDropped: (lines: number) => void): DestinationStream {
  const destination = pino.destination({
    fd,
    sync: true,
    maxLength: UNWRITTEN_BYTES_MAX,
    // Waiting would hold up every requester.
    retryEAGAIN: () => false,
  });
  let dropped = 0;
  // What could not be written is tried again with the next line.
  destination.on('error', () => undefined);
  destination.on('drop', () => dropped++);
  destination.on('drain', () => {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    onDropped(lines);
  });
  return destination;
}
