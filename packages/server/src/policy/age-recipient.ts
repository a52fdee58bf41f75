import { isAgeRecipient } from '@blindmatch/protocol';
import { Encrypter } from 'age-encryption';
import type { webcrypto } from 'node:crypto';

// The types of the age package name two that browsers declare globally, and Node does not.
declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface CryptoKey extends webcrypto.CryptoKey {}
  interface AuthenticationExtensionsPRFValues {
    readonly first: ArrayBuffer;
  }
}

/** Whether something can be sealed for the recipient: its form alone does not show a slip of the pen. */
export function isSealable(recipient: string): boolean {
  if (!isAgeRecipient(recipient)) return false;
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}
