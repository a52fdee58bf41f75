export { CANARY_COUNT, absentCanary, presentCanary } from './canaries.ts';
export type { CanaryCounts } from './canaries.ts';
export { ChunkLeafHasher, ChunkTree, chunkLeaf, verifyInclusion } from './chunk-tree.ts';
export { decodeHolderMessage, decodeRequesterMessage, encodeMessage } from './codec.ts';
export { digestText, parseDigest } from './digest.ts';
export { isLine } from './document-fields.ts';
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
export type { EpochDescriptor, OpenEpoch } from './epoch-descriptor.ts';
export { HolderSession } from './holder-session.ts';
export type { Decision, HolderEvent, HolderSessionOptions } from './holder-session.ts';
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
} from './keys.ts';
export * from './limits.ts';
export { MATCH_TIERS } from './match-tier.ts';
export type { MatchTier } from './match-tier.ts';
export {
  checkManifest,
  encodeRequestManifest,
  openRequest,
  parseRequestManifest,
  requestIdOf,
} from './manifest.ts';
export type { ManifestSetting, OpenRequest, RequestManifest } from './manifest.ts';
export type { HolderMessage, RequesterMessage } from './messages.ts';
export { PROBLEMS, PROBLEM_CODES, ProtocolError, isProblemCode } from './problem.ts';
export type { CloseCode, ExitClass, ProblemCode, ProblemDefinition, ProblemFinder } from './problem.ts';
export { encodeReceipt, openReceipt, parseReceipt } from './receipt.ts';
export type { Receipt } from './receipt.ts';
export { RequesterSession } from './requester-session.ts';
export type { RequesterEvent, RequesterSessionOptions } from './requester-session.ts';
