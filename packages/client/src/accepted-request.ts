import { digestText } from '@blindmatch/protocol';
import { untilDecided, type ApprovalWait } from './approval-wait.ts';
import type { HolderAddress } from './connect.ts';
import { HolderConnection, LogOvertaken } from './holder-connection.ts';
import type { StoredRequest } from './stored-request.ts';

/**
 * Connects to the holder, makes a request until it is accepted, and does what `act` does on that connection, which is
 * closed then. Where another command remembers something else of the log before `act` is through, all is done again on
 * a new connection, on which the holder has to continue that.
 *
 * @throws what `HolderConnection.open`, `untilDecided` and `act` throw; HolderRefusal
 */
export async function withAccepted<Result>(
  stored: StoredRequest,
  address: HolderAddress,
  wait: ApprovalWait | undefined,
  act: (connection: HolderConnection) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const connection = await openAccepted(stored, address, wait);
    try {
      return await act(connection);
    } catch (error) {
      if (!(error instanceof LogOvertaken)) throw error;
    } finally {
      connection.close();
    }
  }
}

async function openAccepted(
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
