import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  readPrivateKey,
  readPublicKey,
  readSecretFile,
  writePublicFile,
  writeSecretFile,
} from '../src/key-files.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keys-'));
  path = join(directory, 'key.pem');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const withCode = (code: string): Error => expect.objectContaining({ code }) as Error;
const pair = generateKeyPairSync('ed25519');
const privatePem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
const publicPem = pair.publicKey.export({ type: 'spki', format: 'pem' });

describe('a secret file', () => {
  it('is written for its owner only', () => {
    writeSecretFile(path, 'secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readSecretFile(path).toString()).toBe('secret');
  });

  it('is never overwritten', () => {
    writeSecretFile(path, 'first');
    expect(() => {
      writeSecretFile(path, 'second');
    }).toThrow(withCode('EEXIST'));
    expect(readFileSync(path, 'utf8')).toBe('first');
  });

  it.each([0o640, 0o604, 0o620, 0o601])('is refused with mode %o', (mode) => {
    writeSecretFile(path, 'secret');
    chmodSync(path, mode);
    expect(() => readSecretFile(path)).toThrow(withCode('secret_file_open_to_others'));
  });

  it('is accepted with mode 0400', () => {
    writeSecretFile(path, 'secret');
    chmodSync(path, 0o400);
    expect(readSecretFile(path).toString()).toBe('secret');
  });

  it('is not a directory', () => {
    expect(() => readSecretFile(directory)).toThrow(withCode('not_a_file'));
  });

  it('is small', () => {
    writeSecretFile(path, new Uint8Array(70_000));
    expect(() => readSecretFile(path)).toThrow(withCode('file_too_large'));
  });
});

describe('a file that could not be written', () => {
  it('is named, and leaves nothing in the way of the next try', () => {
    // A buffer that can't be written makes the write fail after the file was made.
    const unwritable = { length: 1 } as Uint8Array;
    expect(() => {
      writeSecretFile(path, unwritable);
    }).toThrow(expect.objectContaining({ path }) as Error);
    writeSecretFile(path, 'second try');
    expect(readSecretFile(path).toString()).toBe('second try');
  });
});

describe('an Ed25519 key file', () => {
  it('gives the private key', () => {
    writeSecretFile(path, privatePem);
    expect(readPrivateKey(path).equals(pair.privateKey)).toBe(true);
  });

  it('gives the public key', () => {
    writePublicFile(path, publicPem);
    expect(readPublicKey(path).equals(pair.publicKey)).toBe(true);
  });

  it('refuses a private key where the public one is asked for', () => {
    writeSecretFile(path, privatePem);
    expect(() => readPublicKey(path)).toThrow(withCode('key_invalid'));
  });

  it('refuses a public key where the private one is asked for, whatever its mode', () => {
    writePublicFile(path, publicPem);
    expect(() => readPrivateKey(path)).toThrow(withCode('key_invalid'));
  });

  it('refuses a key of another kind', () => {
    const x25519 = generateKeyPairSync('x25519');
    writeSecretFile(path, x25519.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => readPrivateKey(path)).toThrow(withCode('key_invalid'));
  });

  it('refuses anything that is no PEM', () => {
    writeFileSync(path, 'hello', { mode: 0o600 });
    expect(() => readPrivateKey(path)).toThrow(withCode('key_invalid'));
  });
});
