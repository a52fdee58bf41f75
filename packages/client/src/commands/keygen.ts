import { existsSync } from 'node:fs';
import { fingerprint, generateSigningKey, privateKeyToPem, publicKeyToPem } from '@blindmatch/protocol';
import { CommandError, writePublicFile, writeSecretFile, type Reporter } from '@blindmatch/terminal';
import { generateAgeIdentity } from '../age.ts';
import { identityFileText } from '../age-identity-file.ts';

export interface KeygenOptions {
  /** An age identity, to open sealed evidence or accountings, in place of a signing key. */
  readonly age?: boolean;
}

/** `blindmatch keygen`: a key pair to sign with, or one to open with what is sealed. */
export async function keygen(path: string, options: KeygenOptions, reporter: Reporter): Promise<void> {
  if (options.age === true) await makeAgeIdentity(path, reporter);
  else makeSigningKey(path, reporter);
}

function makeSigningKey(path: string, reporter: Reporter): void {
  const publicPath = publicPathOf(path);
  refuseExisting(path, publicPath);
  const { privateKey, publicKey } = generateSigningKey();
  writeSecretFile(path, privateKeyToPem(privateKey));
  writePublicFile(publicPath, publicKeyToPem(publicKey));
  const id = fingerprint(publicKey);
  reporter.event(
    'key_made',
    { private_key: path, public_key: publicPath, fingerprint: id },
    `${id}\n\nKeep ${path} to yourself and give ${publicPath} to those who are to rely on it, such as the holder.`,
  );
}

async function makeAgeIdentity(path: string, reporter: Reporter): Promise<void> {
  const publicPath = `${path}.pub`;
  refuseExisting(path, publicPath);
  const made = await generateAgeIdentity();
  writeSecretFile(path, identityFileText(made));
  writePublicFile(publicPath, `${made.recipient}\n`);
  reporter.event(
    'identity_made',
    { identity: path, recipient_file: publicPath, recipient: made.recipient },
    `${made.recipient}\n\nKeep ${path} to yourself: whoever has it reads what is sealed for you. Give the line above (${publicPath}) to those who are to seal for you, such as the holder.`,
  );
}

function refuseExisting(...files: readonly string[]): void {
  for (const file of files) {
    if (!existsSync(file)) continue;
    throw new CommandError(
      'eexist',
      `${file} exists already and keys are never overwritten; name another file.`,
    );
  }
}

/** `official.pem` → `official.pub.pem`. */
function publicPathOf(path: string): string {
  return path.endsWith('.pem') ? `${path.slice(0, -'.pem'.length)}.pub.pem` : `${path}.pub.pem`;
}
