/**
 * Every reason this package gives for refusing. The first group is about a file and is listed in
 * protocol-spec/token-set.md; the second is about building one or asking for it wrongly.
 */
export type TokenSetErrorCode =
  | 'not_a_token_set'
  | 'version_unsupported'
  | 'suite_unsupported'
  | 'header_corrupt'
  | 'foreign'
  | 'index_corrupt'
  | 'block_corrupt'
  | 'truncated'
  | 'trailing_bytes'
  | 'query_too_large'
  // building and storage
  | 'argument_invalid'
  | 'set_empty'
  | 'tokens_not_uniform'
  | 'build_locked'
  | 'build_busy'
  | 'build_closed'
  | 'run_corrupt'
  | 'disk_full'
  | 'storage_failed';

/** What this package throws; `code` is stable, the message is one sentence for a person. */
export class TokenSetError extends Error {
  override readonly name = 'TokenSetError';
  readonly code: TokenSetErrorCode;

  constructor(code: TokenSetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
