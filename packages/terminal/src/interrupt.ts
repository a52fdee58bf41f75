import { EXIT } from './exit-codes.ts';
import type { Reporter } from './reporter.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Shows the cursor and wraps lines again: what a progress bar changes on a terminal and a sudden end would leave. */
const RESTORE_TERMINAL = '\r\u001b[K\u001b[?25h\u001b[?7h';

/** What is told when the user interrupts. A process has one command, so this module owns what it does. */
let sentence = 'Interrupted; run the same command again to go on.';

/** What is done before the end, such as removing what names people and is of no use; short and synchronous. */
let cleanUp: () => void = () => undefined;

/**
 * Sets what happens when the command is interrupted from now on.
 *
 * @param text what the user is told: what was kept, and how to go on
 * @param before what is done before the end; nothing unless given
 */
export function whenInterrupted(text: string, before: () => void = () => undefined): void {
  sentence = text;
  cleanUp = before;
}

/**
 * Ends the process on a signal with its terminal in order, one sentence and exit code 1. A command that stops in an
 * order of its own uses `nextStopSignal` in place of it.
 */
export function endOnInterrupt(reporter: Reporter): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (process.stderr.isTTY) process.stderr.write(RESTORE_TERMINAL);
      try {
        cleanUp();
      } finally {
        reporter.failure('interrupted', sentence, EXIT.failed);
        process.exit(EXIT.failed);
      }
    });
  }
}

/**
 * The first signal to stop from now on, for a command that then stops by itself; later ones change nothing, since
 * stopping is under way.
 */
export function nextStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      process.removeAllListeners(signal);
      process.on(signal, resolve);
    }
  });
}
