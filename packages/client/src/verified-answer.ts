import { GroupError, OprfError, type Oprf } from '@blindmatch/oprf';
import { ProtocolError } from '@blindmatch/protocol';

/**
 * Verifies the answer to a chunk and unblinds it, 64·n bytes. An answer that is not what the key gives is the holder's
 * fault and is named so; whatever else goes wrong is not, and is thrown as it came.
 *
 * @throws ProtocolError `proof_invalid`; OprfError `inputs_invalid` for a chunk that was damaged here; GroupError
 */
export async function tokensOfAnswer(
  oprf: Pick<Oprf, 'finalize'>,
  job: Parameters<Oprf['finalize']>[0],
): Promise<Uint8Array> {
  try {
    return await oprf.finalize(job);
  } catch (cause) {
    if (isOfHolder(cause)) throw new ProtocolError('proof_invalid', undefined, { cause });
    throw cause;
  }
}

/** Only an element of the answer has an index: another one that is not valid was computed here. */
function isOfHolder(cause: unknown): boolean {
  if (cause instanceof OprfError) return cause.code === 'proof_invalid';
  return cause instanceof GroupError && cause.code === 'element_invalid' && cause.index !== undefined;
}
