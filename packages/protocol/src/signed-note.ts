/** Signed notes: a text with signatures below it (C2SP signed-note), with Ed25519 keys and cosignatures of witnesses. */

import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { sha256 } from './digest.ts';
import { publicKeyToSpki, verifySignature } from './keys.ts';
import { MAX_CHECKPOINT, MAX_SIGNATURES } from './limits.ts';
import { ProtocolError } from './problem.ts';

/** A key that signs notes, and the name that it signs under. */
export interface NoteKey {
  /** Without spaces and plus signs. */
  readonly name: string;
  readonly key: KeyObject;
}

/** One line below a note. */
export interface NoteSignature {
  readonly name: string;
  /** The first 4 bytes of a hash over name and key: a hint. */
  readonly keyHash: Uint8Array;
  readonly signature: Uint8Array;
}

/** A note whose form is right; its signatures are not verified. */
export interface SignedNote {
  /** Ends in a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A witness's cosignature that verifies, and when it was made. */
export interface Cosignature {
  readonly time: Date;
}

const ED25519 = 0x01;
const COSIGNATURE_V1 = 0x04;
const NAME = /^[^\s+]+$/u;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;
// Control characters but the line feed would make a note look like another one.
// eslint-disable-next-line no-control-regex
const UNPRINTABLE = /[\u0000-\u0009\u000b-\u001f\u007f]/u;

/** Reads a note. Throws `log_invalid` for anything else. */
export function parseNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || Buffer.byteLength(note) > MAX_CHECKPOINT || UNPRINTABLE.test(note)) throw malformedNote();
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0 || lines.length > MAX_SIGNATURES) throw malformedNote();
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

/** The note as text: the inverse of `parseNote`. */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyHash, signature }) => `— ${name} ${Buffer.concat([keyHash, signature]).toString('base64')}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Signs a text that ends in a line feed. */
export function signNote(text: string, { name, key }: NoteKey): SignedNote {
  if (!text.endsWith('\n') || !NAME.test(name)) throw malformedNote();
  const signature = new Uint8Array(sign(null, Buffer.from(text), key));
  return { text, signatures: [{ name, keyHash: keyHashOf(name, ED25519, key), signature }] };
}

/** Whether the key has signed the note under its name. */
export function hasSigned({ text, signatures }: SignedNote, { name, key }: NoteKey): boolean {
  const message = Buffer.from(text);
  return signaturesBy(signatures, name, keyHashOf(name, ED25519, key)).some((signature) =>
    verifySignature(key, message, signature),
  );
}

/** The note with a witness's cosignature (C2SP tlog-cosignature, cosignature/v1): it says when the witness saw it. */
export function cosignNote(note: SignedNote, { name, key }: NoteKey, time: Date): SignedNote {
  if (!NAME.test(name) || note.signatures.length >= MAX_SIGNATURES) throw malformedNote();
  const seconds = Math.floor(time.getTime() / 1000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(seconds));
  const signature = Buffer.concat([stamp, sign(null, cosigned(note.text, BigInt(seconds)), key)]);
  const line = { name, keyHash: keyHashOf(name, COSIGNATURE_V1, key), signature: new Uint8Array(signature) };
  return { text: note.text, signatures: [...note.signatures, line] };
}

/** The witness's cosignature where the note has one that verifies. */
export function cosignatureBy(
  { text, signatures }: SignedNote,
  { name, key }: NoteKey,
): Cosignature | undefined {
  for (const signature of signaturesBy(signatures, name, keyHashOf(name, COSIGNATURE_V1, key))) {
    if (signature.length !== 72) continue;
    const seconds = Buffer.from(signature).readBigUInt64BE();
    if (seconds > 2n ** 42n || !verifySignature(key, cosigned(text, seconds), signature.subarray(8)))
      continue;
    return { time: new Date(Number(seconds) * 1000) };
  }
  return undefined;
}

function cosigned(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function signaturesBy(signatures: readonly NoteSignature[], name: string, keyHash: Uint8Array): Uint8Array[] {
  return signatures
    .filter((line) => line.name === name && Buffer.compare(line.keyHash, keyHash) === 0)
    .map(({ signature }) => signature);
}

/** SHA-256(name ‖ 0x0a ‖ type ‖ 32 key bytes), cut to 4 bytes. */
function keyHashOf(name: string, type: number, key: KeyObject): Uint8Array {
  const raw = publicKeyToSpki(key).subarray(12);
  return sha256(Buffer.from(`${name}\n`), Uint8Array.of(type), raw).subarray(0, 4);
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw malformedNote();
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  if (bytes.length < 5 || Buffer.from(bytes).toString('base64') !== encoded) throw malformedNote();
  return { name, keyHash: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function malformedNote(): ProtocolError {
  return new ProtocolError('log_invalid', 'A checkpoint of the log is not a signed note.');
}
