import { checkOffsets } from './batch.ts';
import { DIGEST_BYTES, type ByteStrings } from './engine.ts';

const BLOCK_BYTES = 128;
const NOTHING = new Uint8Array();

interface Constant {
  readonly value: number;
}

/** What the module exports for SHA-512; `packages/group/wasm/sha512.ts` says what each is for. */
export interface HashingExports {
  readonly sha512Begin: () => void;
  readonly sha512Absorb: (blocks: number) => void;
  readonly sha512Each: (strings: number, restBytes: number, suffixBytes: number) => void;
  readonly sha512State: Constant;
  readonly sha512StateBytes: Constant;
  readonly sha512Suffix: Constant;
  readonly sha512SuffixBytes: Constant;
  readonly sha512Offsets: Constant;
  readonly sha512StringCount: Constant;
  readonly sha512Digests: Constant;
  readonly sha512Strings: Constant;
  readonly sha512StringBytes: Constant;
  readonly sha512Message: Constant;
  readonly sha512OverrunBytes: Constant;
}

/** The end of the longest run of strings from `first` on that the module takes at once; `first` if there is none. */
function endOfRun(exports: HashingExports, offsets: Uint32Array, first: number): number {
  const limit = (offsets[first] ?? 0) + exports.sha512StringBytes.value;
  const last = Math.min(first + exports.sha512StringCount.value, offsets.length - 1);
  let end = first;
  while (end < last && (offsets[end + 1] ?? 0) <= limit) end++;
  return end;
}

/** Compresses the whole blocks of a prefix once for all strings; gives how many bytes are left over. */
function begin(exports: HashingExports, memory: Uint8Array, prefix: Uint8Array): number {
  const rest = prefix.length % BLOCK_BYTES;
  const whole = prefix.length - rest;
  // A whole number of blocks, as the size of the area is.
  const step = exports.sha512StringBytes.value;
  const area = exports.sha512Strings.value;
  exports.sha512Begin();
  for (let done = 0; done < whole; done += step) {
    const part = prefix.subarray(done, Math.min(done + step, whole));
    memory.set(part, area);
    exports.sha512Absorb(part.length / BLOCK_BYTES);
    memory.fill(0, area, area + part.length);
  }
  memory.set(prefix.subarray(whole), exports.sha512Message.value);
  return rest;
}

/** Hashes a run of strings that fits, and overwrites what it put into the module's memory. */
function hashRun(
  exports: HashingExports,
  memory: Uint8Array,
  prefix: Uint8Array,
  bytes: Uint8Array,
  offsets: Uint32Array,
  suffix: Uint8Array,
): Uint8Array {
  const areas = {
    state: exports.sha512State.value,
    suffix: exports.sha512Suffix.value,
    offsets: exports.sha512Offsets.value,
    digests: exports.sha512Digests.value,
    strings: exports.sha512Strings.value,
    message: exports.sha512Message.value,
  };
  const rest = begin(exports, memory, prefix);
  const first = offsets[0] ?? 0;
  const count = offsets.length - 1;
  const view = new DataView(memory.buffer, memory.byteOffset + areas.offsets, 4 * offsets.length);
  let longest = 0;
  for (let i = 0, before = first; i <= count; i++) {
    const offset = offsets[i] ?? 0;
    view.setUint32(4 * i, offset - first, true);
    longest = Math.max(longest, offset - before);
    before = offset;
  }
  memory.set(bytes, areas.strings);
  memory.set(suffix, areas.suffix);
  exports.sha512Each(count, rest, suffix.length);
  const digests = memory.slice(areas.digests, areas.digests + count * DIGEST_BYTES);

  const messageBytes = rest + longest + suffix.length + exports.sha512OverrunBytes.value;
  memory.fill(0, areas.state, areas.state + exports.sha512StateBytes.value);
  memory.fill(0, areas.suffix, areas.suffix + suffix.length);
  memory.fill(0, areas.offsets, areas.offsets + 4 * offsets.length);
  memory.fill(0, areas.digests, areas.digests + digests.length);
  memory.fill(0, areas.strings, areas.strings + bytes.length);
  memory.fill(0, areas.message, areas.message + messageBytes);
  return digests;
}

/** A message of any length: all of it is a prefix, of one empty string. */
function hashLong(exports: HashingExports, memory: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let written = 0;
  for (const part of parts) {
    whole.set(part, written);
    written += part.length;
  }
  const digest = hashRun(exports, memory, whole, NOTHING, new Uint32Array(2), NOTHING);
  whole.fill(0);
  return digest;
}

/**
 * SHA-512 (FIPS 180-4) of prefix ‖ string i ‖ suffix in a module that has `addSha512`, as `Engine.sha512Each`
 * promises it. Of any length; quick where a string has at most 64 KiB and the suffix at most 1 KiB. Nothing of it
 * stays in the module's memory.
 * @param memory all of the module's memory, which does not grow
 * @returns 64·n bytes
 * @throws GroupError `batch_length` when the offsets don't cut the bytes into strings
 */
export function sha512EachIn(
  exports: HashingExports,
  memory: Uint8Array,
  prefix: Uint8Array,
  strings: ByteStrings,
  suffix: Uint8Array,
): Uint8Array {
  const count = checkOffsets(strings);
  const { bytes, offsets } = strings;
  const digests = new Uint8Array(count * DIGEST_BYTES);
  const suffixFits = suffix.length <= exports.sha512SuffixBytes.value;
  let first = 0;
  while (first < count) {
    const end = suffixFits ? endOfRun(exports, offsets, first) : first;
    const next = Math.max(end, first + 1);
    const run = bytes.subarray(offsets[first], offsets[next]);
    const part =
      end === first
        ? hashLong(exports, memory, prefix, run, suffix)
        : hashRun(exports, memory, prefix, run, offsets.subarray(first, end + 1), suffix);
    digests.set(part, first * DIGEST_BYTES);
    part.fill(0);
    first = next;
  }
  return digests;
}
