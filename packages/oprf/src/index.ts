// The errors of the group pass through this package's functions, so its callers get their class from here, and
// with it the engine that they may have to tell their users about.
export { GroupError, loadEngine } from '@blindmatch/group';
export type { ByteStrings, Engine, GroupErrorCode, RunOptions } from '@blindmatch/group';
export { packByteStrings } from './byte-strings.ts';
export { defaultEngine } from './default-engine.ts';
export { OprfError } from './errors.ts';
export type { OprfErrorCode } from './errors.ts';
export { createInlineOprf } from './inline-oprf.ts';
export { deriveKeyPair, generateKey, publicKeyOf } from './key.ts';
export type { KeyPair } from './key.ts';
export type { ProofContext } from './list-proof.ts';
export type { BlindedChunk, EvaluatedChunk, FinalizeJob, Oprf } from './oprf.ts';
export { createOprfPool } from './pooled-oprf.ts';
export type { OprfPoolOptions } from './pooled-oprf.ts';
export type { RandomBytes } from './randomness.ts';
