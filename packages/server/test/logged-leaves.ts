import type { KnownRequest, Ledger } from '@blindmatch/ledger';
import { parseLeaf, type LogLeaf } from '@blindmatch/protocol';

/** The leaves of a log that are about requests, oldest first. */
export async function leavesOf(ledger: Ledger): Promise<LogLeaf[]> {
  const leaves: LogLeaf[] = [];
  for await (const { leaf } of ledger.log.leaves()) leaves.push(parseLeaf(leaf));
  return leaves.filter(({ type }) => type !== 'policy' && type !== 'epoch');
}

/** Everything that is known of requests, oldest first. */
export async function requestsOf(ledger: Ledger): Promise<KnownRequest[]> {
  const requests: KnownRequest[] = [];
  for await (const request of ledger.requests()) requests.push(request);
  return requests;
}
