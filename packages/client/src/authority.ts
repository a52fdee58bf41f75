import type { Investigator, RequestManifest } from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';

/** Under which authority a request is made, for which use and by whom: what its officials sign for in words. */
export type Authority = Pick<
  RequestManifest,
  'statute' | 'purpose' | 'reason' | 'taxPeriods' | 'attestation'
> & { readonly investigators: readonly Investigator[] };

/**
 * Bytes that an authority may take as JSON: with the other members of a manifest and as many signatures as there can be,
 * in base64, it still fits into an envelope.
 */
export const AUTHORITY_MAX = 45_000;

/**
 * Insists, before any work is done, that the manifest will fit into an envelope.
 *
 * @throws CommandError `authority_too_long`, exit code 2
 */
export function requireFitting(authority: Authority): void {
  if (Buffer.byteLength(JSON.stringify(authority)) <= AUTHORITY_MAX) return;
  throw new CommandError(
    'authority_too_long',
    `What the officials are to sign is longer than ${AUTHORITY_MAX} bytes; name fewer investigators, or shorten their names, the reason or the attestation.`,
    EXIT.usage,
  );
}
