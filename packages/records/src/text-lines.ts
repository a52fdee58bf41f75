import { isUtf8 } from 'node:buffer';
import { RecordsError } from './records-error.ts';

/** The longest line that is read, in bytes. A longer one means that the file is not a CSV file of records. */
const MAX_LINE_BYTES = 1_048_576;

const LF = 0x0a;

/**
 * Passes a byte stream on in blocks of whole lines, after checking that each is UTF-8 without NUL bytes. A UTF-8
 * sequence never holds the byte of a line feed, so whole lines can be checked on their own, and memory is bounded by
 * one chunk of the source and one line.
 *
 * @throws RecordsError `utf8_invalid`, `nul_byte` or `line_too_long`, with the line.
 */
export async function* checkedLines(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  let linesBefore = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) {
      const block = Buffer.concat([...pending, bytes.subarray(0, end)]);
      checkBlock(block, linesBefore);
      linesBefore += countLineFeeds(block);
      pending = [];
      pendingBytes = 0;
      yield block;
    }
    if (end < bytes.length) {
      pending.push(Buffer.from(bytes.subarray(end)));
      pendingBytes += bytes.length - end;
      if (pendingBytes > MAX_LINE_BYTES) {
        const line = linesBefore + 1;
        throw new RecordsError(
          'line_too_long',
          `Line ${line} is longer than ${MAX_LINE_BYTES} bytes; give a CSV file with one record per line.`,
          { line },
        );
      }
    }
  }
  if (pendingBytes > 0) {
    const block = Buffer.concat(pending);
    checkBlock(block, linesBefore);
    yield block;
  }
}

function checkBlock(block: Buffer, linesBefore: number): void {
  const nul = block.indexOf(0);
  if (nul >= 0) {
    const line = linesBefore + countLineFeeds(block.subarray(0, nul)) + 1;
    throw new RecordsError(
      'nul_byte',
      `Line ${line} holds a NUL byte; save the file as a CSV file in UTF-8.`,
      {
        line,
      },
    );
  }
  if (isUtf8(block)) return;
  let line = linesBefore + 1;
  for (let start = 0; start < block.length; line++) {
    const end = block.indexOf(LF, start) + 1 || block.length;
    if (!isUtf8(block.subarray(start, end))) break;
    start = end;
  }
  throw new RecordsError('utf8_invalid', `Line ${line} is not valid UTF-8; save the file as UTF-8.`, {
    line,
  });
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}
