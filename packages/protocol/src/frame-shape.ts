/**
 * The structural check that every frame passes before a decoder sees it: a fixarray of the right length whose first
 * item is a known message number and whose other items are of the kinds and sizes the message allows, in the
 * shortest msgpack form, and nothing behind it. So maps, extensions, records, nesting, signed and floating numbers,
 * padded integers and lengths that point past the end never reach the decoder.
 */

import { isUtf8 } from 'node:buffer';
import { ProtocolError } from './problem.ts';

/** What one item of a message may be. Lengths are in bytes. */
export type FieldShape =
  | { readonly kind: 'uint'; readonly max: number }
  | { readonly kind: 'bin'; readonly min: number; readonly max: number; readonly multiple: number }
  | { readonly kind: 'str'; readonly max: number };

/** The items behind the number, by message number. */
export type FrameShapes = ReadonlyMap<number, readonly FieldShape[]>;

/** Throws `message_malformed` unless `frame` is exactly one message of `shapes`. */
export function checkFrameShape(frame: Uint8Array, shapes: FrameShapes): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const first = frame[0] ?? 0;
  if ((first & 0xf0) !== 0x90) throw malformed();
  const number = frame[1] ?? 0x80;
  const fields = shapes.get(number);
  // All message numbers are below 128: a positive fixint is the only form, one byte.
  if (number > 0x7f || fields === undefined || (first & 0x0f) !== fields.length + 1) throw malformed();
  let offset = 2;
  for (const field of fields) offset = checkField(frame, view, offset, field);
  if (offset !== frame.length) throw malformed();
}

/** The offset behind the field that begins at `offset`. */
function checkField(frame: Uint8Array, view: DataView, offset: number, field: FieldShape): number {
  switch (field.kind) {
    case 'uint':
      return checkUint(frame, view, offset, field.max);
    case 'bin': {
      const { start, length } = lengthAt(frame, view, offset, BIN);
      const allowed = length >= field.min && length <= field.max && length % field.multiple === 0;
      if (!allowed || start + length > frame.length) throw malformed();
      return start + length;
    }
    case 'str': {
      const { start, length } = lengthAt(frame, view, offset, STR);
      if (length > field.max || start + length > frame.length) throw malformed();
      if (!isUtf8(frame.subarray(start, start + length))) throw malformed();
      return start + length;
    }
  }
}

function checkUint(frame: Uint8Array, view: DataView, offset: number, max: number): number {
  const head = frame[offset] ?? 0xc1;
  let value = head;
  let end = offset + 1;
  let smallest = 0;
  if (head > 0x7f) {
    const size = UINT_SIZES.get(head);
    if (size === undefined || end + size > frame.length) throw malformed();
    value = unsigned(view, end, size);
    smallest = SMALLEST_UINT[size] ?? 0;
    end += size;
  }
  if (value < smallest || value > max) throw malformed();
  return end;
}

const UINT_SIZES: ReadonlyMap<number, number> = new Map([
  [0xcc, 1],
  [0xcd, 2],
  [0xce, 4],
  [0xcf, 8],
]);
/** The smallest value that needs this many bytes. */
const SMALLEST_UINT: Readonly<Record<number, number>> = { 1: 0x80, 2: 0x100, 4: 0x1_0000, 8: 0x1_0000_0000 };

/** Heads of a kind, with the size of their length and the smallest length that needs it. */
type Heads = ReadonlyMap<number, { readonly size: number; readonly smallest: number }>;

const BIN: Heads = new Map([
  [0xc4, { size: 1, smallest: 0 }],
  [0xc5, { size: 2, smallest: 0x100 }],
  [0xc6, { size: 4, smallest: 0x1_0000 }],
]);
const STR: Heads = new Map([
  [0xd9, { size: 1, smallest: 0x20 }],
  [0xda, { size: 2, smallest: 0x100 }],
  [0xdb, { size: 4, smallest: 0x1_0000 }],
]);

/** The content's start and length of the bin or str that begins at `offset`. */
function lengthAt(
  frame: Uint8Array,
  view: DataView,
  offset: number,
  heads: Heads,
): { readonly start: number; readonly length: number } {
  const head = frame[offset] ?? 0xc1;
  // fixstr carries its length itself; there is no short form of bin.
  if (heads === STR && (head & 0xe0) === 0xa0) return { start: offset + 1, length: head & 0x1f };
  const form = heads.get(head);
  if (form === undefined || offset + 1 + form.size > frame.length) throw malformed();
  const length = unsigned(view, offset + 1, form.size);
  if (length < form.smallest) throw malformed();
  return { start: offset + 1 + form.size, length };
}

function unsigned(view: DataView, offset: number, size: number): number {
  switch (size) {
    case 1:
      return view.getUint8(offset);
    case 2:
      return view.getUint16(offset);
    case 4:
      return view.getUint32(offset);
    default:
      // Rounds above 2^53, which every field's maximum refuses anyway.
      return Number(view.getBigUint64(offset));
  }
}

function malformed(): ProtocolError {
  return new ProtocolError('message_malformed');
}
