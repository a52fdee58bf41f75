import { ProtocolError, type EpochDescriptor } from '@blindmatch/protocol';

/** Room for the header, the index and a set too small for averages. */
const SMALL_SET_BYTES = 65_536;

/** Room above the average size of a large set (token-set.md): its index, and the luck of its tokens. */
const SLACK = 1.02;

/**
 * Refuses a descriptor whose token set is larger than its tokens can make it: N tokens of b bits take at most
 * b − ⌊log2 N⌋ + 3 bits each, index included. Without this a holder could fill the requester's disk.
 *
 * @throws ProtocolError `descriptor_invalid`
 */
export function checkSetSize({ bytes, tokens, bits }: EpochDescriptor['tokenSet']): void {
  const bitsEach = bits - Math.floor(Math.log2(tokens)) + 3;
  if (bytes <= ((tokens * bitsEach) / 8) * SLACK + SMALL_SET_BYTES) return;
  throw new ProtocolError(
    'descriptor_invalid',
    `The holder's epoch descriptor names a token set of ${bytes} bytes, which is too large for ${tokens} tokens of ${bits} bits; report it to the holder.`,
  );
}
