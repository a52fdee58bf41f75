/** SHA-256 digests and their text form, `sha256:` and 64 lower-case hexadecimal digits. */

import { createHash } from 'node:crypto';
import { ProtocolError } from './problem.ts';
import type { ProblemCode } from './problem.ts';

const PATTERN = /^sha256:[0-9a-f]{64}$/;

/** SHA-256 of the concatenation of `parts`; 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

/** The text form of a 32-byte digest. */
export function digestText(digest: Uint8Array): string {
  if (digest.length !== 32) throw new RangeError('a digest has 32 bytes');
  return `sha256:${Buffer.from(digest).toString('hex')}`;
}

/** Whether `text` is exactly the text form of a digest. */
export function isDigestText(text: string): boolean {
  return PATTERN.test(text);
}

/** The 32 bytes behind a text form. Throws ProtocolError with `code` when `text` is anything else. */
export function parseDigest(text: string, code: ProblemCode): Uint8Array {
  if (!isDigestText(text)) {
    throw new ProtocolError(code, 'A digest must be sha256: and 64 lower-case hexadecimal digits.');
  }
  return new Uint8Array(Buffer.from(text.slice(7), 'hex'));
}

/** Whether two public byte strings are equal; not for secrets. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
