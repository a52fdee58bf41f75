import { fingerprint } from '@blindmatch/protocol';
import { readPrivateKey, type Reporter } from '@blindmatch/terminal';
import { openRequestDirectory } from '../request-directory.ts';
import { signRequest } from '../request-signing.ts';
import { readStoredRequest } from '../stored-request.ts';
import { insistOnHolder } from './holder-options.ts';

export interface SignOptions {
  readonly key: string;
  /** The fingerprint of the holder that the request must be for. */
  readonly holder?: string;
}

/** `blindmatch sign`: an official authorises a request. It is read once; what is shown first is what is signed. */
export function sign(path: string, options: SignOptions, reporter: Reporter): void {
  const stored = readStoredRequest(openRequestDirectory(path));
  const { manifest } = stored.request;
  const { holder, epoch } = stored.epoch.descriptor;
  insistOnHolder(options.holder, manifest);
  const shown = {
    request: path,
    records: manifest.records,
    elements: manifest.elements,
    statute: manifest.statute,
    reason: manifest.reason,
    holder: holder.name,
    holder_fingerprint: manifest.holder,
    epoch,
    created: manifest.created.toISOString(),
    expires: manifest.expires.toISOString(),
  };
  reporter.event('to_sign', shown, [
    `${shown.records} records (${shown.elements} elements) to ${shown.holder}, epoch ${shown.epoch}`,
    `  holder   ${shown.holder_fingerprint}`,
    `  statute  ${shown.statute}`,
    `  reason   ${shown.reason}`,
    `  made     ${shown.created}`,
    `  expires  ${shown.expires}`,
  ]);
  const key = readPrivateKey(options.key);
  const signatures = signRequest(stored, key);
  const official = fingerprint(key);
  reporter.event('signed', { ...shown, official, signatures }, [
    `Signed by ${official}.`,
    `Next: blindmatch submit ${path} --server URL --out results.csv`,
  ]);
}
