import { CommandError, OutputFile, whenInterrupted, type Reporter } from '@blindmatch/terminal';
import { writeDocument } from '../document-output.ts';
import { withLedger } from '../with-ledger.ts';
import { checkpointKind, signHead } from './checkpoint.ts';

export interface ExportOptions {
  readonly output: string;
  /** Where the checkpoint of exactly these leaves goes. */
  readonly checkpoint?: string;
}

/** How every export begins. */
const BEGINNING = '{"index":0,"leaf":';

/**
 * `blindmatchd log export`: all leaves, a line each (protocol-spec/log.md), for whoever checks the log without this holder.
 * Leaves that are appended meanwhile are not in it.
 */
export async function exportLog(path: string, options: ExportOptions, reporter: Reporter): Promise<void> {
  await withLedger(path, async ({ log }, directory) => {
    const head = await log.head();
    if (head.size === 0) {
      throw new CommandError(
        'log_empty',
        `The log of ${path} has no leaf yet, so there is nothing to export.`,
      );
    }
    const kind = { name: 'export', option: '-o', header: BEGINNING };
    const file = new OutputFile(options.output, kind, [directory.ledger]);
    const progress = reporter.progress('Exporting', head.size);
    whenInterrupted('Interrupted; nothing was kept, so run the same command again.', () => {
      file.discard();
    });
    try {
      for await (const { index, leaf } of log.leaves()) {
        if (index === head.size) break;
        const line = `{"index":${index},"leaf":${JSON.stringify(Buffer.from(leaf).toString('utf8'))}}\n`;
        // The file has the beginning already.
        file.add(index === 0 ? line.slice(BEGINNING.length) : line);
        progress.update(index + 1);
      }
      file.keep();
    } finally {
      progress.end();
      file.discard();
    }
    if (options.checkpoint !== undefined) {
      writeDocument(options.checkpoint, checkpointKind('--checkpoint'), signHead(head, directory).note);
    }
    reporter.event(
      'exported',
      { leaves: head.size, root: `sha256:${Buffer.from(head.root).toString('hex')}` },
      `${head.size} leaves are in ${options.output}.`,
    );
  });
}
