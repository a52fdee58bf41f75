// Writes protocol-spec/vectors/messages.json: node protocol-spec/vectors/generate/messages.ts
import { writeFileSync } from 'node:fs';
import { encodeMessage } from '../../../packages/protocol/src/codec.ts';
import type { HolderMessage, RequesterMessage } from '../../../packages/protocol/src/messages.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (length: number, first: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (first + index) % 256);

const requester: [comment: string, message: RequesterMessage][] = [
  ['hello, version 1, from one who has not seen the log yet', { type: 'hello', version: 1, logSize: 0 }],
  ['hello from one who saw 300 leaves', { type: 'hello', version: 1, logSize: 300 }],
  ['a request; three bytes stand for the envelope', { type: 'request', envelope: bytes(3, 0xa0) }],
  ['an envelope of 256 bytes: the first length with two bytes', { type: 'request', envelope: bytes(256, 0) }],
  [
    'a chunk of two elements with an empty path',
    { type: 'chunk', index: 0, elements: bytes(64, 0), path: bytes(0, 0) },
  ],
  [
    'a chunk of one element with a path of two nodes',
    { type: 'chunk', index: 200, elements: bytes(32, 1), path: bytes(64, 2) },
  ],
  ['the largest index', { type: 'chunk', index: 0xffff_ffff, elements: bytes(32, 1), path: bytes(32, 2) }],
  ['finish', { type: 'finish' }],
  ['a read at the start', { type: 'setRead', offset: 0, length: 262_144 }],
  ['a read above 4 GiB', { type: 'setRead', offset: 2 ** 32, length: 1 }],
  ['a read at the largest offset', { type: 'setRead', offset: Number.MAX_SAFE_INTEGER, length: 1 }],
  [
    'an accounting of three bytes in one piece',
    { type: 'accounting', total: 3, offset: 0, bytes: bytes(3, 0xa0) },
  ],
  [
    'the last piece of an accounting of 131,077 bytes',
    { type: 'accounting', total: 131_077, offset: 131_072, bytes: bytes(5, 0) },
  ],
];
const holder: [comment: string, message: HolderMessage][] = [
  [
    'an epoch whose leaf is the only one; three bytes each stand for the envelope, the checkpoint and the leaf',
    {
      type: 'epoch',
      envelope: bytes(3, 0xa0),
      checkpoint: bytes(3, 0xb0),
      leafIndex: 0,
      leaf: bytes(3, 0xc0),
      path: bytes(0, 0),
      consistency: bytes(0, 0),
    },
  ],
  [
    'an epoch at leaf 300 with a path of two nodes and a consistency proof of one',
    {
      type: 'epoch',
      envelope: bytes(3, 0xa0),
      checkpoint: bytes(3, 0xb0),
      leafIndex: 300,
      leaf: bytes(3, 0xc0),
      path: bytes(64, 0),
      consistency: bytes(32, 64),
    },
  ],
  ['accepted', { type: 'accepted', requestId: bytes(32, 0) }],
  ['refused', { type: 'refused', code: 'nonce_reused', sentence: 'Prepare the request again.' }],
  [
    'refused with letters of two bytes',
    { type: 'refused', code: 'internal_error', sentence: 'Später erneut prüfen, größere Störung.' },
  ],
  [
    'a chunk of two elements evaluated',
    { type: 'evaluated', index: 0, elements: bytes(64, 0), roots: bytes(64, 64), proof: bytes(64, 128) },
  ],
  [
    'a chunk of two elements evaluated, without roots',
    { type: 'evaluated', index: 0, elements: bytes(64, 0), roots: bytes(0, 0), proof: bytes(64, 128) },
  ],
  [
    'a receipt with a consistency proof of one node; three bytes stand for the envelope',
    { type: 'receipt', envelope: bytes(3, 0xa0), consistency: bytes(32, 0) },
  ],
  [
    'a receipt of a log that has not grown since',
    { type: 'receipt', envelope: bytes(3, 0xa0), consistency: bytes(0, 0) },
  ],
  ['pending; ask again in 30 s', { type: 'pending', requestId: bytes(32, 0), retryAfter: 30 }],
  ['pending for the longest', { type: 'pending', requestId: bytes(32, 0), retryAfter: 3600 }],
  [
    'the receipt of an accounting; three bytes stand for the envelope',
    { type: 'accounted', envelope: bytes(3, 0xa0), consistency: bytes(64, 0) },
  ],
  ['a piece of the token set', { type: 'setData', offset: 65_536, bytes: bytes(5, 0) }],
];

/** Frames that a holder must refuse, written by hand. */
const fromRequester: Record<string, string> = {
  'an empty frame': '',
  'a bare number': '01',
  'an empty array': '90',
  'an array with only a number that needs more': '91 01',
  'a hello without the size of the log': '92 01 01',
  'an unknown message number': '91 07',
  'a message of a holder': `93 17 c4 20 ${'00'.repeat(32)} 1e`,
  'a message number in a longer form': '93 cc 01 01 00',
  'a negative message number': '93 ff 01 00',
  'too many items': '94 01 01 00 00',
  'array 16 in place of fixarray': 'dc 0003 01 01 00',
  'array 32 in place of fixarray': 'dd 00000003 01 01 00',
  'array 32 of a huge length': 'dd ffffffff 01 01',
  'a map at the top': '81 01 01',
  'map 32 of a huge length': 'df ffffffff',
  'a nested array': '93 01 91 01 00',
  'a map as an item': '93 01 81 01 01 00',
  nil: '93 01 c0 00',
  'a boolean': '93 01 c3 00',
  'the never-used byte': '93 01 c1 00',
  'a float': '93 01 ca 3f800000 00',
  'a double': '93 01 cb 3ff0000000000000 00',
  'a negative integer': '93 01 ff 00',
  'a signed integer': '93 01 d0 01 00',
  'an integer of one byte too many': '93 01 cc 01 00',
  'an integer of two bytes that fits one': '93 01 cd 00ff 00',
  'an integer of four bytes that fits two': '93 01 ce 0000ffff 00',
  'an integer of eight bytes that fits four': '93 05 cf 00000000ffffffff 01',
  'an integer above 2^53 - 1': '93 05 cf 0020000000000000 01',
  'the largest integer': '93 05 cf ffffffffffffffff 01',
  'a 64-bit version': '93 01 cf 0000000100000000 00',
  'a 64-bit size of the log': '93 01 01 cf 0000000100000000',
  'a cut integer': '93 01 01 ce 0001',
  'a record definition': '93 01 d4 72 40 00',
  'a record definition with fields': '92 02 d4 72 40 91 a1 61 01',
  'a record in an ext 8': '92 02 c7 01 72 40',
  'a fixext': '92 02 d4 01 00',
  'a timestamp': '92 02 d6 ff 00000000',
  'an ext 32 of a huge length': '92 02 c9 ffffffff 01',
  'a string in place of bytes': '92 02 a1 61',
  'bytes in place of a number': '93 01 c4 01 01 00',
  'empty bytes where some are needed': '92 02 c4 00',
  'bytes longer than the frame': '92 02 c4 05 01',
  'bytes of a huge length': '92 02 c6 ffffffff',
  'bytes with a longer length form': '92 02 c5 0001 61',
  'bytes with the longest length form': '92 02 c6 00000001 61',
  'a cut length': '92 02 c6 0000',
  'elements cut inside one': `94 03 00 c4 1f ${'00'.repeat(31)} c4 00`,
  'no elements': '94 03 00 c4 00 c4 00',
  'a path cut inside a node': `94 03 00 c4 20 ${'00'.repeat(32)} c4 01 00`,
  'a trailing byte': '93 01 01 00 00',
  'a second message behind the first': '93 01 01 00 93 01 01 00',
  'a repeated item': '92 04 04',
  'an empty piece of an accounting': '94 06 01 00 c4 00',
  'an accounting without its total': '93 06 00 c4 01 00',
  'a 64-bit total of an accounting': '94 06 cf 0000000100000000 00 c4 01 00',
};

const refused = (code: string, sentence: string): string =>
  `93 13 ${hex(Uint8Array.of(0xa0 + code.length))} ${hex(Buffer.from(code))} ${sentence}`;

/** Frames that a requester must refuse, written by hand. */
const fromHolder: Record<string, string> = {
  'a message of a requester': '93 01 01 00',
  'an epoch with its envelope alone': '92 11 c4 03 a0a1a2',
  'an epoch without a checkpoint': '97 11 c4 01 a0 c4 00 00 c4 01 c0 c4 00 c4 00',
  'an epoch without a leaf': '97 11 c4 01 a0 c4 01 b0 00 c4 00 c4 00 c4 00',
  'an epoch without a consistency proof': '96 11 c4 01 a0 c4 01 b0 00 c4 01 c0 c4 00',
  'a 64-bit index of a leaf': '97 11 c4 01 a0 c4 01 b0 cf 0000000100000000 c4 01 c0 c4 00 c4 00',
  'an inclusion proof cut inside a node': `97 11 c4 01 a0 c4 01 b0 00 c4 01 c0 c4 1f ${'00'.repeat(31)} c4 00`,
  'a consistency proof cut inside a node': `97 11 c4 01 a0 c4 01 b0 00 c4 01 c0 c4 00 c4 21 ${'00'.repeat(33)}`,
  'a consistency proof of 65 nodes': `97 11 c4 01 a0 c4 01 b0 00 c4 01 c0 c4 00 c5 0820 ${'00'.repeat(32 * 65)}`,
  'a receipt with its envelope alone': '92 15 c4 03 a0a1a2',
  'a receipt with a proof cut inside a node': '93 15 c4 01 a0 c4 01 00',
  'the receipt of an accounting with its envelope alone': '92 18 c4 03 a0a1a2',
  'pending without a request id': '92 17 1e',
  'pending without a time': `92 17 c4 20 ${'00'.repeat(32)}`,
  'pending with a request id of 33 bytes': `93 17 c4 21 ${'00'.repeat(33)} 1e`,
  'pending for a 64-bit time': `93 17 c4 20 ${'00'.repeat(32)} cf 0000000100000000`,
  'pending for a time that is no integer': `93 17 c4 20 ${'00'.repeat(32)} ca 41f00000`,
  'a request id of 31 bytes': `92 12 c4 1f ${'00'.repeat(31)}`,
  'a proof of 63 bytes': `95 14 00 c4 20 ${'00'.repeat(32)} c4 00 c4 3f ${'00'.repeat(63)}`,
  'one root for two elements': `95 14 00 c4 40 ${'00'.repeat(64)} c4 20 ${'00'.repeat(32)} c4 40 ${'00'.repeat(64)}`,
  'two roots for one element': `95 14 00 c4 20 ${'00'.repeat(32)} c4 40 ${'00'.repeat(64)} c4 40 ${'00'.repeat(64)}`,
  'a root of 31 bytes': `95 14 00 c4 20 ${'00'.repeat(32)} c4 1f ${'00'.repeat(31)} c4 40 ${'00'.repeat(64)}`,
  'an evaluated chunk without a field for roots': `94 14 00 c4 20 ${'00'.repeat(32)} c4 40 ${'00'.repeat(64)}`,
  'an empty piece of the token set': '93 16 00 c4 00',
  'an unknown problem code': refused('no_such_code', 'a5 557365642e'),
  'an empty sentence': refused('nonce_reused', 'a0'),
  'a sentence with an escape character': refused('nonce_reused', 'a4 1b5b324a'),
  'a sentence of two lines': refused('nonce_reused', 'a3 610a62'),
  'a sentence with a bidi override': refused('nonce_reused', 'a7 e280ae6261636b'),
  'a sentence that is not UTF-8': refused('nonce_reused', 'a2 c328'),
  'a sentence with a longer length form': refused('nonce_reused', 'd9 05 557365642e'),
};

/** The message with its bytes in hex. */
const fields = (message: RequesterMessage | HolderMessage): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(message).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Uint8Array ? hex(value) : value,
    ]),
  );

const messages = [
  ...requester.map(([comment, message]) => ({
    comment,
    from: 'requester',
    message: fields(message),
    frame: hex(encodeMessage(message)),
  })),
  ...holder.map(([comment, message]) => ({
    comment,
    from: 'holder',
    message: fields(message),
    frame: hex(encodeMessage(message)),
  })),
];
const failures = [
  ...Object.entries(fromRequester).map(([comment, frame]) => ({ comment, from: 'requester', frame })),
  ...Object.entries(fromHolder).map(([comment, frame]) => ({ comment, from: 'holder', frame })),
].map((failure) => ({ ...failure, frame: failure.frame.replaceAll(' ', ''), code: 'message_malformed' }));

writeFileSync(
  new URL('../messages.json', import.meta.url),
  `${JSON.stringify({ comment: 'Every message and its frame; exchange.md, "Messages"', messages, failures }, null, 2)}\n`,
);
