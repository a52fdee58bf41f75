import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** What a profile's description is made of. */
export type DescriptionValue =
  string | number | readonly DescriptionValue[] | { readonly [name: string]: DescriptionValue };

/**
 * The hash of a profile's description: 'sha256:' and the SHA-256, in lower case hex, of its canonical JSON in UTF-8.
 */
export function profileHash(description: DescriptionValue): string {
  return `sha256:${bytesToHex(sha256(utf8ToBytes(canonicalJson(description))))}`;
}

/**
 * JSON without white space and with the members of every object in the order of their names (by UTF-16 code
 * unit). Numbers must be integers; this is the form of RFC 8785 for such values.
 */
export function canonicalJson(value: DescriptionValue): string {
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] ?? '')}`);
  return `{${members.join(',')}}`;
}

function isArray(value: DescriptionValue): value is readonly DescriptionValue[] {
  return Array.isArray(value);
}
