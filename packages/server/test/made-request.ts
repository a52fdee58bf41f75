import {
  addSignature,
  encodeEnvelope,
  encodeRequestManifest,
  openRequest,
  PAYLOAD_TYPES,
  planChunks,
  unsignedEnvelope,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { RequestToDecide } from '../src/decide-request.ts';

/** When made requests are asked: a Monday noon in UTC. */
export const NOON: Date = new Date('2026-11-23T12:00:00Z');

/** The holder for whom they are made. */
export const HOLDER: string = `sha256:${'0'.repeat(64)}`;

let nonces = 0;

/** A request of 3 records with six match keys, or one of each record where more are asked for, signed by `signers`. */
export function madeRequest(
  signers: readonly KeyObject[],
  changes: Partial<RequestManifest> = {},
): RequestToDecide {
  const nonce = new Uint8Array(32);
  new DataView(nonce.buffer).setUint32(0, ++nonces);
  const { records = 3 } = changes;
  const { elements, chunks } = planChunks(Math.max(6, records));
  const manifest: RequestManifest = {
    nonce,
    epochId: new Uint8Array(32).fill(1),
    holder: HOLDER,
    created: NOON,
    expires: new Date('2027-11-23T12:00:00Z'),
    statute: '8 U.S.C. 1253(a)(1)',
    purpose: null,
    reason: 'Final orders of June',
    taxPeriods: [],
    investigators: [],
    orders: null,
    attestation: null,
    evidence: null,
    records,
    elements,
    chunks: { count: chunks, root: new Uint8Array(32) },
    ...changes,
  };
  const unsigned = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, encodeRequestManifest(manifest));
  return received(encodeEnvelope(signers.reduce(addSignature, unsigned)));
}

/** A request as it comes. */
export function received(envelopeBytes: Uint8Array): RequestToDecide {
  return { request: openRequest(envelopeBytes), envelopeBytes };
}
