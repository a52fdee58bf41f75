/** C2SP Wycheproof's figures for Ed25519 through the gate for keys and the one for signatures. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fingerprint, publicKeyFromPem, publicKeyFromSpki, verifySignature } from '../src/keys.ts';

const FIGURES = new URL('../../../../shared/vectors/wycheproof-ed25519.json', import.meta.url);

interface Figures {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKeyDer: string;
    readonly publicKeyPem: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

const figures: Figures = existsSync(FIGURES)
  ? (JSON.parse(readFileSync(FIGURES, 'utf8')) as Figures)
  : { numberOfTests: 0, testGroups: [] };
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const all = figures.testGroups.flatMap((group) =>
  group.tests.map((test) => ({ ...test, key: group.publicKeyDer })),
);
const valid = all.filter(({ result }) => result === 'valid');
const invalid = all.filter(({ result }) => result === 'invalid');
const verdict = ({ key, msg, sig }: (typeof all)[number]) =>
  verifySignature(publicKeyFromSpki(bytes(key)), bytes(msg), bytes(sig));

describe.skipIf(all.length === 0)("Wycheproof's Ed25519 figures (need ../shared/vectors)", () => {
  it(`are the ${figures.numberOfTests} that their file announces`, () => {
    expect(valid.length + invalid.length).toBe(figures.numberOfTests);
    expect(valid.length).toBeGreaterThan(0);
    expect(invalid.length).toBeGreaterThan(0);
  });

  it(`have ${figures.testGroups.length} keys that pass the gate, in DER and PEM alike`, () => {
    for (const { publicKeyDer, publicKeyPem } of figures.testGroups) {
      expect(fingerprint(publicKeyFromPem(publicKeyPem))).toBe(
        fingerprint(publicKeyFromSpki(bytes(publicKeyDer))),
      );
    }
  });

  it(`have ${valid.length} valid signatures, which verify`, () => {
    expect(valid.filter((test) => !verdict(test)).map(({ tcId, comment }) => [tcId, comment])).toEqual([]);
  });

  it(`have ${invalid.length} invalid signatures, which do not`, () => {
    expect(invalid.filter(verdict).map(({ tcId, comment }) => [tcId, comment])).toEqual([]);
  });
});

if (all.length === 0) {
  process.stdout.write(
    "Wycheproof's figures are not there (../shared/vectors): signatures are not checked with them.\n",
  );
}
