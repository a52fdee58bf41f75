import { createHash } from 'node:crypto';

/*
 * The slow, obvious twin of the whole format: BigInts, strings of '0' and '1', everything in memory at once, written
 * from protocol-spec/token-set.md and sharing no code with the implementation.
 */

export interface Identity {
  readonly publicKey: Uint8Array;
  readonly epoch: number;
  readonly maxElements: number;
}

export const IDENTITY: Identity = { publicKey: new Uint8Array(32).fill(0xa5), epoch: 3, maxElements: 1000 };

export function obviousCeilLog2(n: number): number {
  return n === 1 ? 0 : (BigInt(n) - 1n).toString(2).length;
}

export function obviousBits(tokens: number, maxElements: number): number {
  return 40 + obviousCeilLog2(maxElements) + obviousCeilLog2(tokens);
}

/** 16-byte strings as numbers of 128 bits. */
export function numbersOf(tokens: Uint8Array): bigint[] {
  const numbers: bigint[] = [];
  for (let at = 0; at < tokens.length; at += 16) {
    numbers.push(BigInt(`0x${Buffer.from(tokens.subarray(at, at + 16)).toString('hex')}`));
  }
  return numbers;
}

/** An output's first 16 bytes as a number, and whose it is. */
export interface Owned {
  readonly token: bigint;
  readonly owner: number;
}

/** The tokens that have one owner, in the order they come first, and how many have more. */
export function obviousUnambiguous(outputs: readonly Owned[]): { tokens: Uint8Array; ambiguous: number } {
  const owners = new Map<bigint, Set<number>>();
  for (const { token, owner } of outputs) owners.set(token, (owners.get(token) ?? new Set()).add(owner));
  const kept = [...owners].filter(([, of]) => of.size === 1).map(([token]) => token);
  return { tokens: bytesOf(kept), ambiguous: owners.size - kept.length };
}

/** Numbers of 128 bits as 16-byte strings. */
export function bytesOf(numbers: readonly bigint[]): Uint8Array {
  const hex = numbers.map((number) => number.toString(16).padStart(32, '0')).join('');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

/** The distinct cut tokens in ascending order, and b. */
export function obviousSet(tokens: Uint8Array, maxElements: number): { bits: number; values: bigint[] } {
  const numbers = [...new Set(numbersOf(tokens))];
  let count = numbers.length;
  for (;;) {
    const bits = obviousBits(count, maxElements);
    const cut = new Set(numbers.map((number) => number >> BigInt(128 - bits)));
    if (obviousBits(cut.size, maxElements) === bits) {
      return { bits, values: [...cut].sort((a, b) => (a < b ? -1 : 1)) };
    }
    count = cut.size;
  }
}

/** One block as a string of bits, before padding. */
export function obviousBlockBits(values: readonly bigint[], bits: number, k: number): string {
  const [first, ...rest] = values;
  let out = first!.toString(2).padStart(bits, '0');
  let previous = first!;
  for (const value of rest) {
    const distance = value - previous - 1n;
    const quotient = Number(distance >> BigInt(k));
    const remainder = distance & ((1n << BigInt(k)) - 1n);
    out += '1'.repeat(quotient) + '0' + remainder.toString(2).padStart(k, '0');
    previous = value;
  }
  return out;
}

/** Bits as bytes, padded with zeros. */
export function packBits(bits: string): Uint8Array {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}

/** The file of a set of tokens. */
export function obviousFile(tokens: Uint8Array, identity: Identity = IDENTITY): Uint8Array {
  const { bits, values } = obviousSet(tokens, identity.maxElements);
  const k = bits - obviousCeilLog2(values.length);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < values.length; at += 4096) {
    blocks.push(packBits(obviousBlockBits(values.slice(at, at + 4096), bits, k)));
  }
  return assemble(blocks, values.length, identity);
}

/** A file around any blocks at all, with every hash right: for files that only their blocks make wrong. */
export function assemble(
  blocks: readonly Uint8Array[],
  tokens: number,
  identity: Identity = IDENTITY,
  change: (fixed: DataView) => void = () => undefined,
): Uint8Array {
  const pages: Uint8Array[] = [];
  const body: Uint8Array[] = [];
  for (let at = 0; at < blocks.length; at += 1024) {
    const ofPage = blocks.slice(at, at + 1024);
    const page = Buffer.concat(ofPage.flatMap((block) => [hash(block), word(block.length)]));
    pages.push(page);
    body.push(page, ...ofPage);
  }
  const bodyLength = body.reduce((sum, part) => sum + part.length, 0);
  const fixed = Buffer.alloc(96);
  fixed.write('BMTOKSET', 0, 'latin1');
  fixed.writeUInt16BE(1, 8);
  fixed.writeUInt16BE(1, 10);
  fixed.writeUInt8(obviousBits(tokens, identity.maxElements), 12);
  fixed.writeUInt8(40 + obviousCeilLog2(identity.maxElements), 13);
  fixed.writeUInt32BE(4096, 16);
  fixed.writeUInt32BE(1024, 20);
  fixed.writeUInt32BE(identity.epoch, 24);
  fixed.writeUInt32BE(identity.maxElements, 28);
  fixed.writeBigUInt64BE(BigInt(tokens), 32);
  fixed.writeBigUInt64BE(BigInt(96 + 32 * pages.length + 32 + bodyLength), 40);
  fixed.writeUInt32BE(blocks.length, 48);
  fixed.writeUInt32BE(pages.length, 52);
  fixed.set(identity.publicKey, 64);
  change(new DataView(fixed.buffer, fixed.byteOffset, 96));
  const head = Buffer.concat([fixed, ...pages.map(hash)]);
  return new Uint8Array(Buffer.concat([head, hash(head), ...body]));
}

/** The digest of a file with one index page or more. */
export function digestOf(file: Uint8Array): Uint8Array {
  const pages = Buffer.from(file).readUInt32BE(52);
  return hash(file.subarray(0, 96 + 32 * pages + 32));
}

function hash(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
