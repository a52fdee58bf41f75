import { digestText, logOrigin, signCheckpoint, type Checkpoint, type TreeHead } from '@blindmatch/protocol';
import { readPrivateKey, type Reporter } from '@blindmatch/terminal';
import type { HolderDirectory } from '../../holder-directory.ts';
import { writeDocument, type DocumentKind } from '../document-output.ts';
import { withLedger } from '../with-ledger.ts';

export interface CheckpointOptions {
  readonly output?: string;
}

const BEGINNING = logOrigin('sha256:');

/** `blindmatchd log checkpoint`: how far the log goes now, signed by the holder, to be published or given to a witness. */
export async function checkpoint(
  path: string,
  options: CheckpointOptions,
  reporter: Reporter,
): Promise<void> {
  await withLedger(path, async (ledger, directory) => {
    const { size, root, note } = signHead(await ledger.log.head(), directory);
    if (options.output !== undefined) writeDocument(options.output, checkpointKind('-o'), note);
    reporter.event(
      'checkpoint',
      { size, root: digestText(root), note },
      options.output === undefined
        ? note.trimEnd()
        : `The checkpoint of the ${size} leaves is in ${options.output}.`,
    );
  });
}

/** The holder's signature on a head of its log. */
export function signHead(head: TreeHead, { identity }: HolderDirectory): Checkpoint {
  return signCheckpoint(head, readPrivateKey(identity));
}

/** A checkpoint as a file that `option` names. */
export function checkpointKind(option: string): DocumentKind {
  return { name: 'checkpoint', option, beginning: BEGINNING };
}
