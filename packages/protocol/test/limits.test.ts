import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { absentCanary, CANARY_COUNT, presentCanary } from '../src/canaries.ts';
import {
  ACCOUNTING_PIECE_MAX,
  CHUNK_ELEMENTS,
  CLOCK_SKEW_MS,
  EVALUATION_DEADLINE_MS,
  HANDSHAKE_DEADLINE_MS,
  HOLDER_FRAME_MAX,
  IDLE_DEADLINE_MS,
  LOG_PROOF_MAX_NODES,
  MAX_ACCOUNTING,
  MAX_CHECKPOINT,
  MAX_ELEMENTS_DEFAULT,
  MAX_ENVELOPE,
  MAX_IN_FLIGHT,
  MAX_LEAF,
  MAX_LEAVES,
  MAX_MANIFEST_PAYLOAD,
  MAX_SIGNATURES,
  PATH_MAX_NODES,
  REQUEST_DEADLINE_MS,
  REQUESTER_FRAME_MAX,
  RETRY_AFTER_MAX_S,
  SENTENCE_MAX,
  SET_READ_MAX,
  chunkCount,
  chunkLength,
  planChunks,
} from '../src/limits.ts';
import { codeOf } from './setting.ts';

describe('the chunks of a request', () => {
  it('hold all match keys and two canaries each, and all but the last are full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60_000 }), (keys) => {
        const { elements, chunks } = planChunks(keys);
        expect(elements).toBe(keys + 2 * chunks);
        expect(chunkCount(elements)).toBe(chunks);
        const lengths = Array.from({ length: chunks }, (_, index) => chunkLength(elements, index));
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(elements);
        expect(lengths.slice(0, -1).every((length) => length === CHUNK_ELEMENTS)).toBe(true);
        // A chunk of canaries alone would say which of its elements are canaries.
        expect(lengths.at(-1)).toBeGreaterThanOrEqual(3);
      }),
    );
  });

  it('are counted around a full chunk', () => {
    expect(planChunks(1)).toEqual({ elements: 3, chunks: 1 });
    expect(planChunks(4094)).toEqual({ elements: 4096, chunks: 1 });
    expect(planChunks(4095)).toEqual({ elements: 4099, chunks: 2 });
    expect(() => planChunks(0)).toThrow(RangeError);
  });

  it('have no index but their own', () => {
    expect(chunkLength(4099, 1)).toBe(3);
    for (const index of [2, -1, 0.5, NaN]) {
      expect(codeOf(() => chunkLength(4099, index))).toBe('chunk_out_of_range');
    }
  });
});

/** What the specification's table of limits must say. */
const count = (value: number): string => value.toLocaleString('en-US');
const seconds = (ms: number): string => `${ms / 1000} s`;
const minutes = (ms: number): string => `${ms / 60_000} min`;
const table: readonly (readonly [limit: string, value: string])[] = [
  ['elements in every chunk but the last', count(CHUNK_ELEMENTS)],
  ['chunks under way on one connection', count(MAX_IN_FLIGHT)],
  ['reads under way on one connection', count(MAX_IN_FLIGHT)],
  ['bytes of one read', count(SET_READ_MAX)],
  ['bytes of an envelope', count(MAX_ENVELOPE)],
  ['bytes of the payload of a request manifest', count(MAX_MANIFEST_PAYLOAD)],
  ['bytes of a checkpoint with its signatures', count(MAX_CHECKPOINT)],
  ['bytes of a leaf of the log', count(MAX_LEAF)],
  ['nodes of a proof of the log', count(LOG_PROOF_MAX_NODES)],
  ['leaves of a log', `${count(MAX_LEAVES)} (2^32 − 1)`],
  ['bytes of an accounting', count(MAX_ACCOUNTING)],
  ['bytes of every piece of an accounting but the last', count(ACCOUNTING_PIECE_MAX)],
  ['signatures on an envelope', count(MAX_SIGNATURES)],
  ['nodes of a path', count(PATH_MAX_NODES)],
  [
    'elements of a request',
    `\`max_elements\` of the epoch; ${count(MAX_ELEMENTS_DEFAULT)} (2^23) unless the holder says otherwise`,
  ],
  ['frame from the requester', `${count(REQUESTER_FRAME_MAX)} bytes`],
  ['frame from the holder', `${count(HOLDER_FRAME_MAX)} bytes`],
  ['sentence in `refused`', `${count(SENTENCE_MAX)} bytes`],
  ['from the open connection to `hello`, at the holder', seconds(HANDSHAKE_DEADLINE_MS)],
  ['from `hello` to `epoch`, at both', seconds(HANDSHAKE_DEADLINE_MS)],
  ['from `epoch` to `request`, at the holder', seconds(REQUEST_DEADLINE_MS)],
  [
    'from `pending` to the next connection, at the requester',
    `what \`pending\` says, from 1 s to ${count(RETRY_AFTER_MAX_S)} s`,
  ],
  [
    'without a frame or a ping from the requester while the holder owes it nothing, after `accepted`',
    seconds(IDLE_DEADLINE_MS),
  ],
  [
    'without a frame from the holder while chunks are under way, at the requester',
    minutes(EVALUATION_DEADLINE_MS),
  ],
  [
    'without a frame from the holder while another answer is awaited, at the requester',
    seconds(IDLE_DEADLINE_MS),
  ],
  ["a manifest's `created` ahead of the holder's clock", minutes(CLOCK_SKEW_MS)],
];

describe('the limits', () => {
  it('are those of the specification', () => {
    const chapter = readFileSync(new URL('../../../protocol-spec/exchange.md', import.meta.url), 'utf8');
    const [, section = ''] = /\n## Limits\n([^]*?)\n## /.exec(chapter) ?? [];
    const rows = section
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1)
      .map((line) => line.slice(2, -2).split(' | '));
    expect(rows).toEqual(table);
  });

  it('leave room in an accounting for a bit of each record of the largest usual request, and for sealing', () => {
    expect(MAX_ACCOUNTING - MAX_ELEMENTS_DEFAULT / 8).toBe(65_536);
  });
});

describe('the canaries', () => {
  it('are all different, and present ones are no absent ones', () => {
    const all = Array.from({ length: CANARY_COUNT }, (_, index) => [
      presentCanary(index),
      absentCanary(index),
    ]).flat();
    expect(new Set(all).size).toBe(2 * CANARY_COUNT);
  });

  it('end at 9999', () => {
    expect(presentCanary(9999)).toBe('blindmatch.v1/canary/present/9999');
    for (const index of [10_000, -1, 1.5]) {
      expect(() => presentCanary(index)).toThrow(RangeError);
      expect(() => absentCanary(index)).toThrow(RangeError);
    }
  });
});
