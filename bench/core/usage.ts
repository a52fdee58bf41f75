import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Arguments that a command does not have; its message says what it wants. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What the parser found, as one sentence: its own messages are several, or have no end. */
function sentenceOf(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  const quoted = /'([^']*)'/.exec(message)?.[1]?.replace(' <value>', '') ?? '';
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `There is no option ${quoted}; --help has those that there are.`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `The argument "${quoted}" belongs to no option; leave it out, or see --help.`;
    default:
      return `${quoted === '' ? 'An option' : quoted} has no value, or one that it does not take; see --help.`;
  }
}

/** @throws UsageError for an argument that the options do not name */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(sentenceOf(error), { cause: error });
  }
}

/** @throws UsageError for one that is not a whole number from `least` */
export function countOption(text: string, name: string, least: number): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < least) {
    throw new UsageError(`--${name} must be a whole number, at least ${least}.`);
  }
  return count;
}
