import { digestText } from '@blindmatch/protocol';
import { CommandError, writeSecretFile, type Reporter } from '@blindmatch/terminal';
import { findRequest } from '../../requests-lookup.ts';
import { withLedger } from '../with-ledger.ts';

export interface AccountingOptions {
  readonly output: string;
}

/** `blindmatchd requests accounting`: the sealed accounting of a request, as it came, for the inspector who can open it. */
export async function accounting(
  path: string,
  prefix: string,
  { output }: AccountingOptions,
  reporter: Reporter,
): Promise<void> {
  await withLedger(path, async (ledger) => {
    const { requestId } = await findRequest(ledger, prefix);
    const sealed = await ledger.sealedAccounting(requestId);
    if (sealed === undefined) {
      throw new CommandError(
        'accounting_missing',
        'No accounting of this request has come; ask the requester to submit it again with --inspector.',
      );
    }
    writeSecretFile(output, sealed);
    reporter.event(
      'accounting_written',
      { request: digestText(requestId), bytes: sealed.length },
      `The sealed accounting (${sealed.length} bytes) is in ${output}; only the inspector can open it.`,
    );
  });
}
