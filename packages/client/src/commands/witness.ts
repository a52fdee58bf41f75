import type { KeyObject } from 'node:crypto';
import {
  cosignNote,
  fingerprint,
  formatNote,
  openCheckpoint,
  parseNote,
  ProtocolError,
  type Checkpoint,
} from '@blindmatch/protocol';
import {
  CommandError,
  OutputFile,
  readPrivateKey,
  readPublicKey,
  readTextFile,
  type Reporter,
} from '@blindmatch/terminal';
import { CheckpointFile } from '../checkpoint-file.ts';
import { parseGrowthProof, requireContinuation } from '../log-proof.ts';
import { parseHolder } from './holder-options.ts';

export interface WitnessOptions {
  /** The holder's public key. */
  readonly holderKey: string;
  /** The fingerprint that this key must have. */
  readonly holder?: string;
  /** The witness's private key, and the name that it signs under. */
  readonly key: string;
  readonly name: string;
  /** The last checkpoint that this witness cosigned; made the first time. */
  readonly remember: string;
  readonly consistency?: string;
  readonly output: string;
}

/**
 * `blindmatch witness`: cosigns a holder's checkpoint, if it continues the last one that this witness saw. What it saw is on
 * the disk before the cosignature is anywhere, so it never stands behind two logs.
 */
export function witness(path: string, options: WitnessOptions, reporter: Reporter, now: () => Date): void {
  const holderKey = readHolderKey(options);
  const note = readTextFile(path);
  const next = openCheckpoint(note, holderKey);
  const key = readPrivateKey(options.key);
  refuseHoldersKey(key, holderKey);
  const inputs = [path, options.holderKey, options.key, options.remember, options.consistency];
  const header = `${note.split('\n', 1)[0] ?? ''}\n`;
  const out = new OutputFile(options.output, { name: 'checkpoint', option: '-o', header }, inputs);
  try {
    const earlier = remember(next, holderKey, options);
    const time = now();
    const cosigned = formatNote(cosignNote(parseNote(note), { name: options.name, key }, time));
    // The file has the origin already.
    out.add(cosigned.slice(header.length));
    out.keep();
    tell(next, earlier, time, options, reporter);
  } finally {
    out.discard();
  }
}

/** Remembers the checkpoint, which must continue the one that is remembered. Gives that one. */
function remember(
  next: Checkpoint,
  holderKey: KeyObject,
  { remember: path, consistency }: WitnessOptions,
): Checkpoint | undefined {
  const memory = new CheckpointFile(path);
  const earlier = memory.read(holderKey);
  const growth = consistency === undefined ? undefined : parseGrowthProof(readTextFile(consistency));
  if (earlier !== undefined) requireContinuation(earlier, next, growth, holderKey);
  if (memory.replace(earlier, next, holderKey)) return earlier;
  throw new CommandError(
    'checkpoint_changed',
    `${path} was changed by another command meanwhile; run this one again.`,
  );
}

function readHolderKey({ holderKey, holder }: WitnessOptions): KeyObject {
  const key = readPublicKey(holderKey);
  if (holder === undefined || parseHolder(holder) === fingerprint(key)) return key;
  throw new ProtocolError('holder_unexpected', `${holderKey} is the key ${fingerprint(key)}, not ${holder}.`);
}

/** A holder that witnesses its own log says nothing that its signature does not say. */
function refuseHoldersKey(key: KeyObject, holderKey: KeyObject): void {
  if (fingerprint(key) !== fingerprint(holderKey)) return;
  throw new CommandError(
    'key_invalid',
    "The witness's key is the holder's own; a witness is somebody else, with a key of their own.",
  );
}

function tell(
  next: Checkpoint,
  earlier: Checkpoint | undefined,
  time: Date,
  { name, output }: WitnessOptions,
  reporter: Reporter,
): void {
  reporter.event(
    'cosigned',
    {
      name,
      size: next.size,
      root: `sha256:${Buffer.from(next.root).toString('hex')}`,
      earlier: earlier?.size ?? null,
      time: time.toISOString(),
      checkpoint: output,
    },
    [
      earlier === undefined
        ? `${name} sees this log for the first time, with ${next.size} leaves; whatever was there before, it can't vouch for.`
        : `The log of ${next.size} leaves continues that of ${earlier.size}, which ${name} saw before.`,
      `Cosigned: ${output}`,
    ],
  );
}
