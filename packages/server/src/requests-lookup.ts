import type { KnownRequest, Ledger } from '@blindmatch/ledger';
import { CommandError } from '@blindmatch/terminal';

/**
 * The one request whose id begins with these hexadecimal digits.
 *
 * @throws CommandError `request_unknown`, `request_ambiguous`
 */
export async function findRequest(ledger: Ledger, prefix: string): Promise<KnownRequest> {
  if (prefix.length === 64) {
    const request = await ledger.find(Buffer.from(prefix, 'hex'));
    if (request !== undefined) return request;
  }
  let found: KnownRequest | undefined;
  for await (const request of ledger.requests()) {
    if (!Buffer.from(request.requestId).toString('hex').startsWith(prefix)) continue;
    if (found !== undefined) {
      throw new CommandError(
        'request_ambiguous',
        `The ids of several requests begin with ${prefix}; give more of its digits.`,
      );
    }
    found = request;
  }
  if (found !== undefined) return found;
  throw new CommandError(
    'request_unknown',
    `No request whose id begins with ${prefix} waits or is decided; see: blindmatchd requests list DIR --all`,
  );
}
