import { existsSync, readFileSync } from 'node:fs';
import { openReceipt, ProtocolError } from '@blindmatch/protocol';
import { keepFile } from './kept-file.ts';
import type { RequestDirectory } from './request-directory.ts';
import type { StoredRequest } from './stored-request.ts';

/** Whether the holder's receipt for this request is here, whole; a damaged one is to be asked for again. */
export function hasReceipt({ files, request, epoch }: StoredRequest): boolean {
  if (!existsSync(files.receipt)) return false;
  try {
    openReceipt(readFileSync(files.receipt), { descriptor: epoch.descriptor, request });
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/** Keeps a receipt that was verified; it appears under its name only when it is whole. */
export function keepReceipt(files: RequestDirectory, envelope: Uint8Array): void {
  keepFile(files.receipt, envelope);
}
