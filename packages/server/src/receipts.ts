import { createHash } from 'node:crypto';
import type { AcceptedRequest, Ledger } from '@blindmatch/ledger';
import {
  encodeAccountingReceipt,
  encodeEnvelope,
  encodeReceipt,
  PAYLOAD_TYPES,
  signPayload,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { accountingLeaf, finishedLeaf } from './request-leaves.ts';
import type { ShownLog } from './shown-log.ts';

/** What receipts are made with. */
export interface ReceiptSetting {
  readonly identity: KeyObject;
  readonly ledger: Ledger;
  readonly shownLog: ShownLog;
  readonly now: () => Date;
}

/** A signed receipt, and the size of the log in it. */
export interface SignedReceipt {
  readonly envelopeBytes: Uint8Array;
  readonly size: number;
}

/**
 * Notes in the log that an accepted request is finished, and signs the receipt of its acceptance by the policy that was in
 * force then.
 */
export async function finishRequest(
  { requestId, leafIndex, leaf }: AcceptedRequest,
  { identity, ledger, shownLog, now }: ReceiptSetting,
): Promise<SignedReceipt> {
  const completed = await ledger.complete(requestId, now(), (time) => finishedLeaf(requestId, time));
  const { logged, policy, size } = await shownLog.proveAcceptance({ index: leafIndex, leaf });
  const payload = encodeReceipt({ completed, logged, policy }, identity);
  return { envelopeBytes: encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, identity)), size };
}

/** Keeps the sealed accounting of a finished request and signs its receipt; undefined where another one is kept already. */
export async function keepAccounting(
  { requestId }: AcceptedRequest,
  sealed: Uint8Array,
  { identity, ledger, shownLog, now }: ReceiptSetting,
): Promise<SignedReceipt | undefined> {
  const digest = new Uint8Array(createHash('sha256').update(sealed).digest());
  const time = now();
  const leaf = accountingLeaf(requestId, { digest, bytes: sealed.length }, time);
  const kept = await ledger.account({ requestId, sealed, digest, now: time, leaf });
  if (Buffer.compare(kept.digest, digest) !== 0) return undefined;
  const { logged, size } = await shownLog.prove(kept);
  const payload = encodeAccountingReceipt(logged, identity);
  return {
    envelopeBytes: encodeEnvelope(signPayload(PAYLOAD_TYPES.accountingReceipt, payload, identity)),
    size,
  };
}
