export { encodeApproval, openApproval } from './approval.ts';
export type { Approval, OpenApproval } from './approval.ts';
export { CANARY_COUNT, absentCanary, presentCanary } from './canaries.ts';
export type { CanaryCounts } from './canaries.ts';
export { logOrigin, noteKeyOf, openCheckpoint, signCheckpoint } from './checkpoint.ts';
export type { Checkpoint, TreeHead } from './checkpoint.ts';
export { ChunkLeafHasher, ChunkTree, chunkLeaf } from './chunk-tree.ts';
export { decodeHolderMessage, decodeRequesterMessage, encodeMessage } from './codec.ts';
export { digestText, parseDigest } from './digest.ts';
export { isAgeRecipient, isLine, isTaxPeriod } from './document-fields.ts';
export {
  PAYLOAD_TYPES,
  addSignature,
  encodeEnvelope,
  parseEnvelope,
  signPayload,
  unsignedEnvelope,
  validSigners,
} from './envelope.ts';
export type { Envelope, EnvelopeSignature, PayloadType } from './envelope.ts';
export {
  encodeEpochDescriptor,
  epochIdOf,
  openEpochDescriptor,
  parseEpochDescriptor,
} from './epoch-descriptor.ts';
export type { EpochDescriptor, EvidenceReader, OpenEpoch } from './epoch-descriptor.ts';
export { HolderSession } from './holder-session.ts';
export type {
  Decision,
  HolderEvent,
  HolderSessionOptions,
  LogView,
  ReceiptAnswer,
} from './holder-session.ts';
export {
  fingerprint,
  generateSigningKey,
  parseFingerprint,
  privateKeyFromPem,
  privateKeyToPem,
  publicKeyFromPem,
  publicKeyFromSpki,
  publicKeyToPem,
  publicKeyToSpki,
  verifySignature,
} from './keys.ts';
export * from './limits.ts';
export { encodeLeaf, parseLeaf } from './log-leaf.ts';
export type { LeafOf, LogLeaf } from './log-leaf.ts';
export { requireGrowth } from './log-view.ts';
export { requireInclusion } from './logged-leaf.ts';
export type { InclusionProof, LoggedLeaf, PlacedLeaf } from './logged-leaf.ts';
export { MATCH_TIERS } from './match-tier.ts';
export type { MatchTier } from './match-tier.ts';
export {
  checkManifest,
  isExpired,
  encodeRequestManifest,
  openRequest,
  parseRequestManifest,
  requestIdOf,
} from './manifest.ts';
export type { Investigator, ManifestSetting, OpenRequest, RequestManifest } from './manifest.ts';
export type { HolderMessage, RequesterMessage } from './messages.ts';
export { PROBLEMS, PROBLEM_CODES, ProtocolError, isProblemCode } from './problem.ts';
export type { CloseCode, ExitClass, ProblemCode, ProblemDefinition, ProblemFinder } from './problem.ts';
export {
  encodeAccountingReceipt,
  encodeReceipt,
  openAccountingReceipt,
  openReceipt,
  requireReceiptFor,
  verifyAccountingReceipt,
  verifyReceipt,
} from './receipt.ts';
export type { AccountingReceipt, Receipt, ReceiptContents } from './receipt.ts';
export { RequesterSession } from './requester-session.ts';
export type { RequesterEvent, RequesterSessionOptions } from './requester-session.ts';
export { cosignNote, cosignatureBy, formatNote, hasSigned, parseNote, signNote } from './signed-note.ts';
export type { Cosignature, NoteKey, NoteSignature, SignedNote } from './signed-note.ts';
