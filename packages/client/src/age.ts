/**
 * Sealing in the age format (X25519 recipients). This is the only module that imports the library, whose types name two of a
 * browser's that Node's have no interface for.
 */

import type { webcrypto } from 'node:crypto';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { isAgeRecipient } from '@blindmatch/protocol';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- only the name is needed, in a declaration of the library
  interface CryptoKey extends webcrypto.CryptoKey {}
  interface AuthenticationExtensionsPRFValues {
    readonly first: unknown;
  }
}

/** A key that opens what is sealed, and the recipient to seal for. */
export interface AgeIdentity {
  /** `AGE-SECRET-KEY-1…`: secret text. */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

/** A new identity from the system's randomness. */
export async function generateAgeIdentity(): Promise<AgeIdentity> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The recipient of an identity. Rejects with a plain error for anything that is no identity. */
export async function recipientOf(identity: string): Promise<string> {
  return await identityToRecipient(identity);
}

/** Whether something can be sealed for `text`. */
export function isRecipient(text: string): boolean {
  if (!isAgeRecipient(text)) return false;
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/** Seals bytes for recipients that `isRecipient` has found to be some. */
export async function sealBytes(recipients: readonly string[], bytes: Uint8Array): Promise<Uint8Array> {
  return await encrypterFor(recipients).encrypt(bytes);
}

/** The same for a stream, with memory independent of its length. */
export async function sealStream(
  recipients: readonly string[],
  plain: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  return await encrypterFor(recipients).encrypt(plain);
}

/**
 * Opens a sealed stream. Rejects, or its stream fails, with a plain error where the identity is not one of its recipients or
 * the stream was changed; what has come by then was not.
 */
export async function unsealStream(
  identity: string,
  sealed: ReadableStream<Uint8Array>,
): Promise<ReadableStream<Uint8Array>> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(sealed);
}

function encrypterFor(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter;
}
