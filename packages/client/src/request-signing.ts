import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { KeyObject } from 'node:crypto';
import { addSignature, encodeEnvelope } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { StoredRequest } from './stored-request.ts';

/**
 * Adds an official's signature to a request, over exactly the manifest that was read and shown; the file is replaced
 * in one step.
 *
 * @returns how many signatures it has now
 * @throws CommandError `request_changed` where the file is another one by now; nothing is signed then
 */
export function signRequest({ files, request, envelopeBytes }: StoredRequest, key: KeyObject): number {
  // Without this, what another official signed meanwhile would be lost.
  if (Buffer.compare(readFileSync(files.manifest), envelopeBytes) !== 0) {
    throw new CommandError(
      'request_changed',
      `${files.manifest} was changed since it was shown, and nothing was signed; look at it again with: blindmatch sign ${files.path} --key official.pem`,
    );
  }
  const signed = addSignature(request.envelope, key);
  const next = `${files.manifest}.${process.pid}.new`;
  try {
    writeFileSync(next, encodeEnvelope(signed), { flag: 'wx', mode: 0o600, flush: true });
    renameSync(next, files.manifest);
  } finally {
    rmSync(next, { force: true });
  }
  return signed.signatures.length;
}
