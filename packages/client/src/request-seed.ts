import { randomBytes } from 'node:crypto';
import { CommandError, readSecretFile, writeSecretFile } from '@blindmatch/terminal';

const SEED_TEXT = /^[0-9a-f]{64}\n$/;

/** Makes a request's seed, 32 bytes, and keeps it in a new file, 0600. The caller wipes what it gets. */
export function createSeed(path: string): Uint8Array {
  const seed = new Uint8Array(randomBytes(32));
  writeSecretFile(path, `${Buffer.from(seed).toString('hex')}\n`);
  return seed;
}

/**
 * Reads a request's seed. The caller wipes what it gets.
 *
 * @throws CommandError `request_damaged`, `secret_file_open_to_others`
 */
export function readSeed(path: string): Uint8Array {
  const text = readSecretFile(path);
  try {
    if (!SEED_TEXT.test(text.toString('latin1'))) {
      throw new CommandError(
        'request_damaged',
        `${path} is not the seed of a request; prepare the request again.`,
      );
    }
    return new Uint8Array(Buffer.from(text.toString('latin1', 0, 64), 'hex'));
  } finally {
    text.fill(0);
  }
}
