import { existsSync } from 'node:fs';
import type { Ledger } from '@blindmatch/ledger';
import { CommandError, quoted } from '@blindmatch/terminal';
import { openHolderDirectory, type HolderDirectory } from '../holder-directory.ts';
import { openHolderLedger, requireLedgerKept } from '../holder-ledger.ts';

/**
 * Runs a command over a holder's ledger, which a daemon may be using meanwhile.
 *
 * @throws CommandError `not_a_holder`; `no_ledger` before the holder's first policy was put in force;
 * `ledger_missing` where its log was begun and is gone
 */
export async function withLedger<Result>(
  path: string,
  act: (ledger: Ledger, directory: HolderDirectory) => Promise<Result>,
): Promise<Result> {
  const directory = openHolderDirectory(path);
  requireLedgerKept(directory);
  if (!existsSync(directory.ledger)) {
    throw new CommandError(
      'no_ledger',
      `${path} has no log yet; it begins when the policy is put in force with: blindmatchd policy reload ${quoted(path)}`,
    );
  }
  const ledger = openHolderLedger(directory);
  try {
    return await act(ledger, directory);
  } finally {
    await ledger.close();
  }
}
