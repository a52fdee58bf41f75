import { CommandError, readSecretFile } from '@blindmatch/terminal';
import { recipientOf, type AgeIdentity } from './age.ts';

const IDENTITY = /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/;

/** The text of an identity file, as age itself writes it: secret. */
export function identityFileText({ identity, recipient }: AgeIdentity): string {
  return `# public key: ${recipient}\n${identity}\n`;
}

/**
 * Reads an age identity (X25519) from a secret file, in which empty lines and those that begin with # say nothing.
 *
 * @throws CommandError `identity_invalid` for anything else, `secret_file_open_to_others`
 */
export async function readAgeIdentity(path: string): Promise<AgeIdentity> {
  const bytes = readSecretFile(path);
  try {
    const lines = bytes.toString('latin1').split(/\r?\n/);
    const [identity, ...others] = lines.filter((line) => line !== '' && !line.startsWith('#'));
    if (identity === undefined || others.length > 0 || !IDENTITY.test(identity)) throw notAnIdentity(path);
    return { identity, recipient: await recipientOf(identity) };
  } catch (cause) {
    throw cause instanceof CommandError ? cause : notAnIdentity(path);
  } finally {
    bytes.fill(0);
  }
}

function notAnIdentity(path: string): CommandError {
  return new CommandError(
    'identity_invalid',
    `${path} is not the file of one age identity for X25519; make one with: blindmatch keygen auditor.age --age`,
  );
}
