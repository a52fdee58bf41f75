import { ProtocolError, type EpochDescriptor } from '@blindmatch/protocol';
import {
  intersect,
  openTokenSet,
  TokenQuery,
  TokenSetError,
  TokenSetStream,
  type TokenSetErrorCode,
  type TokenSetHeader,
} from '@blindmatch/tokenset';
import type { TokenSetCache } from './token-set-cache.ts';

/** What says nothing against the bytes of the set: the request is too large for it, or the disk or this side failed. */
const NOT_ABOUT_THE_SET: ReadonlySet<string> = new Set<TokenSetErrorCode>([
  'query_too_large',
  'storage_failed',
  'disk_full',
  'argument_invalid',
]);

/**
 * Which of a request's tokens are in the epoch's set: one byte an element, 1 where it is. The whole set is verified
 * against the descriptor's digest on the way. Where that fails, the hashes decide whose fault it is: a file that they
 * fit is what the holder made and signed; one that they don't fit was damaged in the cache, and is forgotten so that
 * a new try fetches it.
 *
 * @param tokens 16 bytes of output for each element; wiped here
 * @throws ProtocolError `token_set_invalid`; TokenSetError `query_too_large`, `storage_failed`, which leave the file
 */
export async function lookUpTokens(
  tokens: Uint8Array,
  path: string,
  descriptor: EpochDescriptor,
  cache: TokenSetCache,
): Promise<Uint8Array> {
  const query = new TokenQuery(tokens);
  const { digest } = descriptor.tokenSet;
  try {
    const file = await openTokenSet(path, { digest });
    try {
      checkHeader(file.header, descriptor);
      return await intersect(file.chunks(), { digest, query });
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!(cause instanceof TokenSetError) || NOT_ABOUT_THE_SET.has(cause.code)) throw cause;
    if (await hashesFit(path, digest)) throw wronglyMade(cause);
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

/** Whether every byte of the file is one that the digest commits to, whatever the blocks say. */
async function hashesFit(path: string, digest: Uint8Array): Promise<boolean> {
  const stream = new TokenSetStream(digest);
  try {
    const file = await openTokenSet(path, { digest });
    try {
      for await (const bytes of file.chunks()) stream.push(bytes);
      stream.end();
      return true;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof TokenSetError && !NOT_ABOUT_THE_SET.has(error.code)) return false;
    throw error;
  }
}

function wronglyMade(cause: TokenSetError): ProtocolError {
  return new ProtocolError(
    'token_set_invalid',
    `The holder's token set is the one that it signed and is made wrongly (${cause.code}); do not use anything and report it to the holder.`,
    { cause },
  );
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
