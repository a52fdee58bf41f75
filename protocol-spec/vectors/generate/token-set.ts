// Writes ../token-set.json: whole token set files, from the obvious coder that shares no code with the implementation.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  assemble,
  bytesOf,
  digestOf,
  numbersOf,
  obviousBits,
  obviousBlockBits,
  obviousFile,
  obviousSet,
  obviousUnambiguous,
  packBits,
} from '../../../packages/tokenset/test/rig/obvious.ts';
import type { Identity } from '../../../packages/tokenset/test/rig/obvious.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const list = (tokens: Uint8Array): string[] =>
  Array.from({ length: tokens.length / 16 }, (_, i) => hex(tokens.subarray(16 * i, 16 * i + 16)));

/** Uniform tokens: the SHAKE256 of the label, cut into 16-byte pieces. */
function uniform(count: number, label: string): Uint8Array {
  return createHash('shake256', { outputLength: 16 * count }).update(label).digest();
}

function identity(maxElements: number, epoch = 1): Identity {
  return { publicKey: sha256(Buffer.from('blindmatch token-set public key')), epoch, maxElements };
}

const bits = [
  [1, 1],
  [1, 1_000_000],
  [2, 1],
  [65_536, 1_000_000],
  [65_537, 1_000_000],
  [300_000_000, 1_280_000],
  [2 ** 38, 2 ** 32 - 1],
].map(([tokens = 0, maxElements = 0]) => ({ tokens, max_elements: maxElements, bits: obviousBits(tokens, maxElements) }));

function small(comment: string, tokens: Uint8Array, of: Identity): object {
  const file = obviousFile(tokens, of);
  const set = obviousSet(tokens, of.maxElements);
  const near = Uint8Array.from(tokens.subarray(0, 16));
  const last = set.bits - 1;
  near[last >> 3] = (near[last >> 3] ?? 0) ^ (0x80 >> (last & 7));
  const far = Uint8Array.from(tokens.subarray(0, 16));
  far[15] = (far[15] ?? 0) ^ 1;
  const query = Buffer.concat([uniform(1, 'absent'), far, tokens.subarray(-16), near, far]);
  const known = new Set(set.values);
  const flags = list(query).map((token) => (known.has(BigInt(`0x${token}`) >> BigInt(128 - set.bits)) ? 1 : 0));
  return {
    comment,
    public_key: hex(of.publicKey),
    epoch: of.epoch,
    max_elements: of.maxElements,
    outputs_first_16_bytes: list(tokens),
    bits: set.bits,
    tokens: set.values.map((value) => value.toString(16).padStart(Math.ceil(set.bits / 4), '0')),
    digest: hex(digestOf(file)),
    file: hex(file),
    query: list(query),
    flags,
  };
}

const twoEqualWhenCut = Buffer.concat([new Uint8Array(31), Uint8Array.of(1), Uint8Array.of(0x80), new Uint8Array(15)]);

const files = [
  small('one token', uniform(1, 'one'), identity(1)),
  small('two tokens', uniform(2, 'two'), identity(1000)),
  small('forty tokens, a request of a million elements', uniform(40, 'forty'), identity(1_000_000, 7)),
  small('k = 72, so that a remainder is longer than 64 bits', uniform(9, 'nine'), identity(2 ** 32 - 1, 2 ** 32 - 1)),
  small(
    'the same output twice, in another order',
    Buffer.concat([uniform(2, 'two').subarray(16), uniform(2, 'two')]),
    identity(1000),
  ),
  small('three outputs, two of them equal after cutting: N is 2 and b is 41, not 42', twoEqualWhenCut, identity(1)),
];

/** A build of outputs with owners: the tokens of more than one owner are not in the file. */
function owned(comment: string, outputs: readonly [token: number, owner: number][]): object {
  const known = numbersOf(uniform(4, 'owned'));
  const pairs = outputs.map(([token, owner]) => ({ token: known[token] ?? 0n, owner }));
  const of = identity(1000);
  const { tokens, ambiguous } = obviousUnambiguous(pairs);
  const file = tokens.length === 0 ? undefined : obviousFile(tokens, of);
  return {
    comment,
    public_key: hex(of.publicKey),
    epoch: of.epoch,
    max_elements: of.maxElements,
    outputs_first_16_bytes: pairs.map(({ token }) => hex(bytesOf([token]))),
    owners: pairs.map(({ owner }) => owner.toString(16).padStart(16, '0')),
    ambiguous,
    ...(file === undefined ? { code: 'set_empty' } : { digest: hex(digestOf(file)), file: hex(file) }),
  };
}

const builds = [
  owned('a token that one owner has twice stays', [[0, 1], [1, 2], [0, 1]]),
  owned('a token that two owners have is left out', [[0, 1], [1, 2], [0, 2]]),
  owned('and does not come back with a third pair of the first owner', [[0, 1], [0, 2], [0, 1], [1, 1], [2, 3], [2, 3], [3, 2]]),
  owned('every token belongs to two owners', [[0, 1], [1, 2], [0, 2], [1, 1]]),
];

const large = [
  ['the last block holds one token', 4097],
  ['two full blocks, N a power of two', 8192],
  ['13 blocks', 50_000],
].map(([comment, count]) => {
  const file = obviousFile(uniform(Number(count), 'large'), identity(1_280_000));
  return {
    comment,
    public_key: hex(identity(1).publicKey),
    epoch: 1,
    max_elements: 1_280_000,
    outputs_first_16_bytes_are: `SHAKE256('large', ${16 * Number(count)} bytes) in pieces of 16`,
    label: 'large',
    count,
    digest: hex(digestOf(file)),
    bytes: file.length,
    file_sha256: hex(sha256(file)),
  };
});

const good = obviousFile(uniform(4, 'four'), identity(1000));
const trusted = digestOf(good);

interface Failure {
  readonly comment: string;
  readonly code: string;
  readonly digest: string;
  readonly file: string;
}

function failure(comment: string, code: string, file: Uint8Array, digest = trusted): Failure {
  return { comment, code, digest: hex(digest), file: hex(file) };
}

function changed(at: number, mask = 0x01): Uint8Array {
  const file = Uint8Array.from(good);
  file[at] = (file[at] ?? 0) ^ mask;
  return file;
}

/** A file that is trusted as it is, so that only what is in it is at fault. */
function trustedFailure(comment: string, code: string, file: Uint8Array): Failure {
  return failure(comment, code, file, digestOf(file));
}

const goodBlock = obviousBlockBits([5n, 2n ** 51n - 1n], 51, 50);
const whole = goodBlock.padEnd(Math.ceil(goodBlock.length / 8) * 8, '0');
const two = identity(1000);
const withField = (change: (fixed: DataView) => void): Uint8Array => assemble([packBits(goodBlock)], 2, two, change);

const failures = [
  failure('first byte of the magic changed', 'not_a_token_set', changed(0)),
  failure('version 0', 'version_unsupported', changed(9)),
  failure('suite 0', 'suite_unsupported', changed(11)),
  failure('a bit of the public key', 'header_corrupt', changed(64)),
  failure('a bit of the hash of page 0', 'header_corrupt', changed(96)),
  failure('a bit of the checksum', 'header_corrupt', changed(159)),
  failure('a whole file of another epoch', 'foreign', obviousFile(uniform(4, 'four'), identity(1000, 2))),
  failure('a bit of the block hash in the index page', 'index_corrupt', changed(160)),
  failure('a bit of the block length in the index page', 'index_corrupt', changed(195)),
  failure('the first bit of the block', 'block_corrupt', changed(196, 0x80)),
  failure('the last bit of the file', 'block_corrupt', changed(good.length - 1)),
  failure('no bytes', 'truncated', good.subarray(0, 0)),
  failure('the fixed header only', 'truncated', good.subarray(0, 96)),
  failure('the header only', 'truncated', good.subarray(0, 160)),
  failure('the last byte missing', 'truncated', good.subarray(0, -1)),
  failure('one byte more', 'trailing_bytes', Buffer.concat([good, Uint8Array.of(0)])),
  trustedFailure('b one below what N and the largest request need', 'header_corrupt', withField((v) => { v.setUint8(12, 50); })),
  trustedFailure('b one above', 'header_corrupt', withField((v) => { v.setUint8(12, 52); })),
  trustedFailure('k one below', 'header_corrupt', withField((v) => { v.setUint8(13, 49); })),
  trustedFailure('a reserved byte that is not zero', 'header_corrupt', withField((v) => { v.setUint8(63, 1); })),
  trustedFailure('two blocks for two tokens', 'header_corrupt', withField((v) => { v.setUint32(48, 2); })),
  trustedFailure('a length that two tokens can not have', 'header_corrupt', withField((v) => { v.setBigUint64(40, 1000n); })),
  trustedFailure('a length one above that of the blocks', 'index_corrupt', withField((v) => { v.setBigUint64(40, v.getBigUint64(40) + 1n); })),
  trustedFailure('a bit set in the padding', 'block_corrupt', assemble([packBits(`${whole.slice(0, -1)}1`)], 2, two)),
  trustedFailure('a byte after the last token', 'block_corrupt', assemble([packBits(`${whole}00000000`)], 2, two)),
  trustedFailure('a token of 52 bits', 'block_corrupt', assemble([packBits(obviousBlockBits([5n, 2n ** 51n], 51, 50))], 2, two)),
  trustedFailure('a block that ends within a quotient', 'block_corrupt', assemble([packBits(`${obviousBlockBits([5n], 51, 50)}${'1'.repeat(53)}`)], 2, two)),
];

writeFileSync(
  new URL('../token-set.json', import.meta.url),
  `${JSON.stringify({ comment: 'Token set files; see token-set.md', bits, files, builds, large, failures }, null, 2)}\n`,
);
