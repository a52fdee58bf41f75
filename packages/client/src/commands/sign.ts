import { fingerprint } from '@blindmatch/protocol';
import { confirm, quoted, readPrivateKey, type Reporter } from '@blindmatch/terminal';
import { openRequestDirectory } from '../request-directory.ts';
import { describeRequest } from '../request-description.ts';
import { signRequest } from '../request-signing.ts';
import { readStoredRequest, type StoredRequest } from '../stored-request.ts';
import { insistOnHolder } from './holder-options.ts';

export interface SignOptions {
  readonly key: string;
  /** The fingerprint of the holder that the request must be for. */
  readonly holder?: string;
  readonly yes?: boolean;
}

/** `blindmatch sign`: an official authorises a request. It is read once; what is shown first is what is signed. */
export async function sign(path: string, options: SignOptions, reporter: Reporter): Promise<void> {
  const stored = readStoredRequest(openRequestDirectory(path));
  insistOnHolder(options.holder, stored.request.manifest);
  const key = readPrivateKey(options.key);
  const { fields, lines } = await describeRequest(stored);
  reporter.event('to_sign', fields, ['To be signed:', ...lines]);
  await confirm({
    // A key does not say whose it is, and a certificate is the same signature by another key.
    question: 'Sign this request as an official (a certifier uses blindmatch certify)?',
    refused: 'Nothing was signed.',
    yes: options.yes === true,
  });
  const signatures = signRequest(stored, key);
  const official = fingerprint(key);
  reporter.event('signed', { ...fields, official, signatures }, [
    `Signed by ${official}.`,
    ...nextSteps(path, stored),
  ]);
}

/** What comes after an official's signature; only the holder knows whose signatures it requires. */
function nextSteps(path: string, { epoch }: StoredRequest): readonly string[] {
  const at = quoted(path);
  const submit = `blindmatch submit ${at} --server URL --out results.csv`;
  const certifiers = epoch.descriptor.evidenceReaders.filter(({ role }) => role === 'certifier');
  if (certifiers.length === 0) return [`Next: ${submit}`];
  const names = certifiers.map(({ name }) => name).join(' or ');
  return [
    `Next, where the holder requires a certifier and none has signed, by ${names}: blindmatch certify ${at} --registry orders.csv --key certifier.pem --identity certifier.age`,
    `Then: ${submit}`,
  ];
}
