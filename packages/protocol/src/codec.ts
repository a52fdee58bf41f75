/** Messages to frames and back: msgpack positional arrays (protocol-spec/exchange.md, "Messages"). */

import { Packr, Unpackr } from 'msgpackr';
import { isLine } from './document-fields.ts';
import { checkFrameShape } from './frame-shape.ts';
import type { FieldShape, FrameShapes } from './frame-shape.ts';
import {
  ACCOUNTING_PIECE_MAX,
  CHUNK_ELEMENTS,
  DIGEST_BYTES,
  ELEMENT_BYTES,
  HOLDER_FRAME_MAX,
  LOG_PROOF_MAX_NODES,
  MAX_CHECKPOINT,
  MAX_ENVELOPE,
  MAX_LEAF,
  PATH_MAX_NODES,
  PROOF_BYTES,
  REQUESTER_FRAME_MAX,
  SENTENCE_MAX,
  SET_READ_MAX,
} from './limits.ts';
import { MESSAGE_NUMBERS } from './messages.ts';
import type { HolderMessage, RequesterMessage } from './messages.ts';
import { ProtocolError, isProblemCode } from './problem.ts';

// Made once. No records: 0x72 would reach a code generator. 64-bit integers as numbers; the shape check has
// refused those above 2^53 - 1.
const packr = new Packr({ useRecords: false, mapsAsObjects: false });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: 'number' });

/** Where the first item behind the message number begins: the only place where an integer may need 64 bits. */
const OFFSET_AT = 2;
const INT64 = 0xd3;
const UINT64 = 0xcf;

const u32: FieldShape = { kind: 'uint', max: 0xffff_ffff };
const u53: FieldShape = { kind: 'uint', max: Number.MAX_SAFE_INTEGER };
const envelope: FieldShape = { kind: 'bin', min: 1, max: MAX_ENVELOPE, multiple: 1 };
const elements: FieldShape = {
  kind: 'bin',
  min: ELEMENT_BYTES,
  max: CHUNK_ELEMENTS * ELEMENT_BYTES,
  multiple: ELEMENT_BYTES,
};
/** A root for each element or none, which `checkRoots` sees to. */
const roots: FieldShape = {
  kind: 'bin',
  min: 0,
  max: CHUNK_ELEMENTS * ELEMENT_BYTES,
  multiple: ELEMENT_BYTES,
};
const digest: FieldShape = { kind: 'bin', min: DIGEST_BYTES, max: DIGEST_BYTES, multiple: 1 };
const accountingPiece: FieldShape = { kind: 'bin', min: 1, max: ACCOUNTING_PIECE_MAX, multiple: 1 };
const checkpoint: FieldShape = { kind: 'bin', min: 1, max: MAX_CHECKPOINT, multiple: 1 };
const leaf: FieldShape = { kind: 'bin', min: 1, max: MAX_LEAF, multiple: 1 };
const logProof: FieldShape = {
  kind: 'bin',
  min: 0,
  max: LOG_PROOF_MAX_NODES * DIGEST_BYTES,
  multiple: DIGEST_BYTES,
};
const path: FieldShape = { kind: 'bin', min: 0, max: PATH_MAX_NODES * DIGEST_BYTES, multiple: DIGEST_BYTES };

const requesterShapes: FrameShapes = new Map<number, readonly FieldShape[]>([
  [MESSAGE_NUMBERS.hello, [u32, u32]],
  [MESSAGE_NUMBERS.request, [envelope]],
  [MESSAGE_NUMBERS.chunk, [u32, elements, path]],
  [MESSAGE_NUMBERS.finish, []],
  [MESSAGE_NUMBERS.setRead, [u53, u32]],
  [MESSAGE_NUMBERS.accounting, [u32, u32, accountingPiece]],
]);

const holderShapes: FrameShapes = new Map<number, readonly FieldShape[]>([
  [MESSAGE_NUMBERS.epoch, [envelope, checkpoint, u32, leaf, logProof, logProof]],
  [MESSAGE_NUMBERS.accepted, [digest]],
  [
    MESSAGE_NUMBERS.refused,
    [
      { kind: 'str', max: 64 },
      { kind: 'str', max: SENTENCE_MAX },
    ],
  ],
  [
    MESSAGE_NUMBERS.evaluated,
    [u32, elements, roots, { kind: 'bin', min: PROOF_BYTES, max: PROOF_BYTES, multiple: 1 }],
  ],
  [MESSAGE_NUMBERS.receipt, [envelope, logProof]],
  [MESSAGE_NUMBERS.accounted, [envelope, logProof]],
  [MESSAGE_NUMBERS.pending, [digest, u32]],
  [MESSAGE_NUMBERS.setData, [u53, { kind: 'bin', min: 1, max: SET_READ_MAX, multiple: 1 }]],
]);

/**
 * The frame of a message. Throws `message_malformed` for a value that no reader would take, so that a mistake on
 * this side is found on this side.
 */
export function encodeMessage(message: RequesterMessage | HolderMessage): Uint8Array {
  const number = MESSAGE_NUMBERS[message.type];
  if (message.type === 'evaluated') checkRoots(message);
  const frame = new Uint8Array(packr.pack([number, ...fieldsOf(message)]));
  // msgpackr writes a positive BigInt as int 64; with the same eight bytes it is the uint 64 of the specification.
  if (frame[OFFSET_AT] === INT64) frame[OFFSET_AT] = UINT64;
  checkFrameShape(frame, requesterShapes.has(number) ? requesterShapes : holderShapes);
  return frame;
}

/** Reads a frame from a requester; its bytes are copied. Throws `frame_too_large` or `message_malformed`. */
export function decodeRequesterMessage(frame: Uint8Array): RequesterMessage {
  const [number, first, second, third] = unpack(frame, requesterShapes, REQUESTER_FRAME_MAX);
  switch (number) {
    case MESSAGE_NUMBERS.hello:
      return { type: 'hello', version: uint(first), logSize: uint(second) };
    case MESSAGE_NUMBERS.request:
      return { type: 'request', envelope: bin(first) };
    case MESSAGE_NUMBERS.chunk:
      return { type: 'chunk', index: uint(first), elements: bin(second), path: bin(third) };
    case MESSAGE_NUMBERS.finish:
      return { type: 'finish' };
    case MESSAGE_NUMBERS.setRead:
      return { type: 'setRead', offset: uint(first), length: uint(second) };
    case MESSAGE_NUMBERS.accounting:
      return { type: 'accounting', total: uint(first), offset: uint(second), bytes: bin(third) };
    default:
      throw new ProtocolError('message_malformed');
  }
}

/** Reads a frame from a holder; its bytes are copied. Throws `frame_too_large` or `message_malformed`. */
export function decodeHolderMessage(frame: Uint8Array): HolderMessage {
  const [number, first, second, third, fourth, fifth, sixth] = unpack(frame, holderShapes, HOLDER_FRAME_MAX);
  switch (number) {
    case MESSAGE_NUMBERS.epoch:
      return {
        type: 'epoch',
        envelope: bin(first),
        checkpoint: bin(second),
        leafIndex: uint(third),
        leaf: bin(fourth),
        path: bin(fifth),
        consistency: bin(sixth),
      };
    case MESSAGE_NUMBERS.accepted:
      return { type: 'accepted', requestId: bin(first) };
    case MESSAGE_NUMBERS.refused: {
      const code = str(first);
      const sentence = str(second);
      // The sentence goes to a terminal: nothing but one printable line.
      if (!isProblemCode(code) || !isLine(sentence, SENTENCE_MAX))
        throw new ProtocolError('message_malformed');
      return { type: 'refused', code, sentence };
    }
    case MESSAGE_NUMBERS.evaluated: {
      const [index, proof] = [uint(first), bin(fourth)];
      const lists = { elements: bin(second), roots: bin(third) };
      checkRoots(lists);
      return { type: 'evaluated', index, ...lists, proof };
    }
    case MESSAGE_NUMBERS.receipt:
      return { type: 'receipt', envelope: bin(first), consistency: bin(second) };
    case MESSAGE_NUMBERS.accounted:
      return { type: 'accounted', envelope: bin(first), consistency: bin(second) };
    case MESSAGE_NUMBERS.pending:
      return { type: 'pending', requestId: bin(first), retryAfter: uint(second) };
    case MESSAGE_NUMBERS.setData:
      return { type: 'setData', offset: uint(first), bytes: bin(second) };
    default:
      throw new ProtocolError('message_malformed');
  }
}

function fieldsOf(message: RequesterMessage | HolderMessage): readonly unknown[] {
  switch (message.type) {
    case 'hello':
      return [message.version, message.logSize];
    case 'request':
      return [message.envelope];
    case 'epoch':
      return [
        message.envelope,
        message.checkpoint,
        message.leafIndex,
        message.leaf,
        message.path,
        message.consistency,
      ];
    case 'receipt':
    case 'accounted':
      return [message.envelope, message.consistency];
    case 'pending':
      return [message.requestId, message.retryAfter];
    case 'accounting':
      return [message.total, message.offset, message.bytes];
    case 'chunk':
      return [message.index, message.elements, message.path];
    case 'finish':
      return [];
    case 'setRead':
      return [wide(message.offset), message.length];
    case 'accepted':
      return [message.requestId];
    case 'refused':
      return [message.code, message.sentence];
    case 'evaluated':
      return [message.index, message.elements, message.roots, message.proof];
    case 'setData':
      return [wide(message.offset), message.bytes];
  }
}

function checkRoots(lists: { readonly elements: Uint8Array; readonly roots: Uint8Array }): void {
  if (lists.roots.length === 0 || lists.roots.length === lists.elements.length) return;
  throw new ProtocolError('message_malformed');
}

/** msgpackr writes a number above 2^32 as a float; as a BigInt it stays an integer. */
function wide(value: number): number | bigint {
  return Number.isSafeInteger(value) && value > 0xffff_ffff ? BigInt(value) : value;
}

function unpack(frame: Uint8Array, shapes: FrameShapes, maxBytes: number): readonly unknown[] {
  if (frame.length > maxBytes) throw new ProtocolError('frame_too_large');
  checkFrameShape(frame, shapes);
  const value: unknown = unpackr.unpack(frame);
  if (!Array.isArray(value)) throw new ProtocolError('message_malformed');
  return value;
}

function uint(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new ProtocolError('message_malformed');
  return value;
}

/** A copy with a buffer of its own: the decoder's bins point into the frame. */
function bin(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new ProtocolError('message_malformed');
  return new Uint8Array(value);
}

function str(value: unknown): string {
  if (typeof value !== 'string') throw new ProtocolError('message_malformed');
  return value;
}
