import { ProtocolError, type EpochDescriptor } from '@blindmatch/protocol';
import {
  intersect,
  openTokenSet,
  TokenQuery,
  TokenSetError,
  type TokenSetHeader,
} from '@blindmatch/tokenset';
import type { TokenSetCache } from './token-set-cache.ts';

/**
 * Which of a request's tokens are in the epoch's set: one byte an element, 1 where it is. The whole set is verified
 * against the descriptor's digest on the way. A cached set that is damaged is forgotten, so that a new try fetches it.
 *
 * @param tokens 16 bytes of output for each element; wiped here
 * @throws ProtocolError `token_set_invalid`
 */
export async function lookUpTokens(
  tokens: Uint8Array,
  path: string,
  descriptor: EpochDescriptor,
  cache: TokenSetCache,
): Promise<Uint8Array> {
  const query = new TokenQuery(tokens);
  try {
    const { digest } = descriptor.tokenSet;
    const file = await openTokenSet(path, { digest });
    try {
      checkHeader(file.header, descriptor);
      return await intersect(file.chunks(), { digest, query });
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!(cause instanceof TokenSetError)) throw cause;
    await cache.forget(descriptor.tokenSet);
    throw new ProtocolError(
      'token_set_invalid',
      `The token set in the cache is damaged and was removed (${cause.code}); submit the request again to fetch it anew.`,
      { cause },
    );
  } finally {
    query.wipe();
    tokens.fill(0);
  }
}

/** The holder says the same of its set twice, in the set's header and in the signed descriptor (token-set.md). */
function checkHeader(header: TokenSetHeader, descriptor: EpochDescriptor): void {
  const agrees =
    header.epoch === descriptor.epoch &&
    header.tokens === descriptor.tokenSet.tokens &&
    header.bits === descriptor.tokenSet.bits &&
    header.length === descriptor.tokenSet.bytes &&
    header.maxElements === descriptor.maxElements &&
    Buffer.compare(header.publicKey, descriptor.publicKey) === 0;
  if (agrees) return;
  throw new ProtocolError(
    'token_set_invalid',
    "The holder's token set is not what its epoch descriptor says; do not use anything and report it to the holder.",
  );
}
