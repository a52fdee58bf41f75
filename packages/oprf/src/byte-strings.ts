import { Buffer } from 'node:buffer';
import { OprfError } from './errors.ts';
import { INPUT_BYTES_MAX } from './suite.ts';

/**
 * A list of byte strings in two flat arrays: string i is `bytes[offsets[i] .. offsets[i + 1]]`. `offsets`
 * starts at 0, never falls, ends at `bytes.length`, and has one entry more than there are strings.
 */
export interface ByteStrings {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
}

/**
 * Pack a list; a text goes in as UTF-8. The bytes are copied.
 * @throws OprfError `input_too_long`, with its index, for one of more than 65,535 bytes (RFC 9497, section
 *   1.2); `inputs_invalid` when all together exceed 2^32 − 1 bytes
 */
export function packByteStrings(list: readonly (string | Uint8Array)[]): ByteStrings {
  const offsets = new Uint32Array(list.length + 1);
  let total = 0;
  list.forEach((item, i) => {
    const length = typeof item === 'string' ? Buffer.byteLength(item, 'utf8') : item.length;
    checkInputLength(length, i);
    total += length;
    offsets[i + 1] = total;
  });
  if (total > 0xffff_ffff)
    throw new OprfError('inputs_invalid', 'Give fewer inputs at once; these exceed 4 GiB.');
  const bytes = Buffer.alloc(total);
  list.forEach((item, i) => {
    const start = offsets[i] ?? 0;
    if (typeof item === 'string') bytes.write(item, start, 'utf8');
    else bytes.set(item, start);
  });
  return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length), offsets };
}

/**
 * How many strings, after checking that the offsets are what `ByteStrings` says and that none is too long.
 * @throws OprfError `inputs_invalid`, `input_too_long`
 */
export function countByteStrings({ bytes, offsets }: ByteStrings): number {
  const count = offsets.length - 1;
  if (count < 0 || offsets[0] !== 0 || offsets[count] !== bytes.length) {
    throw new OprfError(
      'inputs_invalid',
      'Pack the inputs with packByteStrings; these offsets do not cover their bytes.',
    );
  }
  for (let i = 0; i < count; i++) {
    const length = (offsets[i + 1] ?? 0) - (offsets[i] ?? 0);
    if (length < 0)
      throw new OprfError('inputs_invalid', `The offset after input ${i} falls; pack the inputs again.`, i);
    checkInputLength(length, i);
  }
  return count;
}

/** Strings `start` to `end` (exclusive), copied into arrays of their own that the caller owns. */
export function copyByteStrings(
  strings: ByteStrings,
  start: number,
  end: number,
): ByteStrings & { readonly bytes: Uint8Array<ArrayBuffer> } {
  const from = strings.offsets[start] ?? 0;
  return {
    bytes: new Uint8Array(strings.bytes.subarray(from, strings.offsets[end])),
    offsets: strings.offsets.subarray(start, end + 1).map((offset) => offset - from),
  };
}

/** String `index`, as a view. */
export function byteStringAt({ bytes, offsets }: ByteStrings, index: number): Uint8Array {
  return bytes.subarray(offsets[index], offsets[index + 1]);
}

function checkInputLength(length: number, index: number): void {
  if (length > INPUT_BYTES_MAX) {
    const message = `Input ${index} has ${length} bytes; an input has ${INPUT_BYTES_MAX} at most.`;
    throw new OprfError('input_too_long', message, index);
  }
}
