import { randomBytes } from 'node:crypto';

/** A source of `length` uniform bytes from a cryptographic generator, in an array that the caller owns. */
export type RandomBytes = (length: number) => Uint8Array;

/** The system's generator. */
export const systemRandomBytes: RandomBytes = (length) => randomBytes(length);
