/**
 * Why this package refuses something. `protocol-spec/oprf.md` gives the meaning of the codes that reach the
 * wire.
 */
export type OprfErrorCode = (typeof CODES)[number];

const CODES = [
  'proof_invalid',
  'input_too_long',
  'inputs_invalid',
  'key_invalid',
  'seed_invalid',
  'context_invalid',
  'batch_length',
] as const;

/**
 * Every error that this package throws on purpose. Errors of the group pass through it unchanged: an element
 * from the wire that is not valid is a GroupError `element_invalid` with its index in the batch.
 * Evaluating and finalizing a chunk give that error for nothing else.
 */
export class OprfError extends Error {
  override readonly name = 'OprfError';
  readonly code: OprfErrorCode;
  readonly index: number | undefined;

  constructor(code: OprfErrorCode, message: string, index?: number) {
    super(message);
    this.code = code;
    this.index = index;
  }
}

/** Whether a text, which came over the thread border, is one of the codes. */
export function isOprfErrorCode(code: string | undefined): code is OprfErrorCode {
  return CODES.some((known) => known === code);
}
