/** Checkpoints: the holder's signed word on how far its log goes (C2SP tlog-checkpoint; protocol-spec/log.md). */

import type { KeyObject } from 'node:crypto';
import { fingerprint } from './keys.ts';
import { MAX_LEAVES } from './limits.ts';
import { ProtocolError } from './problem.ts';
import { formatNote, hasSigned, parseNote, signNote } from './signed-note.ts';
import type { NoteKey } from './signed-note.ts';

/** The size and root of a log at one time. */
export interface TreeHead {
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** A tree head that the holder has signed, with the note that says so. */
export interface Checkpoint extends TreeHead {
  readonly note: string;
}

/** The origin of a holder's log, which is also the name that its identity key signs notes under. */
export function logOrigin(holder: string): string {
  return `blindmatch.v1/log/${holder.slice('sha256:'.length)}`;
}

/** Signs a tree head with the holder's identity key. */
export function signCheckpoint({ size, root }: TreeHead, identity: KeyObject): Checkpoint {
  const text = `${logOrigin(fingerprint(identity))}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  return { size, root, note: formatNote(signNote(text, noteKeyOf(identity))) };
}

/** Opens a checkpoint of the holder with this key. Throws `log_invalid` for another form, origin or signer. */
export function openCheckpoint(note: string, holderKey: KeyObject): Checkpoint {
  const signed = parseNote(note);
  const key = noteKeyOf(holderKey);
  const [origin, size, root, ...extensions] = signed.text.slice(0, -1).split('\n');
  if (origin !== key.name || !hasSigned(signed, key)) {
    throw new ProtocolError('log_invalid', 'A checkpoint of the log is not signed by the holder.');
  }
  // What extension lines say is for others; that they are lines is part of the form.
  if (extensions.includes('')) throw malformed();
  return { size: parseSize(size), root: parseRoot(root), note };
}

/** The key and name under which a holder signs its checkpoints. */
export function noteKeyOf(holderKey: KeyObject): NoteKey {
  return { name: logOrigin(fingerprint(holderKey)), key: holderKey };
}

function parseSize(text: string | undefined): number {
  if (text === undefined || !/^(0|[1-9]\d{0,9})$/.test(text) || Number(text) > MAX_LEAVES) throw malformed();
  return Number(text);
}

function parseRoot(text: string | undefined): Uint8Array {
  const root = new Uint8Array(Buffer.from(text ?? '', 'base64'));
  if (root.length !== 32 || Buffer.from(root).toString('base64') !== text) throw malformed();
  return root;
}

function malformed(): ProtocolError {
  return new ProtocolError('log_invalid', 'A checkpoint of the log is malformed.');
}
