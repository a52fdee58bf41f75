import { readFileSync } from 'node:fs';
import { withAccepted } from './accepted-request.ts';
import { accountingFiles, hasAccountingReceipt } from './accounting-files.ts';
import type { HolderAddress } from './connect.ts';
import { keepFile } from './kept-file.ts';
import { keepReceipt } from './stored-receipt.ts';
import type { StoredRequest } from './stored-request.ts';

/**
 * Returns the sealed accounting of a request whose results are written, and keeps the holder's receipt of it; nothing
 * where that is here. Sending the same accounting again changes nothing at the holder.
 *
 * @throws what the connection throws
 */
export async function deliverAccounting(stored: StoredRequest, address: HolderAddress): Promise<void> {
  if (hasAccountingReceipt(stored)) return;
  const { files } = stored;
  const { sealed, receipt } = accountingFiles(files);
  await withAccepted(stored, address, undefined, async (connection) => {
    // The holder takes an accounting after the receipt only, which it gives again.
    keepReceipt(files, (await connection.finish()).envelopeBytes);
    const { envelopeBytes } = await connection.account(new Uint8Array(readFileSync(sealed)));
    keepFile(receipt, envelopeBytes);
  });
}
