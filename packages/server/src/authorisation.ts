import type { Ledger } from '@blindmatch/ledger';
import { PAYLOAD_TYPES, validSigners, type OpenRequest, type ProblemCode } from '@blindmatch/protocol';
import type { Policy, Requester } from './policy/policy.ts';

/** Whether a request may be answered, and as whose. */
export type Decision =
  | {
      readonly accepted: true;
      /** Who was charged with it when it was first accepted; a resumed request keeps all three. */
      readonly requester: string;
      readonly officials: readonly string[];
      readonly acceptedAt: Date;
      /** True where it was accepted before, and so is not charged again. */
      readonly resumed: boolean;
    }
  | { readonly accepted: false; readonly code: ProblemCode; readonly sentence: string };

/** A request whose form, epoch, holder and times the session has checked, with its signed bytes as received. */
export interface RequestToAuthorise {
  readonly request: OpenRequest;
  readonly envelopeBytes: Uint8Array;
  readonly epoch: number;
}

/**
 * Decides on a request: an allowed official's signature over the exact manifest, the requester's cap, room for one
 * more request of this requester, then, in one durable transaction of the ledger, a new nonce. Nothing is remembered
 * of a refused request.
 */
export function authorise(
  asked: RequestToAuthorise,
  policy: Policy,
  ledger: Ledger,
  now: Date,
  hasRoom: (requester: string) => boolean,
): Decision {
  const { manifest, requestId, envelope } = asked.request;
  const signed = policy.requesters
    .map((requester) => ({ requester, officials: signersOf(requester, asked.request) }))
    .filter(({ officials }) => officials.length > 0);
  const [match, ...others] = signed;
  if (match === undefined) return refuse('official_unknown', unsignedSentence(envelope.signatures.length));
  if (others.length > 0) {
    return refuse(
      'official_unknown',
      'Officials of several requesters signed this request; let those of one agency sign it.',
    );
  }
  if (manifest.records > match.requester.maxRecords) {
    return refuse(
      'records_over_cap',
      `The request holds ${manifest.records} records and ${match.requester.maxRecords} are allowed in one; split it or ask the holder for a higher cap.`,
    );
  }
  if (!hasRoom(match.requester.name)) {
    // Before anything is charged. The code is the one that tells a requester to come again later.
    return refuse(
      'shutting_down',
      'The holder serves as many requests as it can, in all or of one requester; submit the request again later.',
    );
  }
  const acceptance = ledger.accept(
    {
      requestId,
      nonce: manifest.nonce,
      epoch: asked.epoch,
      requester: match.requester.name,
      officials: match.officials,
      records: manifest.records,
      elements: manifest.elements,
      envelope: asked.envelopeBytes,
    },
    now,
  );
  if (acceptance.outcome === 'nonce_reused') {
    return refuse(
      'nonce_reused',
      'The nonce of this request was spent by another one; prepare the request again.',
    );
  }
  const { requester, officials, acceptedAt } = acceptance;
  if (requester !== match.requester.name) {
    return refuse(
      'nonce_reused',
      'This request was accepted for another requester, which answers for it; prepare a request of your own.',
    );
  }
  return { accepted: true, requester, officials, acceptedAt, resumed: acceptance.outcome === 'known' };
}

function signersOf(requester: Requester, { envelope }: OpenRequest): readonly string[] {
  return validSigners(
    envelope,
    PAYLOAD_TYPES.requestManifest,
    requester.officials.map((official) => official.key),
  );
}

function unsignedSentence(signatures: number): string {
  return signatures === 0
    ? 'The request is not signed; have an official sign it with: blindmatch sign REQUEST/ --key official.pem'
    : 'No official whom this holder allows has validly signed the request; ask the holder to allow the official, or sign it with an allowed key.';
}

function refuse(code: ProblemCode, sentence: string): Decision {
  return { accepted: false, code, sentence };
}
