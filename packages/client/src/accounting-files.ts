import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccountingReceipt, ProtocolError } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { sealBytes } from './age.ts';
import type { MatchedRecords } from './accounting.ts';
import { keepFile } from './kept-file.ts';
import type { RequestDirectory } from './request-directory.ts';
import type { StoredRequest } from './stored-request.ts';

/** Where a request's accounting lies. */
export interface AccountingFiles {
  /** The accounting, sealed for the holder's inspector; made once, so that whoever gets it again gets the same bytes. */
  readonly sealed: string;
  /** The holder's signed receipt of it. */
  readonly receipt: string;
}

/** Names the accounting's files of a request. */
export function accountingFiles(files: RequestDirectory): AccountingFiles {
  return {
    sealed: join(files.private.path, 'accounting.age'),
    receipt: join(files.path, 'accounting-receipt.dsse.json'),
  };
}

/**
 * Insists that `inspector`, which the user has from the inspector, is whom the holder names: a holder could name a key of
 * its own to learn which records matched.
 *
 * @throws CommandError `inspector_unexpected`
 */
export function insistOnInspector(inspector: string | undefined, named: Inspector | null): void {
  if (inspector === undefined || inspector === named?.recipient) return;
  throw new CommandError(
    'inspector_unexpected',
    named === null
      ? 'The holder takes no accounting of matches in this epoch; leave --inspector out.'
      : `The holder names ${named.recipient} (${named.name}) as its inspector, not ${inspector}; nothing was sent. Ask the inspector which key is right, and report it if the holder's is not.`,
  );
}

interface Inspector {
  readonly name: string;
  readonly recipient: string;
}

/** Seals the accounting of a request, unless that was done; the caller has the request locked. */
export async function sealAccounting(
  { files, request }: StoredRequest,
  matched: MatchedRecords,
  inspector: string,
): Promise<void> {
  const { sealed } = accountingFiles(files);
  if (existsSync(sealed)) return;
  const plain = matched.encode(request);
  try {
    keepFile(sealed, await sealBytes([inspector], plain));
  } finally {
    plain.fill(0);
  }
}

/** Whether the holder's receipt for exactly the accounting that was sealed is here, whole. */
export function hasAccountingReceipt({ files, request, epoch }: StoredRequest): boolean {
  const { sealed, receipt } = accountingFiles(files);
  if (!existsSync(sealed) || !existsSync(receipt)) return false;
  try {
    const accounting = createHash('sha256').update(readFileSync(sealed)).digest();
    openAccountingReceipt(readFileSync(receipt), { descriptor: epoch.descriptor, request, accounting });
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}
