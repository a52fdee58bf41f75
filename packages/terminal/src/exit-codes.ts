/** What a program's exit code says; the same for `blindmatch` and `blindmatchd`, documented in their `--help`. */
export const EXIT = {
  /** It did what was asked. */
  done: 0,
  /** It was refused, or could not be done. */
  failed: 1,
  /** The command line was wrong. */
  usage: 2,
  /** The other side could not be reached, or went away. */
  network: 3,
  /** The request waits for somebody's approval at the holder; the same command goes on with it later. */
  waiting: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The paragraph that both programs print below `--help`. */
export const EXIT_CODE_HELP =
  "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the network, 4 waits for the holder's approval.";
