import { existsSync } from 'node:fs';
import { fingerprint, generateSigningKey, privateKeyToPem, publicKeyToPem } from '@blindmatch/protocol';
import { CommandError, writePublicFile, writeSecretFile, type Reporter } from '@blindmatch/terminal';

/** `blindmatch keygen`: an official's key pair; the public half goes to the holder. */
export function keygen(path: string, reporter: Reporter): void {
  const publicPath = publicPathOf(path);
  for (const file of [path, publicPath]) {
    if (!existsSync(file)) continue;
    throw new CommandError(
      'eexist',
      `${file} exists already and keys are never overwritten; name another file.`,
    );
  }
  const { privateKey, publicKey } = generateSigningKey();
  writeSecretFile(path, privateKeyToPem(privateKey));
  writePublicFile(publicPath, publicKeyToPem(publicKey));
  const id = fingerprint(publicKey);
  reporter.event(
    'key_made',
    { private_key: path, public_key: publicPath, fingerprint: id },
    `${id}\n\nKeep ${path} to yourself and give ${publicPath} to the holder.`,
  );
}

/** `official.pem` → `official.pub.pem`. */
function publicPathOf(path: string): string {
  return path.endsWith('.pem') ? `${path.slice(0, -'.pem'.length)}.pub.pem` : `${path}.pub.pem`;
}
