export type { HolderAddress } from './connect.ts';
export { HolderConnection } from './holder-connection.ts';
export { main } from './main.ts';
export { prepareRequest, type Authority, type PreparedRequest, type PrepareInput } from './prepare.ts';
export { openRequestDirectory, requestFiles, type RequestDirectory } from './request-directory.ts';
export { signRequest } from './request-signing.ts';
export type { ResultCounts } from './results.ts';
export {
  readStoredRequest,
  submitRequest,
  type StoredRequest,
  type SubmitAccount,
  type SubmitInput,
} from './submit.ts';
export { TokenSetCache } from './token-set-cache.ts';
export { HolderRefusal } from './wire.ts';
