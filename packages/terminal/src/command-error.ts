import { PROBLEMS, ProtocolError } from '@blindmatch/protocol';
import { EXIT, type ExitCode } from './exit-codes.ts';

/**
 * Why a command ended without doing what was asked, as its user sees it: one plain sentence that says what to do.
 * `code` is stable and printed with `--json`; `exit` is the program's exit code.
 */
export class CommandError extends Error {
  readonly code: string;
  readonly exit: ExitCode;

  constructor(code: string, sentence: string, exit: ExitCode = EXIT.failed, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'CommandError';
    this.code = code;
    this.exit = exit;
  }
}

const systemSentences: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist; check the path',
  EACCES: 'may not be opened by this user; change its owner or its permissions',
  EPERM: 'may not be changed by this user; change its owner or its permissions',
  EISDIR: 'is a directory; name a file',
  ENOTDIR: 'lies below something that is not a directory; check the path',
  EEXIST: 'exists already; name another path or move it away first',
  ENOTEMPTY: 'is not empty; name another path or move it away first',
  ENOSPC: 'could not be written because the disk is full; free some space and run the command again',
  EROFS: 'lies on a read-only file system; name another path',
  EMFILE: 'could not be opened because too many files are open; raise the limit (ulimit -n)',
};

/**
 * The sentence for an error of the operating system about a path, or undefined where it is none.
 *
 * @param error anything that was thrown
 */
export function systemErrorSentence(error: unknown): { code: string; sentence: string } | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  const what = systemSentences[error.code];
  if (what === undefined) return undefined;
  return { code: error.code.toLowerCase(), sentence: `${path ?? 'A file that is needed'} ${what}.` };
}

/** An error of one of our packages: a sentence for the user and a stable code. */
type CodedError = Error & { readonly code: string };

/**
 * Tells an error of a package to the user as it stands: its message is a sentence that says what to do. A problem of
 * the exchange has an exit code of its own (protocol-spec/problem-codes.md).
 *
 * @param classes the error classes of the packages that a program uses, besides ProtocolError
 */
export function explainPackages(
  classes: readonly (abstract new (...args: never[]) => CodedError)[],
): (error: unknown) => CommandError | undefined {
  return (error) => {
    if (error instanceof ProtocolError) {
      return new CommandError(error.code, error.message, PROBLEMS[error.code].exit, { cause: error });
    }
    if (!classes.some((known) => error instanceof known)) return undefined;
    const { code, message } = error as CodedError;
    // The engine is asked for by whoever runs the program, like an option.
    const exit = code === 'engine_unusable' ? EXIT.usage : EXIT.failed;
    return new CommandError(code, message, exit, { cause: error });
  };
}
