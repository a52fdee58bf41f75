import { digestText, fingerprint, openCheckpoint } from '@blindmatch/protocol';
import { CommandError, readPublicKey, readTextFile, type Reporter } from '@blindmatch/terminal';
import { verifyLog as verify } from '../../log-verification/verify-log.ts';
import { withLedger } from '../with-ledger.ts';

export interface VerifyOptions {
  /** A checkpoint that was published earlier. */
  readonly checkpoint?: string;
}

/** `blindmatchd log verify`: recomputes the log and compares it with everything else that is remembered. */
export async function verifyLog(path: string, options: VerifyOptions, reporter: Reporter): Promise<void> {
  await withLedger(path, async (ledger, directory) => {
    const key = readPublicKey(directory.publicIdentity);
    const earlier =
      options.checkpoint === undefined ? undefined : openCheckpoint(readTextFile(options.checkpoint), key);
    const progress = reporter.progress('Verifying', (await ledger.log.head()).size);
    let findings = 0;
    const verified = await verify({
      ...{ ledger, holder: fingerprint(key), earlier },
      found: ({ code, leaf, sentence }) => {
        findings++;
        reporter.event('finding', { code, leaf: leaf ?? null, message: sentence }, [`${code}: ${sentence}`]);
      },
      onProgress: (leaves) => {
        progress.update(leaves);
      },
    }).finally(() => {
      progress.end();
    });
    const { size, root, accepted, timesSetBack } = verified;
    if (timesSetBack > 0) {
      reporter.notice(
        'clock_set_back',
        `${timesSetBack} leaves are older than the one before them; the clock of this machine was set back.`,
        { leaves: timesSetBack },
      );
    }
    if (findings > 0) {
      throw new CommandError(
        'log_inconsistent',
        `The log is not consistent: ${findings} ${findings === 1 ? 'thing does' : 'things do'} not fit; keep the ledger as it is and tell the inspector.`,
      );
    }
    reporter.event('log_verified', { size, root: digestText(root), accepted }, [
      `The log is consistent: ${size} leaves, ${accepted === 1 ? '1 accepted request' : `${accepted} accepted requests`}.`,
      `  root          ${digestText(root)}`,
      ...(earlier === undefined ? [] : [`  continues     the checkpoint of ${earlier.size} leaves`]),
    ]);
  });
}
