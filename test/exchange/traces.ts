/**
 * What a person's data could leave behind: the values as they are, in another case, in hex, and the digests of them,
 * whole or cut to 16 bytes, raw, in hex and in base64.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIGESTS = ['md5', 'sha1', 'sha256', 'sha512'] as const;

/** Shorter values turn up by chance, so only their digests are looked for. */
const SHORTEST_VALUE = 6;

/** Every digest is found by its first 16 bytes; in base64 by 15, since the 16th shares its last digit. */
const DIGEST_BYTES = 16;
const HEX_DIGITS = 2 * DIGEST_BYTES;
const BASE64_DIGITS = 20;

/** The traces of a list of values, ready to be looked for. */
export class Traces {
  /** Lower case, as latin1 text of the UTF-8 bytes → the value it came from. */
  readonly #texts = new Map<string, string>();
  readonly #raw = new Map<string, string>();
  readonly #hex = new Map<string, string>();
  readonly #base64 = new Map<string, string>();

  constructor(values: Iterable<string>) {
    for (const value of values) this.#add(value);
  }

  get size(): number {
    return this.#texts.size + this.#raw.size + this.#hex.size + this.#base64.size;
  }

  /** What of the values is in these bytes, each as "value (how)"; empty where there is none. */
  foundIn(bytes: Uint8Array): string[] {
    const exact = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    const lower = asciiLower(exact);
    const found: string[] = [];
    for (const [text, value] of this.#texts) if (lower.includes(text)) found.push(`${value} (as it is)`);
    slide(exact, DIGEST_BYTES, this.#raw, found);
    slide(lower, HEX_DIGITS, this.#hex, found);
    slide(exact.replaceAll('-', '+').replaceAll('_', '/'), BASE64_DIGITS, this.#base64, found);
    return found;
  }

  #add(value: string): void {
    if (value === '') return;
    const bytes = Buffer.from(value);
    if (bytes.length >= SHORTEST_VALUE) {
      this.#texts.set(asciiLower(bytes.toString('latin1')), value);
      this.#texts.set(bytes.toString('hex'), value);
    }
    for (const text of new Set([value, value.toUpperCase(), value.toLowerCase()])) {
      for (const name of DIGESTS) {
        const digest = createHash(name).update(text).digest();
        this.#raw.set(digest.toString('latin1', 0, DIGEST_BYTES), `${text} (${name})`);
        this.#hex.set(digest.toString('hex').slice(0, HEX_DIGITS), `${text} (${name}, hex)`);
        this.#base64.set(digest.toString('base64').slice(0, BASE64_DIGITS), `${text} (${name}, base64)`);
      }
    }
  }
}

/** Latin1 text with A to Z in lower case and nothing else changed. */
function asciiLower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function slide(text: string, width: number, wanted: ReadonlyMap<string, string>, found: string[]): void {
  for (let at = 0; at + width <= text.length; at++) {
    const hit = wanted.get(text.slice(at, at + width));
    if (hit !== undefined) found.push(hit);
  }
}

/** Every file below a directory with its name and content, hidden ones too. */
export function everythingBelow(directory: string): { readonly path: string; readonly bytes: Buffer }[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, bytes: Buffer.concat([Buffer.from(`${path}\n`), readFileSync(path)]) };
    });
}
