/**
 * What can go wrong in an exchange, as a closed list of stable codes.
 * protocol-spec/problem-codes.md is the normative table; a test keeps the two equal.
 */

/** Who finds the problem: the holder says it in `refused`, the requester keeps it to itself, or either. */
export type ProblemFinder = 'holder' | 'requester' | 'either';

/** The exit code of a command that ends with the problem: 1 refused or failed, 3 the network. */
export type ExitClass = 1 | 3;

/** The WebSocket close code (RFC 6455 section 7.4.1) that goes with a problem; 1000 is the normal end. */
export type CloseCode = 1000 | 1001 | 1002 | 1008 | 1009 | 1011;

/** One row of the table of problems. */
export interface ProblemDefinition {
  readonly sentence: string;
  readonly finder: ProblemFinder;
  readonly exit: ExitClass;
  readonly close: CloseCode;
}

/** A stable code of protocol-spec/problem-codes.md. */
export type ProblemCode =
  | 'version_unsupported'
  | 'message_malformed'
  | 'message_unexpected'
  | 'frame_too_large'
  | 'epoch_unknown'
  | 'epoch_changed'
  | 'profile_unknown'
  | 'profile_mismatch'
  | 'suite_unsupported'
  | 'holder_unexpected'
  | 'descriptor_invalid'
  | 'manifest_malformed'
  | 'manifest_expired'
  | 'official_unknown'
  | 'official_expired'
  | 'official_revoked'
  | 'signatures_missing'
  | 'signature_invalid'
  | 'key_invalid'
  | 'statute_not_permitted'
  | 'purpose_not_permitted'
  | 'field_missing'
  | 'attestation_wrong'
  | 'outside_opening_hours'
  | 'records_below_minimum'
  | 'records_over_cap'
  | 'elements_over_cap'
  | 'quota_exceeded'
  | 'approval_denied'
  | 'approval_expired'
  | 'approval_invalid'
  | 'accounting_due'
  | 'accounting_invalid'
  | 'nonce_reused'
  | 'chunk_out_of_range'
  | 'chunk_mismatch'
  | 'element_invalid'
  | 'too_many_in_flight'
  | 'set_range_invalid'
  | 'proof_invalid'
  | 'canary_failed'
  | 'token_set_invalid'
  | 'receipt_invalid'
  | 'log_invalid'
  | 'log_forked'
  | 'deadline_exceeded'
  | 'shutting_down'
  | 'internal_error';

/** Every problem with its default sentence, who finds it, its exit class and its close code. */
export const PROBLEMS: Readonly<Record<ProblemCode, ProblemDefinition>> = {
  version_unsupported: row('holder', 'The holder speaks another protocol version; use a matching release.'),
  message_malformed: row(
    'either',
    'A message is not well-formed; check that both sides run a release of this protocol.',
    1,
    1002,
  ),
  message_unexpected: row(
    'either',
    'A message came at a point where it is not allowed; start the exchange again.',
    1,
    1002,
  ),
  frame_too_large: row(
    'either',
    'A frame is larger than the protocol allows; send smaller chunks or reads.',
    1,
    1009,
  ),
  epoch_unknown: row(
    'holder',
    'The request names an epoch that the holder does not serve; prepare it again.',
  ),
  epoch_changed: row(
    'requester',
    'The holder serves another epoch than the request was prepared for; prepare it again.',
  ),
  profile_unknown: row(
    'requester',
    'The holder uses a matching profile that this release does not have; install a release that has it.',
  ),
  profile_mismatch: row(
    'requester',
    'The holder uses other rules under the same profile name; install the same release as the holder.',
  ),
  suite_unsupported: row(
    'requester',
    'The holder uses a cipher suite that this release does not have; install a release that has it.',
  ),
  holder_unexpected: row(
    'either',
    'The holder is not the one that was expected; check its address and its fingerprint.',
  ),
  descriptor_invalid: row(
    'requester',
    "The holder's epoch descriptor is malformed or wrongly signed; report it to the holder.",
  ),
  manifest_malformed: row('either', 'The request manifest is malformed; prepare the request again.'),
  manifest_expired: row(
    'either',
    'The request is not valid at this time; prepare and sign it again, and check the clock.',
  ),
  official_unknown: row(
    'holder',
    'No official whom the holder allows has signed the request; have an allowed official sign it.',
  ),
  official_expired: row(
    'holder',
    'An official or certifier whose signature is needed may not sign at this time; have another one sign it.',
  ),
  official_revoked: row(
    'holder',
    'An official or certifier whose signature is needed may sign no more; have another one sign it.',
  ),
  signatures_missing: row(
    'holder',
    'The request lacks signatures that the holder requires; have those sign it who have not.',
  ),
  signature_invalid: row(
    'either',
    'A signature does not verify; sign the exact document again with the right key.',
  ),
  key_invalid: row('either', 'A key is not an Ed25519 key in PEM (PKCS#8 or SPKI); give one that is.'),
  statute_not_permitted: row(
    'holder',
    'The holder does not answer under the statute that the request names; prepare it under one that it permits.',
  ),
  purpose_not_permitted: row(
    'holder',
    'The holder does not answer for the purpose that the request names; prepare it for one that it permits.',
  ),
  field_missing: row(
    'holder',
    'The request manifest lacks something that the holder requires; prepare the request with it.',
  ),
  attestation_wrong: row(
    'holder',
    "The request does not carry the holder's attestation word for word; prepare it with that text.",
  ),
  outside_opening_hours: row(
    'holder',
    'The holder answers at certain hours only; submit the request again in them.',
    3,
  ),
  records_below_minimum: row(
    'holder',
    'The request has fewer records than the holder answers; put more records into one request.',
  ),
  records_over_cap: row(
    'holder',
    'The request has more records than the holder allows; split it or ask for a higher cap.',
  ),
  elements_over_cap: row(
    'either',
    'The request has more elements than its records or the epoch allow; split it.',
  ),
  quota_exceeded: row(
    'holder',
    'The request would exceed a quota of the holder; ask for less, later, or for a higher quota.',
  ),
  approval_denied: row('holder', 'The holder has denied the request; prepare another one or ask the holder.'),
  approval_expired: row(
    'holder',
    'Nobody approved the request in time; prepare it again and ask the holder to look at it.',
  ),
  approval_invalid: row(
    'holder',
    'The approval of the request does not count any more; prepare the request again and have that one approved.',
  ),
  accounting_due: row(
    'holder',
    'The accounting of an earlier request is due; submit that request again with an inspector, then this one.',
  ),
  accounting_invalid: row(
    'either',
    'The accounting of matches is not one that the holder takes; submit the request again.',
  ),
  nonce_reused: row('holder', 'The nonce of the request belongs to another request; prepare it again.'),
  chunk_out_of_range: row('either', 'The chunk index is not one of the request; send only its own chunks.'),
  chunk_mismatch: row(
    'either',
    'A chunk is not the one that the signed manifest commits to; prepare the request again.',
  ),
  element_invalid: row('either', 'An element is not a valid group element; prepare the request again.'),
  too_many_in_flight: row(
    'either',
    'Too many chunks or reads are under way at once; wait for answers first.',
  ),
  set_range_invalid: row('either', 'The range is not inside the token set or is too long; read inside it.'),
  proof_invalid: row(
    'requester',
    "The holder's proof does not verify; do not use the result and report it to the holder.",
  ),
  canary_failed: row(
    'requester',
    'A canary did not come back as it must; do not use the result and report it to the holder.',
  ),
  token_set_invalid: row(
    'requester',
    'The token set is not the one that the epoch names; download it again.',
  ),
  receipt_invalid: row(
    'requester',
    "The holder's receipt does not fit the request; keep it and report it to the holder.",
  ),
  log_invalid: row(
    'requester',
    "The holder's log does not prove what it must; do not use the result and report it to the holder.",
  ),
  log_forked: row(
    'requester',
    "The holder's log is not the one that was shown before; do not go on and report it to the inspector.",
  ),
  deadline_exceeded: row('either', 'The other side did not answer in time; try again.', 3),
  shutting_down: row(
    'holder',
    'The holder is shutting down; try again later, the request can be resumed.',
    3,
    1001,
  ),
  internal_error: row('either', 'Something went wrong on this side; look at the log and try again.', 1, 1011),
};

/** All codes, in the order of the specification. */
export const PROBLEM_CODES: readonly ProblemCode[] = Object.keys(PROBLEMS).filter(isProblemCode);

/** Whether `text` is one of the codes. */
export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(PROBLEMS, text);
}

/** A problem of the exchange or of a document; `message` is one plain sentence that says what to do. */
export class ProtocolError extends Error {
  readonly code: ProblemCode;

  /** @param sentence what to say instead of the code's default sentence. */
  constructor(code: ProblemCode, sentence: string = PROBLEMS[code].sentence, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'ProtocolError';
    this.code = code;
  }
}

function row(
  finder: ProblemFinder,
  sentence: string,
  exit: ExitClass = 1,
  close: CloseCode = 1008,
): ProblemDefinition {
  return { sentence, finder, exit, close };
}
