import { readFileSync } from 'node:fs';

export interface PublishedVectors {
  readonly seed: string;
  readonly keyInfo: string;
  readonly key: string;
  readonly publicKey: string;
  readonly vectors: readonly {
    readonly comment: string;
    readonly inputs: readonly string[];
    readonly blinds: readonly string[];
    readonly blinded: readonly string[];
    readonly evaluated: readonly string[];
    readonly proof: string;
    readonly r: string;
    readonly outputs: readonly string[];
  }[];
}

export interface BatchVectors {
  readonly batches: readonly {
    readonly comment: string;
    readonly key: string;
    readonly publicKey: string;
    readonly epochId: string;
    readonly chunkIndex: number;
    readonly seed: string;
    readonly inputs: readonly string[];
    readonly blinds: readonly string[];
    readonly blinded: readonly string[];
    readonly blindedRoots: readonly string[];
    readonly evaluated: readonly string[];
    readonly evaluatedRoots: readonly string[];
    readonly transcriptSeed: string;
    readonly coefficients: readonly string[];
    readonly m: string;
    readonly z: string;
    readonly random: string;
    readonly r: string;
    readonly proof: string;
    readonly outputs: readonly string[];
  }[];
  readonly failures: readonly {
    readonly comment: string;
    readonly publicKey: string;
    readonly epochId: string;
    readonly chunkIndex: number;
    readonly blinded: readonly string[];
    readonly evaluated: readonly string[];
    readonly proof: string;
    readonly code: string;
    readonly index?: number;
  }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../protocol-spec/vectors/${name}`, import.meta.url), 'utf8'));
}

export const rfc9497 = read('rfc9497-oprf.json') as PublishedVectors;
export const oprfBatches = read('oprf-batches.json') as BatchVectors;

export function fromHex(...parts: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(parts.join(''), 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
