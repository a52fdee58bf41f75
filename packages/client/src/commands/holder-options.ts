import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseFingerprint, type RequestManifest } from '@blindmatch/protocol';
import { CommandError, EXIT, type Reporter } from '@blindmatch/terminal';
import type { HolderAddress } from '../connect.ts';
import { defaultCheckpointDirectory } from '../remembered-checkpoint.ts';
import { parseServerUrl } from '../server-url.ts';

/** Options of every command that talks to a holder. */
export interface HolderOptions {
  readonly server: string;
  readonly holder: string;
  readonly ca?: string;
  readonly checkpoints?: string;
}

/**
 * The address behind the options, checked. Of a holder whose log was not seen before, the user is told so.
 *
 * @throws CommandError `server_invalid`, `tls_needed` and `holder_invalid` (exit code 2), `ca_invalid`
 */
export function holderAddress(options: HolderOptions, reporter: Reporter): HolderAddress {
  const server = parseServerUrl(options.server);
  const holder = parseHolder(options.holder);
  const checkpoints = options.checkpoints ?? defaultCheckpointDirectory();
  const onFirstSeen = (entries: number): void => {
    reporter.notice(
      'log_first_seen',
      `This holder's log is seen here for the first time, with ${entries} entries; from now on it may only grow.`,
      { holder, entries },
    );
  };
  const address = { server, holder, checkpoints, onFirstSeen };
  return options.ca === undefined ? address : { ...address, ca: readTrusted(options.ca) };
}

/**
 * The fingerprint that `--holder` names.
 *
 * @throws CommandError `holder_invalid`, exit code 2
 */
export function parseHolder(text: string): string {
  try {
    return parseFingerprint(text);
  } catch (cause) {
    throw new CommandError(
      'holder_invalid',
      `"${text}" is not a holder's fingerprint; write sha256: and the 64 hexadecimal digits that the holder published.`,
      EXIT.usage,
      { cause },
    );
  }
}

/**
 * Insists that a request is for the holder that `--holder` names, where it names one.
 *
 * @throws CommandError `holder_unexpected`; `holder_invalid`, exit code 2
 */
export function insistOnHolder(holder: string | undefined, manifest: RequestManifest): void {
  if (holder === undefined || parseHolder(holder) === manifest.holder) return;
  throw new CommandError(
    'holder_unexpected',
    `The request was prepared for the holder ${manifest.holder}, not ${holder}; prepare it for this one.`,
  );
}

/** The certificates to trust; a file without one would else be told as a certificate that is not trusted. */
function readTrusted(path: string): string {
  const pem = readFileSync(path, 'utf8');
  try {
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new CommandError(
      'ca_invalid',
      `${path} holds no certificate in PEM; name the certificate of the holder or of its issuer.`,
      undefined,
      { cause },
    );
  }
}
