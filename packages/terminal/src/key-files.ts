import type { KeyObject } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { privateKeyFromPem, ProtocolError, publicKeyFromPem } from '@blindmatch/protocol';
import { CommandError } from './command-error.ts';
import { quoted } from './quoting.ts';

/** A key or a seed is small; anything larger was named by mistake. */
const MAX_KEY_FILE_BYTES = 65_536;

/**
 * Reads a secret file, which must be a regular file that only its owner can read (mode 0600 or stricter).
 *
 * @throws CommandError `secret_file_open_to_others`, `not_a_file`, `file_too_large`
 */
export function readSecretFile(path: string): Buffer {
  const { bytes, mode } = readSmallFile(path);
  refuseOpenToOthers(path, mode);
  return bytes;
}

/**
 * Writes a new secret file with mode 0600 and forces it to the disk; an existing file is never overwritten.
 *
 * @throws CommandError `eexist` by way of the operating system's error
 */
export function writeSecretFile(path: string, contents: string | Uint8Array): void {
  writeNewFile(path, contents, 0o600);
}

/** Writes a new file that anyone may read and forces it to the disk; an existing file is never overwritten. */
export function writePublicFile(path: string, contents: string | Uint8Array): void {
  writeNewFile(path, contents, 0o644);
}

/**
 * Reads an Ed25519 private key (PKCS#8 PEM) from a secret file.
 *
 * @throws CommandError `key_invalid` for anything else, `secret_file_open_to_others`
 */
export function readPrivateKey(path: string): KeyObject {
  const { bytes: pem, mode } = readSmallFile(path);
  // Before its mode: a public key is open to others rightly, and is just the wrong file.
  if (pem.includes('BEGIN PUBLIC KEY')) {
    throw new CommandError(
      'key_invalid',
      `${path} holds a public key; name the private one that belongs to it.`,
    );
  }
  refuseOpenToOthers(path, mode);
  try {
    return parse(path, pem, privateKeyFromPem);
  } finally {
    pem.fill(0);
  }
}

/**
 * Reads an Ed25519 public key (SPKI PEM).
 *
 * @throws CommandError `key_invalid` for anything else; a private key in its place is refused by name
 */
export function readPublicKey(path: string): KeyObject {
  const { bytes: pem } = readSmallFile(path);
  if (pem.includes('PRIVATE KEY')) {
    throw new CommandError(
      'key_invalid',
      `${path} holds a private key, which must stay with its owner; name the .pub.pem file.`,
    );
  }
  return parse(path, pem, publicKeyFromPem);
}

function parse(path: string, pem: Buffer, fromPem: (pem: string) => KeyObject): KeyObject {
  try {
    return fromPem(pem.toString('latin1'));
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new CommandError(
      'key_invalid',
      `${path} can't be used: ${cause.message.charAt(0).toLowerCase()}${cause.message.slice(1)} Make one with: blindmatch keygen official.pem`,
      undefined,
      { cause },
    );
  }
}

function refuseOpenToOthers(path: string, mode: number): void {
  if ((mode & 0o077) === 0) return;
  throw new CommandError(
    'secret_file_open_to_others',
    `${path} can be read by others than its owner, so it is no secret; run: chmod 600 ${quoted(path)}`,
  );
}

function readSmallFile(path: string): { readonly bytes: Buffer; readonly mode: number } {
  // The mode is read from the open file, so that it can't be swapped between the check and the reading.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { mode, size } = checkRegularFile(path, fstatSync(file));
    if (size > MAX_KEY_FILE_BYTES) {
      throw new CommandError('file_too_large', `${path} is far too large to be a key; check the path.`);
    }
    return { bytes: readFileSync(file), mode };
  } finally {
    closeSync(file);
  }
}

function checkRegularFile(path: string, status: Stats): Stats {
  if (status.isFile()) return status;
  throw new CommandError('not_a_file', `${path} is not a file; name the file itself.`);
}

function writeNewFile(path: string, contents: string | Uint8Array, mode: number): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    const bytes = typeof contents === 'string' ? Buffer.from(contents) : contents;
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } catch (error) {
    // What is half written would stand in the way of the next try. Errors of an open file don't name it.
    rmSync(path, { force: true });
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  } finally {
    closeSync(file);
  }
}
