import { fingerprint } from '@blindmatch/protocol';
import { readPrivateKey, type Reporter } from '@blindmatch/terminal';
import { openRequestDirectory } from '../request-directory.ts';
import { signRequest } from '../request-signing.ts';
import { readStoredRequest } from '../submit.ts';

/** `blindmatch sign`: an official authorises a request; shows what is signed. */
export function sign(path: string, options: { readonly key: string }, reporter: Reporter): void {
  const files = openRequestDirectory(path);
  const { request, epoch } = readStoredRequest(files);
  const { manifest } = request;
  const key = readPrivateKey(options.key);
  const signatures = signRequest(files, key);
  const official = fingerprint(key);
  reporter.event(
    'signed',
    {
      request: path,
      official,
      signatures,
      records: manifest.records,
      elements: manifest.elements,
      statute: manifest.statute,
      reason: manifest.reason,
      holder: epoch.descriptor.holder.name,
      epoch: epoch.descriptor.epoch,
      expires: manifest.expires.toISOString(),
    },
    `Signed by ${official}:
  ${manifest.records} records (${manifest.elements} elements) to ${epoch.descriptor.holder.name}, epoch ${epoch.descriptor.epoch}
  statute  ${manifest.statute}
  reason   ${manifest.reason}
  made     ${manifest.created.toISOString()}
  expires  ${manifest.expires.toISOString()}
Next: blindmatch submit ${path} --server URL --out results.csv`,
  );
}
