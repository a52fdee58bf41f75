import { createHmac, randomBytes } from 'node:crypto';
import { CommandError, readSecretFile, writeSecretFile } from '@blindmatch/terminal';

const SEED_TEXT = /^[0-9a-f]{64}\n$/;

/** What keys of a request are derived for, besides its blinds and canary positions. */
export type SubkeyPurpose = 'record-file' | 'progress';

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

/**
 * A key that binds a private file to its request: HMAC-SHA256(seed, "blindmatch.v1/" ‖ purpose), 32 bytes. The caller
 * wipes what it gets.
 */
export function subkey(seed: Uint8Array, purpose: SubkeyPurpose): Buffer {
  return createHmac('sha256', seed).update(`blindmatch.v1/${purpose}`).digest();
}
