import { readFileSync } from 'node:fs';
import { CommandError } from './command-error.ts';

/** A settings file is small; anything larger was named by mistake. */
const MAX_BYTES = 1 << 20;

/**
 * Reads a small text file that the user named. Errors of the operating system get the path, which reading a directory
 * does not give by itself.
 *
 * @throws CommandError `file_too_large`
 */
export function readTextFile(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length <= MAX_BYTES) return text;
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
  throw new CommandError('file_too_large', `${path} is far too large for this; check the path.`);
}
