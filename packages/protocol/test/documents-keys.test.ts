import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  fingerprint,
  parseFingerprint,
  privateKeyFromPem,
  privateKeyToPem,
  publicKeyFromPem,
  publicKeyFromSpki,
  publicKeyToPem,
  publicKeyToSpki,
} from '../src/keys.ts';
import { codeOf, holderFingerprint, keyOf, officialKey } from './setting.ts';

describe('a key', () => {
  it('goes through PEM and keeps its fingerprint', () => {
    const pem = privateKeyToPem(officialKey);
    expect(fingerprint(privateKeyFromPem(pem))).toBe(fingerprint(officialKey));
    expect(fingerprint(publicKeyFromPem(publicKeyToPem(officialKey)))).toBe(fingerprint(officialKey));
    expect(fingerprint(publicKeyFromSpki(publicKeyToSpki(officialKey)))).toBe(fingerprint(officialKey));
    expect(fingerprint(createPublicKey(officialKey))).toBe(fingerprint(officialKey));
  });

  it('of another kind, encrypted, of the wrong half or cut is refused', () => {
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = officialKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    for (const pem of [
      rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
      encrypted.toString(),
      publicKeyToPem(officialKey),
      privateKeyToPem(officialKey).slice(0, 60),
      '',
    ]) {
      expect(codeOf(() => privateKeyFromPem(pem))).toBe('key_invalid');
    }
    expect(codeOf(() => publicKeyFromPem(privateKeyToPem(officialKey)))).toBe('key_invalid');
    expect(
      codeOf(() => publicKeyFromPem(rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString())),
    ).toBe('key_invalid');
    expect(codeOf(() => publicKeyFromSpki(publicKeyToSpki(officialKey).slice(0, 43)))).toBe('key_invalid');
    expect(codeOf(() => publicKeyFromSpki(new Uint8Array(44)))).toBe('key_invalid');
    const longer = Buffer.concat([publicKeyToSpki(officialKey), Uint8Array.of(0)]);
    expect(codeOf(() => publicKeyFromSpki(longer))).toBe('key_invalid');
  });

  it('fingerprint is sha256: and 64 lower-case digits, nothing else', () => {
    expect(parseFingerprint(holderFingerprint)).toBe(holderFingerprint);
    for (const wrong of [
      holderFingerprint.toUpperCase(),
      holderFingerprint.slice(7),
      `${holderFingerprint} `,
      `${holderFingerprint}\n`,
      holderFingerprint.slice(0, -1),
      '',
    ]) {
      expect(codeOf(() => parseFingerprint(wrong))).toBe('key_invalid');
    }
  });
});

describe('a public key of small order or in a second encoding', () => {
  // The curve of RFC 8032 section 5.1: -x² + y² = 1 + d·x²·y², from its definition.
  const p = 2n ** 255n - 19n;
  const mod = (value: bigint): bigint => ((value % p) + p) % p;
  const power = (base: bigint, exponent: bigint): bigint => {
    let [result, square] = [1n, mod(base)];
    for (let rest = exponent; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = mod(result * square);
      square = mod(square * square);
    }
    return result;
  };
  const inverse = (value: bigint) => power(value, p - 2n);
  const d = mod(-121_665n * inverse(121_666n));
  type Point = readonly [x: bigint, y: bigint];
  const add = ([x1, y1]: Point, [x2, y2]: Point): Point => {
    const product = mod(d * x1 * x2 * y1 * y2);
    return [
      mod((x1 * y2 + x2 * y1) * inverse(1n + product)),
      mod((y1 * y2 + x1 * x2) * inverse(1n - product)),
    ];
  };
  const times = (factor: bigint, point: Point): Point => {
    let [result, double]: [Point, Point] = [[0n, 1n], point];
    for (let rest = factor; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = add(result, double);
      double = add(double, double);
    }
    return result;
  };
  const atY = (y: bigint): Point | undefined => {
    const square = mod((y * y - 1n) * inverse(d * y * y + 1n));
    const root = power(square, (p + 3n) / 8n);
    const x = [root, mod(root * power(2n, (p - 1n) / 4n))].find(
      (candidate) => mod(candidate * candidate) === square,
    );
    return x === undefined ? undefined : [x, y];
  };
  const order = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;

  /** The eight points whose order divides 8: multiples of one that has no part in the large subgroup. */
  const smallOrder = (() => {
    for (let y = 2n; ; y++) {
      const point = atY(y);
      if (point === undefined) continue;
      const generator = times(order, point);
      const points = Array.from({ length: 8 }, (_, factor) => times(BigInt(factor), generator));
      if (new Set(points.map(String)).size === 8) return points;
    }
  })();

  const spkiOf = (y: bigint, sign: bigint): Uint8Array => {
    const big = (y | (sign << 255n)).toString(16).padStart(64, '0');
    const prefix = publicKeyToSpki(officialKey).subarray(0, 12);
    return new Uint8Array(Buffer.concat([prefix, Buffer.from(big, 'hex').reverse()]));
  };
  const pemOf = (spki: Uint8Array) =>
    `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki).toString('base64')}\n-----END PUBLIC KEY-----\n`;
  const refused = (spki: Uint8Array) => [
    codeOf(() => publicKeyFromSpki(spki)),
    codeOf(() => publicKeyFromPem(pemOf(spki))),
  ];

  // Every y of 255 bits that stands for the y of such a point, with either sign bit.
  const encodings = [...new Set(smallOrder.map(([, y]) => y))].flatMap((y) =>
    [y, y + p]
      .filter((value) => value < 2n ** 255n)
      .flatMap((value) => [spkiOf(value, 0n), spkiOf(value, 1n)]),
  );

  it(`is refused in all ${encodings.length} encodings of the eight points`, () => {
    expect(smallOrder).toHaveLength(8);
    expect(encodings).toHaveLength(14);
    for (const spki of encodings) expect(refused(spki)).toEqual(['key_invalid', 'key_invalid']);
  });

  it('is refused in all 38 encodings with y not below the prime', () => {
    for (let y = p; y < 2n ** 255n; y++) {
      for (const sign of [0n, 1n]) expect(refused(spkiOf(y, sign))).toEqual(['key_invalid', 'key_invalid']);
    }
  });

  it('is told from ordinary keys, and from the points next to it', () => {
    for (let byte = 0; byte < 32; byte++) {
      const spki = publicKeyToSpki(keyOf(byte));
      expect(publicKeyToSpki(publicKeyFromSpki(spki))).toEqual(spki);
    }
    for (const y of [2n, 3n, p - 2n, p - 3n]) {
      for (const sign of [0n, 1n]) expect(refused(spkiOf(y, sign))).toEqual([undefined, undefined]);
    }
  });
});
