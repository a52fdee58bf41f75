import { Buffer } from 'node:buffer';

/**
 * `contextString` of RFC 9497, section 3.1: "OPRFV1-" ‖ I2OSP(0x01, 1) ‖ "-" ‖ identifier, verifiable mode.
 */
export const CONTEXT_STRING: Uint8Array = Buffer.from('OPRFV1-\x01-ristretto255-SHA512', 'latin1');

/** The generator's canonical encoding (RFC 9496, appendix A.1). */
export const GENERATOR: Uint8Array = Buffer.from(
  'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
  'hex',
);

/** Bytes of one output of the function, `Nh` of SHA-512. */
export const OUTPUT_BYTES = 64;
/** Bytes of a proof: challenge ‖ response. */
export const PROOF_BYTES = 64;
/** The longest input: its length goes into the hashes in two bytes (RFC 9497, section 1.2). */
export const INPUT_BYTES_MAX = 0xffff;

/** A label followed by `CONTEXT_STRING`, the shape of every domain separation tag of RFC 9497. */
export function domainTag(label: string): Uint8Array {
  return Buffer.concat([Buffer.from(label, 'latin1'), CONTEXT_STRING]);
}
