import { readFileSync } from 'node:fs';

interface PublishedVectors {
  readonly multiples: { readonly encodings: readonly string[] };
  readonly invalid: readonly { readonly comment: string; readonly encoding: string }[];
  readonly uniform: readonly { readonly uniform: string; readonly encoding: string }[];
}

const file = new URL('../../../protocol-spec/vectors/rfc9496-ristretto255.json', import.meta.url);

export const rfc9496 = JSON.parse(readFileSync(file, 'utf8')) as PublishedVectors;

export function fromHex(...parts: readonly string[]): Uint8Array {
  return new Uint8Array(Buffer.from(parts.join(''), 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
