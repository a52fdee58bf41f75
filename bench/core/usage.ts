import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Arguments that a command does not have; its message says what it wants. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for an argument that the options do not name */
export function parseArguments<const Options extends NonNullable<ParseArgsConfig['options']>>(
  argv: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options }>>['values'] {
  try {
    return parseArgs({ args: [...argv], options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
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
