import { Buffer } from 'node:buffer';
import { DIGEST_BYTES, type ByteStrings } from '@blindmatch/group';
import { OprfError } from './errors.ts';
import { INPUT_BYTES_MAX } from './suite.ts';

/**
 * Pack a list; a text goes in as UTF-8. The bytes are copied.
 * @throws OprfError `input_too_long`, with its index, for one of more than 65,535 bytes (RFC 9497, section
 *   1.2); `inputs_invalid` when there are too many to be handled at once, about 4 GiB
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
  checkTotal(total, list.length);
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
  checkTotal(bytes.length, count);
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

/** Flat bytes as strings of `width` bytes each; they are not copied. `width` divides their number. */
export function stringsOfWidth(bytes: Uint8Array, width: number): ByteStrings {
  const offsets = new Uint32Array(bytes.length / width + 1);
  for (let i = 1; i < offsets.length; i++) offsets[i] = i * width;
  return { bytes, offsets };
}

function checkInputLength(length: number, index: number): void {
  if (length > INPUT_BYTES_MAX) {
    const message = `Input ${index} has ${length} bytes; an input has ${INPUT_BYTES_MAX} at most.`;
    throw new OprfError('input_too_long', message, index);
  }
}

/** Offsets have 32 bits: the inputs' own, those of their digests, and those of the messages of the last hash. */
function checkTotal(bytes: number, count: number): void {
  if (bytes + count * DIGEST_BYTES > 0xffff_ffff)
    throw new OprfError('inputs_invalid', 'Give fewer inputs at once; these take more than 4 GiB.');
}
