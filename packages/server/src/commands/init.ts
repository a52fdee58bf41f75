import { loadEngine } from '@blindmatch/oprf';
import {
  fingerprint,
  generateSigningKey,
  MAX_ELEMENTS_DEFAULT,
  privateKeyToPem,
  publicKeyToPem,
} from '@blindmatch/protocol';
import { tellEngine, writePublicFile, writeSecretFile, type Reporter } from '@blindmatch/terminal';
import { createHolderDirectory } from '../holder-directory.ts';
import { newPolicyText } from '../policy/new-policy.ts';
import { beginEpoch } from '../set-build.ts';

/** `blindmatchd init`: a new holder's directory with its policy, its identity and the OPRF key of epoch 1. */
export function init(path: string, options: { readonly name: string }, reporter: Reporter): void {
  // It makes a key: where it can't be used, that shows before anything is written.
  tellEngine(loadEngine(), reporter);
  const directory = createHolderDirectory(path);
  const { privateKey, publicKey } = generateSigningKey();
  writeSecretFile(directory.identity, privateKeyToPem(privateKey));
  writePublicFile(directory.publicIdentity, publicKeyToPem(publicKey));
  beginEpoch(directory.epochFiles(1));
  writeSecretFile(directory.policy, newPolicyText(options.name, MAX_ELEMENTS_DEFAULT));
  const id = fingerprint(publicKey);
  reporter.event(
    'initialised',
    { directory: path, name: options.name, fingerprint: id },
    `${id}\n\nThis is the fingerprint of "${options.name}"; requesters name it with --holder. Keep ${path} to yourself.`,
  );
}
