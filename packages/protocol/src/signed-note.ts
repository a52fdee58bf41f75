/** Signed notes: a text with signatures below it (C2SP signed-note), with Ed25519 keys and cosignatures of witnesses. */

import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { equalBytes, sha256 } from './digest.ts';
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
  /** 4 bytes that tell the keys and algorithms of one name apart: a hint. */
  readonly keyId: Uint8Array;
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
/** A cosignature begins with its time: POSIX seconds, big-endian. */
const TIMESTAMP_BYTES = 8;
/** The last second that a Date can hold. */
const LATEST_TIMESTAMP = 8_640_000_000_000n;
const NAME = /^[^\p{White_Space}+]+$/u;
const SIGNATURE_LINE = /^— ([^\p{White_Space}+]+) ([A-Za-z0-9+/]+={0,2})$/u;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/u;

/** Reads a note of at most 8,192 bytes and 16 signatures. Throws `log_invalid` for anything else. */
export function parseNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  // A lone surrogate would be signed as another character than it is.
  if (end < 0 || Buffer.byteLength(note) > MAX_CHECKPOINT || CONTROL.test(note) || !note.isWellFormed())
    throw malformedNote();
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0 || lines.length > MAX_SIGNATURES) throw malformedNote();
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignatureLine) };
}

/** The note as text: the inverse of `parseNote`. */
export function formatNote({ text, signatures }: SignedNote): string {
  const lines = signatures.map(
    ({ name, keyId, signature }) => `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`,
  );
  return `${text}\n${lines.join('')}`;
}

/** Signs a text that ends in a line feed. Throws `log_invalid` where text or name can't be those of a note. */
export function signNote(text: string, { name, key }: NoteKey): SignedNote {
  if (!text.endsWith('\n') || CONTROL.test(text) || !text.isWellFormed() || !NAME.test(name))
    throw malformedNote();
  const signature = new Uint8Array(sign(null, Buffer.from(text), key));
  return { text, signatures: [{ name, keyId: keyIdOf(name, ED25519, key), signature }] };
}

/** Whether the key has signed the note under its name, and every signature that claims so is right. */
export function hasSigned({ text, signatures }: SignedNote, { name, key }: NoteKey): boolean {
  const message = Buffer.from(text);
  const claimed = signaturesBy(signatures, name, keyIdOf(name, ED25519, key));
  return claimed.length > 0 && claimed.every((signature) => verifySignature(key, message, signature));
}

/**
 * The note with a witness's cosignature (C2SP tlog-cosignature, cosignature/v1), which says when the witness saw it and
 * replaces an earlier one of that witness. Throws `log_invalid` when there is no room for another one.
 */
export function cosignNote(note: SignedNote, { name, key }: NoteKey, time: Date): SignedNote {
  const keyId = keyIdOf(name, COSIGNATURE_V1, key);
  const others = note.signatures.filter((line) => !isBy(line, name, keyId));
  if (!NAME.test(name) || others.length >= MAX_SIGNATURES) throw malformedNote();
  const seconds = BigInt(Math.floor(time.getTime() / 1000));
  const stamp = Buffer.alloc(TIMESTAMP_BYTES);
  stamp.writeBigUInt64BE(seconds);
  const signature = Buffer.concat([stamp, sign(null, cosigned(note.text, seconds), key)]);
  return { text: note.text, signatures: [...others, { name, keyId, signature: new Uint8Array(signature) }] };
}

/** The witness's latest cosignature, where the note has one and every one that claims to be the witness's is right. */
export function cosignatureBy(
  { text, signatures }: SignedNote,
  { name, key }: NoteKey,
): Cosignature | undefined {
  const claimed = signaturesBy(signatures, name, keyIdOf(name, COSIGNATURE_V1, key));
  const seconds = claimed.map((signature) => cosignedAt(text, signature, key));
  if (!seconds.every((second) => second !== undefined) || seconds.length === 0) return undefined;
  return { time: new Date(Math.max(...seconds) * 1000) };
}

/** The seconds of a right cosignature. */
function cosignedAt(text: string, signature: Uint8Array, key: KeyObject): number | undefined {
  if (signature.length <= TIMESTAMP_BYTES) return undefined;
  const seconds = Buffer.from(signature).readBigUInt64BE();
  const right = verifySignature(key, cosigned(text, seconds), signature.subarray(TIMESTAMP_BYTES));
  return right && seconds <= LATEST_TIMESTAMP ? Number(seconds) : undefined;
}

function cosigned(text: string, seconds: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function signaturesBy(signatures: readonly NoteSignature[], name: string, keyId: Uint8Array): Uint8Array[] {
  return signatures.filter((line) => isBy(line, name, keyId)).map(({ signature }) => signature);
}

function isBy(line: NoteSignature, name: string, keyId: Uint8Array): boolean {
  return line.name === name && equalBytes(line.keyId, keyId);
}

/** SHA-256(name ‖ 0x0a ‖ type ‖ 32 key bytes), cut to 4 bytes. */
function keyIdOf(name: string, type: number, key: KeyObject): Uint8Array {
  const raw = publicKeyToSpki(key).subarray(12);
  return sha256(Buffer.from(`${name}\n`), Uint8Array.of(type), raw).subarray(0, 4);
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) throw malformedNote();
  const bytes = new Uint8Array(Buffer.from(encoded, 'base64'));
  if (bytes.length < 5 || Buffer.from(bytes).toString('base64') !== encoded) throw malformedNote();
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

function malformedNote(): ProtocolError {
  return new ProtocolError('log_invalid', 'A checkpoint of the log is not a signed note.');
}
