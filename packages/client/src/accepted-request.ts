import { digestText } from '@blindmatch/protocol';
import { untilDecided, type ApprovalWait } from './approval-wait.ts';
import type { HolderAddress } from './connect.ts';
import { HolderConnection } from './holder-connection.ts';
import type { StoredRequest } from './stored-request.ts';

/**
 * Connects to the holder and makes a request until it is accepted. The caller closes the connection.
 *
 * @throws what `HolderConnection.open` and `untilDecided` throw; HolderRefusal
 */
export async function openAccepted(
  { request, envelopeBytes }: StoredRequest,
  address: HolderAddress,
  wait: ApprovalWait | undefined,
): Promise<HolderConnection> {
  const { epochId, expires } = request.manifest;
  return await untilDecided(
    async () => {
      const connection = await HolderConnection.open(address, epochId);
      try {
        const answer = await connection.request(envelopeBytes);
        if (answer.kind === 'accepted') return connection;
        connection.close();
        return answer;
      } catch (error) {
        connection.close();
        throw error;
      }
    },
    { id: digestText(request.requestId), expires },
    wait,
  );
}
