/** How the tokens of a file are coded: cut to `bits` bits, distances Rice coded with parameter `riceBits`. */
export interface TokenCode {
  readonly bits: number;
  readonly riceBits: number;
}

/** Tokens in every block but the last. */
export const BLOCK_TOKENS = 4096;

/** Blocks under every index page but the last. */
export const PAGE_BLOCKS = 1024;

/** The fewest bytes that a block of `count` tokens can have: every quotient zero. */
export function minBlockBytes(count: number, code: TokenCode): number {
  return Math.ceil(fixedBits(count, code) / 8);
}

/**
 * The most bytes that a block of `count` tokens may have: its quotients sum to at most 4·count + 512. Uniform tokens
 * stay far below (their mean is at most 2 a token), and the bound lets a reader cap its memory before it reads.
 */
export function maxBlockBytes(count: number, code: TokenCode): number {
  return Math.ceil((fixedBits(count, code) + 4 * count + 512) / 8);
}

function fixedBits(count: number, code: TokenCode): number {
  return code.bits + (count - 1) * (code.riceBits + 1);
}
