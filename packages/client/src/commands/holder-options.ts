import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseFingerprint } from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';
import type { HolderAddress } from '../connect.ts';
import { parseServerUrl } from '../server-url.ts';

/** Options of every command that talks to a holder. */
export interface HolderOptions {
  readonly server: string;
  readonly holder: string;
  readonly ca?: string;
}

/**
 * The address behind the options, checked.
 *
 * @throws CommandError `server_invalid`, `tls_needed` and `holder_invalid` (exit code 2), `ca_invalid`
 */
export function holderAddress(options: HolderOptions): HolderAddress {
  const server = parseServerUrl(options.server);
  const holder = parseHolder(options.holder);
  return options.ca === undefined ? { server, holder } : { server, holder, ca: readTrusted(options.ca) };
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
