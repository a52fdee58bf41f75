import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { addSignature, encodeEnvelope, openRequest } from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { RequestDirectory } from './request-directory.ts';

/**
 * Adds an official's signature over the exact manifest to a request; the file is replaced in one step.
 *
 * @returns how many signatures it has now
 * @throws ProtocolError `manifest_malformed`
 */
export function signRequest(files: RequestDirectory, key: KeyObject): number {
  const { envelope } = openRequest(readFileSync(files.manifest));
  const signed = addSignature(envelope, key);
  const next = `${files.manifest}.${process.pid}.new`;
  try {
    writeFileSync(next, encodeEnvelope(signed), { flag: 'wx', mode: 0o600, flush: true });
    renameSync(next, files.manifest);
  } finally {
    rmSync(next, { force: true });
  }
  return signed.signatures.length;
}
