import { CommandError, readSecretFile, writeSecretFile } from '@blindmatch/terminal';
import { publishFile } from './publish-file.ts';

/** 32 bytes in hex and a line feed: the scalar as RFC 9497 serialises it. */
const KEY_TEXT = /^[0-9a-f]{64}\n$/;

/** Writes an epoch's OPRF key to a new file, 0600, which is whole or not there; the key is never overwritten. */
export function writeOprfKey(path: string, key: Uint8Array): void {
  publishFile(path, (temporary) => {
    writeSecretFile(temporary, `${Buffer.from(key).toString('hex')}\n`);
  });
}

/**
 * Reads an epoch's OPRF key, 32 bytes; the caller wipes it when done.
 *
 * @throws CommandError `secret_file_open_to_others`; `oprf_key_invalid` for anything but a key file
 */
export function readOprfKey(path: string): Uint8Array {
  const text = readSecretFile(path);
  try {
    if (!KEY_TEXT.test(text.toString('latin1'))) {
      throw new CommandError(
        'oprf_key_invalid',
        `${path} is not an OPRF key; restore it from a backup, or build a new epoch.`,
      );
    }
    return new Uint8Array(Buffer.from(text.toString('latin1', 0, 64), 'hex'));
  } finally {
    text.fill(0);
  }
}
