import { readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import {
  ChunkTree,
  chunkLeaf,
  digestText,
  parseDigest,
  type CanaryCounts,
  type MatchTier,
} from '@blindmatch/protocol';
import { calendarDateOf, DEFAULT_PROFILE, type RequestRecord } from '@blindmatch/records';
import { describe, expect, it } from 'vitest';
import { sealBytes } from '../src/age.ts';
import { blindChunks } from '../src/blinding.ts';
import { placeCanaries } from '../src/canary-placement.ts';
import { layOutKeys, type Key } from '../src/chunk-plan.ts';
import { endLine, headerLine, recordLine } from '../src/evidence-lines.ts';
import { Evidence } from '../src/evidence-opening.ts';
import { OrderDates } from '../src/order-dates.ts';
import { recompute } from '../src/recomputation.ts';
import type { StoredRequest } from '../src/stored-request.ts';
import { auditor, oprf, placeIn, prepareAnyhow, records } from './request-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

interface Vectors {
  readonly placements: readonly {
    readonly comment: string;
    readonly seed: string;
    readonly chunk: number;
    readonly elements: number;
    readonly canaries: CanaryCounts;
    readonly placement: {
      readonly present_at: number;
      readonly absent_at: number;
      readonly present: number;
      readonly absent: number;
    };
  }[];
  readonly requests: readonly {
    readonly comment: string;
    readonly epoch: {
      readonly epoch_id: string;
      readonly holder: string;
      readonly tiers: readonly MatchTier[];
      readonly minimum_order_age_days: number;
      readonly canaries: CanaryCounts;
    };
    readonly created: string;
    readonly seed: string;
    readonly plain_text: string;
    readonly keys: readonly (readonly string[])[];
    readonly inputs: readonly string[];
    readonly blinded: string;
    readonly records: number;
    readonly elements: number;
    readonly chunks_root: string;
    readonly orders: { readonly from: string; readonly to: string };
  }[];
  readonly refused: readonly { readonly comment: string; readonly plain_text: string }[];
}

type RequestVector = Vectors['requests'][number];

const vectors = JSON.parse(
  readFileSync(new URL('../../../protocol-spec/vectors/evidence.json', import.meta.url), 'utf8'),
) as Vectors;

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const directory = temporaryDirectory();

/** A request whose manifest names this evidence, of the epoch and the day of the vector. */
async function storedWith(plainText: string, { epoch, created }: RequestVector): Promise<StoredRequest> {
  const stored = await prepareAnyhow(placeIn(directory), { submitted: records(1) });
  const sealed = await sealBytes([auditor.recipient], Buffer.from(plainText));
  writeFileSync(stored.files.evidence, sealed);
  const changes = {
    epochId: parseDigest(epoch.epoch_id, 'descriptor_invalid'),
    holder: epoch.holder,
    created: new Date(created),
    evidence: new Uint8Array(createHash('sha256').update(sealed).digest()),
  };
  return {
    ...stored,
    request: { ...stored.request, manifest: { ...stored.request.manifest, ...changes } },
  };
}

async function readRecords(stored: StoredRequest): Promise<RequestRecord[]> {
  const evidence = await Evidence.open(stored, auditor.identity);
  try {
    const found: RequestRecord[] = [];
    for await (const record of evidence.records()) found.push(record);
    return found;
  } finally {
    await evidence.close();
  }
}

describe('the vectors of evidence', () => {
  it.each(vectors.placements)(
    'place the canaries of $comment',
    ({ seed, chunk, elements, canaries, placement }) => {
      expect(placeCanaries(bytes(seed), chunk, elements, canaries)).toEqual({
        presentAt: placement.present_at,
        absentAt: placement.absent_at,
        presentIndex: placement.present,
        absentIndex: placement.absent,
      });
    },
  );

  it.each(vectors.requests)('give the request again: $comment', async (vector) => {
    const { epoch, created } = vector;
    const found = await readRecords(await storedWith(vector.plain_text, vector));
    const rules = {
      profile: DEFAULT_PROFILE,
      tiers: epoch.tiers,
      minimumOrderAgeDays: epoch.minimum_order_age_days,
      today: calendarDateOf(new Date(created)),
    };
    const keys = found.map((record) => recompute(record, rules).keys);
    expect(keys.map((each) => each.map(({ value }) => value))).toEqual(vector.keys);
    const orders = new OrderDates();
    for (const record of found) orders.add(record);
    expect(orders.range).toEqual(vector.orders);
    const inTurn = async function* (): AsyncGenerator<readonly Key[]> {
      for (const each of keys) yield await Promise.resolve(each);
    };
    const chunks = layOutKeys(inTurn(), bytes(vector.seed), epoch.canaries);
    const leaves: Uint8Array[] = [];
    for await (const { chunk, blinded } of blindChunks(chunks, bytes(vector.seed), oprf)) {
      expect(chunk.inputs).toEqual(vector.inputs);
      expect(Buffer.from(blinded.blinded).toString('hex')).toBe(vector.blinded);
      leaves.push(chunkLeaf(chunk.index, blinded.blinded));
    }
    expect(digestText(new ChunkTree(new Uint8Array(Buffer.concat(leaves))).root)).toBe(vector.chunks_root);
    expect([found.length, vector.inputs.length]).toEqual([vector.records, vector.elements]);
  });

  it.each(vectors.requests)('are what is written: $comment', async (vector) => {
    const found = await readRecords(await storedWith(vector.plain_text, vector));
    const { id, hash } = DEFAULT_PROFILE;
    const header = {
      epochId: parseDigest(vector.epoch.epoch_id, 'descriptor_invalid'),
      holder: vector.epoch.holder,
      profile: { id, hash },
      created: new Date(vector.created),
      seed: bytes(vector.seed),
    };
    const lines = [headerLine(header), ...found.map(recordLine), endLine(found.length)];
    expect(lines.join('')).toBe(vector.plain_text);
  });

  it.each(vectors.refused)('are refused with $comment', async ({ plain_text: plainText }) => {
    const [vector] = vectors.requests;
    expect(await codeOf(async () => readRecords(await storedWith(plainText, vector!)))).toBe(
      'evidence_damaged',
    );
  });
});
