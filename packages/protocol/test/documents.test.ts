import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLine } from '../src/document-fields.ts';
import {
  addSignature,
  encodeEnvelope,
  parseEnvelope,
  PAYLOAD_TYPES,
  preAuthenticationEncoding,
  signPayload,
  unsignedEnvelope,
  validSigners,
} from '../src/envelope.ts';
import { encodeEpochDescriptor, openEpochDescriptor, parseEpochDescriptor } from '../src/epoch-descriptor.ts';
import { fingerprint, publicKeyToSpki } from '../src/keys.ts';
import { MAX_MANIFEST_PAYLOAD } from '../src/limits.ts';
import {
  checkManifest,
  encodeRequestManifest,
  isExpired,
  openRequest,
  parseRequestManifest,
} from '../src/manifest.ts';
import {
  auditorRecipient,
  certifierRecipient,
  codeOf,
  descriptor,
  epochOf,
  holderFingerprint,
  holderKey,
  inspectorRecipient,
  keyOf,
  NOON,
  officialKey,
  patternElements,
  requestOf,
  secondOfficialKey,
  strangerKey,
} from './setting.ts';
import type { ManifestChanges } from './setting.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
/** The JSON of `bytes` after a textual change, which must change something. */
const altered = (bytes: Uint8Array, from: string, to: string) => {
  expect(text(bytes)).toContain(from);
  return utf8(text(bytes).replace(from, to));
};

function investigatorsOf(count: number): { id: string; name: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    id: String(index).padStart(32, '0'),
    name: 'n'.repeat(100),
  }));
}

describe('an envelope', () => {
  const type = PAYLOAD_TYPES.requestManifest;
  const payload = utf8('{"a":1}');
  const signed = signPayload(type, payload, officialKey);

  it('signs the pre-authentication encoding of DSSE v1', () => {
    const encoded = preAuthenticationEncoding({ payloadType: type, payload });
    expect(text(encoded)).toBe(`DSSEv1 ${type.length} ${type} 7 {"a":1}`);
  });

  it('comes back from its bytes as it went in', () => {
    const two = addSignature(signed, secondOfficialKey);
    expect(parseEnvelope(encodeEnvelope(two), type)).toEqual(two);
    expect(parseEnvelope(encodeEnvelope(unsignedEnvelope(type, payload)), type).signatures).toEqual([]);
  });

  it('names those candidates who signed it, and nobody else', () => {
    const two = addSignature(signed, secondOfficialKey);
    const candidates = [strangerKey, secondOfficialKey, officialKey].map((key) => createPublicKey(key));
    expect(validSigners(two, type, candidates)).toEqual([
      fingerprint(secondOfficialKey),
      fingerprint(officialKey),
    ]);
    expect(validSigners(two, type, [createPublicKey(strangerKey)])).toEqual([]);
    expect(validSigners(two, PAYLOAD_TYPES.receipt, candidates)).toEqual([]);
  });

  it('keeps one signature of a key that signs again', () => {
    expect(addSignature(signed, officialKey)).toEqual(signed);
  });

  it('with an altered payload, type, signature or key id has no valid signer', () => {
    const key = [createPublicKey(officialKey)];
    expect(validSigners(signed, type, key)).toHaveLength(1);
    fc.assert(
      fc.property(
        fc.constantFrom('payload' as const, 'sig' as const),
        fc.nat(),
        fc.nat(7),
        (part, at, bit) => {
          const copy = {
            ...signed,
            payload: Uint8Array.from(signed.payload),
            signatures: signed.signatures.map(({ keyid, sig }) => ({ keyid, sig: Uint8Array.from(sig) })),
          };
          const bytes = part === 'payload' ? copy.payload : copy.signatures[0]!.sig;
          bytes[at % bytes.length]! ^= 1 << bit;
          expect(validSigners(copy, type, key)).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
    const retyped = { ...signed, payloadType: PAYLOAD_TYPES.receipt };
    expect(validSigners(retyped, PAYLOAD_TYPES.receipt, key)).toEqual([]);
    const renamed = {
      ...signed,
      signatures: [{ ...signed.signatures[0]!, keyid: fingerprint(strangerKey) }],
    };
    expect(validSigners(renamed, type, [createPublicKey(officialKey), createPublicKey(strangerKey)])).toEqual(
      [],
    );
  });

  it('that is not exactly of the form is refused', () => {
    const bytes = encodeEnvelope(signed);
    const base64 = Buffer.from(payload).toString('base64');
    expect(base64).toBe('eyJhIjoxfQ==');
    const keyid = fingerprint(officialKey);
    const faults: Record<string, Uint8Array> = {
      'not JSON': utf8('{'),
      'a byte order mark': utf8(`\ufeff${text(bytes)}`),
      'bad UTF-8': Buffer.concat([bytes, Uint8Array.of(0xff)]),
      'an array': utf8('[]'),
      'deep nesting': utf8('['.repeat(60_000)),
      'an unknown member': altered(bytes, '{"payload"', '{"more":1,"payload"'),
      'an unknown member named __proto__': altered(bytes, '{"payload"', '{"__proto__":{},"payload"'),
      'a repeated member': altered(bytes, '{"payload"', '{"payload":"","payload"'),
      'a repeated member in a signature': altered(bytes, '{"keyid"', '{"keyid":"","keyid"'),
      'a missing member': altered(bytes, '"payload"', '"body"'),
      'base64 without padding': altered(bytes, base64, base64.replace('==', '')),
      'base64 with padding bits set': altered(bytes, base64, 'eyJhIjoxfR=='),
      'base64 with white space': altered(bytes, base64, `eyJh IjoxfQ==`),
      base64url: altered(encodeEnvelope(signPayload(type, utf8('?>~'), officialKey)), 'Pz5+', 'Pz5-'),
      'another payload type': altered(bytes, type, PAYLOAD_TYPES.receipt),
      'a key id that is no fingerprint': altered(bytes, keyid, 'official'),
      'a short signature': encodeEnvelope({ ...signed, signatures: [{ keyid, sig: new Uint8Array(63) }] }),
      'two signatures of one key': encodeEnvelope({
        ...signed,
        signatures: [...signed.signatures, ...signed.signatures],
      }),
      'seventeen signatures': encodeEnvelope({
        ...signed,
        signatures: Array.from({ length: 17 }, (_, index) => ({
          keyid: `sha256:${String(index).padStart(64, '0')}`,
          sig: new Uint8Array(64),
        })),
      }),
      'more than 65,536 bytes': encodeEnvelope(unsignedEnvelope(type, new Uint8Array(50_000))),
    };
    for (const [name, fault] of Object.entries(faults)) {
      expect([name, codeOf(() => parseEnvelope(fault, type))]).toEqual([name, 'manifest_malformed']);
    }
  });

  it('takes sixteen signatures and no seventeenth', () => {
    let envelope = unsignedEnvelope(type, payload);
    for (let byte = 1; byte <= 16; byte += 1) envelope = addSignature(envelope, keyOf(byte));
    expect(parseEnvelope(encodeEnvelope(envelope), type).signatures).toHaveLength(16);
    expect(codeOf(() => addSignature(envelope, keyOf(17)))).toBe('manifest_malformed');
  });

  it('takes JSON with other spacing and order, because only the payload bytes count', () => {
    const spaced = utf8(
      JSON.stringify(
        JSON.parse(text(encodeEnvelope(signed))),
        ['signatures', 'sig', 'keyid', 'payloadType', 'payload'],
        2,
      ),
    );
    expect(parseEnvelope(spaced, type)).toEqual(signed);
  });
});

describe('an epoch descriptor', () => {
  const payload = encodeEpochDescriptor(descriptor);
  const sealed = (bytes: Uint8Array, key = holderKey) =>
    encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, bytes, key));
  const open = (bytes: Uint8Array) => openEpochDescriptor(bytes, { holder: holderFingerprint });

  it('comes back from its bytes, and its id is the hash of them', () => {
    const { descriptor: read, epochId } = open(sealed(payload));
    expect(read).toEqual(descriptor);
    expect(parseEpochDescriptor(payload)).toEqual(descriptor);
    expect(epochId).toHaveLength(32);
    const spaced = utf8(JSON.stringify(JSON.parse(text(payload)), null, 1));
    expect(open(sealed(spaced)).descriptor).toEqual(descriptor);
    expect(open(sealed(spaced)).epochId).not.toEqual(epochId);
  });

  it('of another holder is holder_unexpected', () => {
    const other = encodeEpochDescriptor({
      ...descriptor,
      holder: { name: 'Tax Agency', key: publicKeyToSpki(strangerKey) },
    });
    expect(codeOf(() => open(sealed(other, strangerKey)))).toBe('holder_unexpected');
    expect(codeOf(() => open(sealed(other, holderKey)))).toBe('holder_unexpected');
  });

  it('that the holder has not signed is descriptor_invalid', () => {
    expect(codeOf(() => open(sealed(payload, strangerKey)))).toBe('descriptor_invalid');
    const bare = encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.epochDescriptor, payload));
    expect(codeOf(() => open(bare))).toBe('descriptor_invalid');
    const envelope = parseEnvelope(sealed(payload), PAYLOAD_TYPES.epochDescriptor);
    const swapped = encodeEnvelope({ ...envelope, payload: altered(payload, '"epoch":1', '"epoch":2') });
    expect(codeOf(() => open(swapped))).toBe('descriptor_invalid');
  });

  it('of another suite is suite_unsupported, once its signature is known', () => {
    const other = altered(payload, 'ristretto255-SHA512', 'P256-SHA256');
    expect(codeOf(() => open(sealed(other)))).toBe('suite_unsupported');
    expect(codeOf(() => open(sealed(other, strangerKey)))).toBe('descriptor_invalid');
  });

  it.each([
    ['"epoch":1', '"epoch":0'],
    ['"epoch":1', '"epoch":"1"'],
    ['"epoch":1', '"epoch":1.5'],
    ['"epoch":1', '"epoch":1,"epoch":1'],
    ['"epoch":1', '"epoch":1,"extra":1'],
    ['"bits":80', '"bits":129'],
    ['"chunk_elements":4096', '"chunk_elements":1024'],
    ['"bytes":1000000', '"bytes":9007199254740992'],
    ['2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00+00:00'],
    ['2026-11-01T00:00:00.000Z', '2026-02-31T00:00:00.000Z'],
    ['2026-11-01T00:00:00.000Z', '2026-11-01'],
    ['09'.repeat(32), '00'.repeat(32)],
    ['09'.repeat(32), '0A'.repeat(32)],
    ['"Tax Agency"', '"Tax\\u0000Agency"'],
    ['"Tax Agency"', '" Tax Agency"'],
    ['"Tax Agency"', '""'],
    ['"present":64', '"present":0'],
    ['"max_keys":2', '"max_keys":0'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":[]'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":["name_address","name_address_dob"]'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":["name_address","name_address"]'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":["name_address_dob","name_address","name"]'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":["Name_address"]'],
    ['"tiers":["name_address_dob","name_address"]', '"tiers":"name_address"'],
    ['"tiers":["name_address_dob","name_address"],', ''],
    ['"minimum_order_age_days":30', '"minimum_order_age_days":36501'],
    ['"minimum_order_age_days":30', '"minimum_order_age_days":-1'],
    ['"minimum_order_age_days":30', '"minimum_order_age_days":"30"'],
    ['"minimum_order_age_days":30,', ''],
    ['"role":"certifier"', '"role":"inspector"'],
    ['"role":"certifier",', ''],
    ['"name":"Court of Audit"', '"name":""'],
    ['"name":"Court of Audit"', '"name":"Court of Audit","key":""'],
    [auditorRecipient, certifierRecipient],
    [auditorRecipient, auditorRecipient.toUpperCase()],
    [auditorRecipient, auditorRecipient.slice(0, -1)],
    [auditorRecipient, `${auditorRecipient}q`],
    [auditorRecipient, auditorRecipient.replace('age1p', 'age1b')],
    [inspectorRecipient, ''],
    ['"inspector":{"name":"Inspector General",', '"inspector":{'],
    ['"inspector":{', '"inspector":[],"more":{'],
    ['sha256:0707', 'sha256:0G07'],
  ])('with %s changed to %s is descriptor_invalid', (from, to) => {
    expect(codeOf(() => open(sealed(altered(payload, from, to))))).toBe('descriptor_invalid');
  });

  it.each([[['name_address_dob']], [['name_address']], [['name_address_dob', 'name_address']]] as const)(
    'answers the tiers %j',
    (tiers) => {
      const some = { ...descriptor, tiers };
      expect(parseEpochDescriptor(encodeEpochDescriptor(some))).toEqual(some);
    },
  );

  it.each([0, 36_500])('asks for orders of at least %d days', (minimumOrderAgeDays) => {
    const some = { ...descriptor, minimumOrderAgeDays };
    expect(parseEpochDescriptor(encodeEpochDescriptor(some))).toEqual(some);
  });

  it('whose writer names no tier, or one twice, is not written', () => {
    for (const tiers of [
      [],
      ['name_address', 'name_address'],
      ['name_address', 'name_address_dob'],
    ] as const) {
      expect(codeOf(() => encodeEpochDescriptor({ ...descriptor, tiers }))).toBe('descriptor_invalid');
    }
  });

  it('may name nobody who reads evidence or accountings, and sixteen who read evidence', () => {
    const nobody = { ...descriptor, evidenceReaders: [], inspector: null };
    expect(parseEpochDescriptor(encodeEpochDescriptor(nobody))).toEqual(nobody);
    const readers = (count: number) => ({
      ...descriptor,
      evidenceReaders: Array.from({ length: count }, (_, index) => ({
        role: 'auditor' as const,
        name: `Court of Audit ${index}`,
        recipient: `age1${'acdefghjklmnpqrst'.charAt(index).repeat(58)}`,
      })),
    });
    expect(parseEpochDescriptor(encodeEpochDescriptor(readers(16)))).toEqual(readers(16));
    expect(codeOf(() => encodeEpochDescriptor(readers(17)))).toBe('descriptor_invalid');
  });

  it('with a key of small order is descriptor_invalid, whoever expects it', () => {
    const identity = Buffer.concat([
      publicKeyToSpki(holderKey).subarray(0, 12),
      Uint8Array.of(1),
      new Uint8Array(31),
    ]);
    const anybodys = encodeEpochDescriptor({ ...descriptor, holder: { name: 'Tax Agency', key: identity } });
    expect(codeOf(() => open(sealed(anybodys)))).toBe('descriptor_invalid');
  });

  it('with times to the second is taken', () => {
    const seconds = altered(payload, '2026-11-01T00:00:00.000Z', '2026-11-01T00:00:00Z');
    expect(open(sealed(seconds)).descriptor.created).toEqual(descriptor.created);
  });
});

describe('a line', () => {
  const characters = Array.from({ length: 0x11_0000 }, (_, code) => String.fromCodePoint(code));
  const of = (category: RegExp) => characters.filter((character) => category.test(character));

  it('has single spaces inside and at neither end, and no other character that is one', () => {
    expect([isLine('a b', 16), isLine('a  b', 16)]).toEqual([true, false]);
    expect([isLine(' a', 16), isLine('a ', 16), isLine(' ', 16)]).toEqual([false, false, false]);
    const others = of(/(?! )\p{Zs}/u);
    expect(others).toContain('\u3000');
    for (const space of others) expect([space, isLine(`a${space}b`, 16)]).toEqual([space, false]);
  });

  it('has no character that shows nothing', () => {
    expect(isLine('\u2800', 16)).toBe(false);
    for (const character of of(/\p{Default_Ignorable_Code_Point}/u)) {
      expect([character, isLine(`a${character}b`, 16)]).toEqual([character, false]);
    }
  });

  it('has no control, format, surrogate or separator character anywhere', () => {
    for (const character of of(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)) {
      expect([character, isLine(`a${character}b`, 16)]).toEqual([character, false]);
    }
  });

  it('may have any other character at its ends too', () => {
    const others = of(/[^\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u);
    expect(others.filter((character) => !isLine(character, 4))).toEqual([]);
  });
});

describe('a request manifest', () => {
  const elements = patternElements(10);
  const { open } = requestOf(elements);
  const payload = encodeRequestManifest(open.manifest);

  it('comes back from its bytes', () => {
    expect(parseRequestManifest(payload)).toEqual(open.manifest);
  });

  it.each<[string, ManifestChanges]>([
    ['an empty statute', { statute: '' }],
    ['an untrimmed reason', { reason: 'why ' }],
    ['a control character', { reason: 'a\u0007b' }],
    ['a bidi override', { statute: 'a\u202eb' }],
    ['a statute that is too long', { statute: 'x'.repeat(257) }],
    ['a reason that is too long in bytes', { reason: 'é'.repeat(513) }],
    ['no records', { records: 0 }],
    ['an end before the start', { expires: new Date('2026-11-21T10:00:00Z') }],
    ['a chunk count that its elements do not fill', { chunks: { count: 2, root: new Uint8Array(32) } }],
    ['a holder that is no fingerprint', { holder: 'holder' }],
    ['an empty purpose', { purpose: '' }],
    ['a purpose that is too long', { purpose: 'x'.repeat(257) }],
    ['a tax period twice', { taxPeriods: ['2025', '2025'] }],
    ['a fifth quarter', { taxPeriods: ['2025-Q5'] }],
    ['a thirteenth month', { taxPeriods: ['2025-13'] }],
    ['a month without its zero', { taxPeriods: ['2025-7'] }],
    ['a tax period in words', { taxPeriods: ['last year'] }],
    ['a tax period of another century', { taxPeriods: ['1899'] }],
    ['65 tax periods', { taxPeriods: Array.from({ length: 65 }, (_, year) => String(1950 + year)) }],
    ['an investigator twice', { investigators: ['Ada', 'Bob'].map((name) => ({ id: 'B-1', name })) }],
    ['an investigator without an id', { investigators: [{ id: '', name: 'Ada Byrne' }] }],
    ['an investigator without a name', { investigators: [{ id: 'B-1', name: '' }] }],
    ['an id that is too long', { investigators: [{ id: 'x'.repeat(33), name: 'Ada Byrne' }] }],
    ['a name that is too long', { investigators: [{ id: 'B-1', name: 'x'.repeat(101) }] }],
    ['201 investigators', { investigators: investigatorsOf(201) }],
    ['orders that end before they begin', { orders: { from: '2026-10-20', to: '2026-10-01' } }],
    ['an order of a day that does not exist', { orders: { from: '2026-02-31', to: '2026-10-01' } }],
    ['an order of a time of day', { orders: { from: '2026-10-01T00:00:00Z', to: '2026-10-01' } }],
    ['an attestation of two lines', { attestation: 'a\nb' }],
    ['an attestation that is too long', { attestation: 'x'.repeat(401) }],
  ])('with %s can be neither written nor read', (_, changes) => {
    expect(codeOf(() => encodeRequestManifest({ ...open.manifest, ...changes }))).toBe('manifest_malformed');
  });

  it.each([
    ['"purpose":', '"aim":'],
    ['"orders":{', '"orders":{"on":"2026-10-01",'],
    ['"evidence":"sha256:', '"evidence":"'],
    ['"tax_periods":["2025"]', '"tax_periods":[2025]'],
    ['"tax_periods":["2025"]', '"tax_periods":null'],
    ['"name":"Ada Byrne"', '"name":"Ada Byrne","phone":"1"'],
    ['"attestation":null', '"attestation":""'],
  ])('with %s changed to %s is manifest_malformed', (from, to) => {
    expect(codeOf(() => parseRequestManifest(altered(payload, from, to)))).toBe('manifest_malformed');
  });

  it('may leave open what a holder does not ask for', () => {
    const least = {
      ...open.manifest,
      purpose: null,
      taxPeriods: [],
      investigators: [],
      orders: null,
      attestation: null,
      evidence: null,
    };
    expect(parseRequestManifest(encodeRequestManifest(least))).toEqual(least);
  });

  it('may name years, quarters and months, orders of one day, and as many of each as the limits say', () => {
    const most = {
      ...open.manifest,
      taxPeriods: [
        '2025-Q1',
        '2025-Q4',
        '2025-01',
        '2025-12',
        ...Array.from({ length: 60 }, (_, at) => String(1950 + at)),
      ],
      investigators: investigatorsOf(200),
      orders: { from: '2024-02-29', to: '2024-02-29' },
      attestation: 'é'.repeat(200),
    };
    const payload = encodeRequestManifest(most);
    expect(parseRequestManifest(payload)).toEqual(most);
    let envelope = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, payload);
    for (let byte = 1; byte <= 16; byte += 1) envelope = addSignature(envelope, keyOf(byte));
    expect(openRequest(encodeEnvelope(envelope)).manifest).toEqual(most);
  });

  /** A manifest whose payload has so many bytes: each quotation mark in a name takes two in JSON. */
  const ofSize = (bytes: number) => {
    const plain = { ...open.manifest, investigators: investigatorsOf(200) };
    const marks = bytes - encodeRequestManifest(plain).length;
    const investigators = plain.investigators.map(({ id, name }, at) => {
      const own = Math.max(0, Math.min(name.length, marks - at * name.length));
      return { id, name: '"'.repeat(own) + name.slice(own) };
    });
    return { ...plain, investigators };
  };

  it('leaves room for sixteen signatures, however it is written', () => {
    const payload = encodeRequestManifest(ofSize(MAX_MANIFEST_PAYLOAD));
    expect(payload).toHaveLength(MAX_MANIFEST_PAYLOAD);
    let envelope = unsignedEnvelope(PAYLOAD_TYPES.requestManifest, payload);
    for (let byte = 1; byte <= 16; byte += 1) envelope = addSignature(envelope, keyOf(byte));
    expect(openRequest(encodeEnvelope(envelope)).envelope.signatures).toHaveLength(16);
  });

  it('that is larger says what to shorten, where it is written and where it is read', () => {
    const larger = ofSize(MAX_MANIFEST_PAYLOAD + 1);
    expect(() => encodeRequestManifest(larger)).toThrow(/46081 bytes .* name fewer investigators or shorten/);
    expect(codeOf(() => encodeRequestManifest(larger))).toBe('manifest_malformed');
    const padded = Buffer.concat([payload, Buffer.alloc(MAX_MANIFEST_PAYLOAD + 1 - payload.length, ' ')]);
    expect(codeOf(() => parseRequestManifest(padded.subarray(0, -1)))).toBeUndefined();
    expect(codeOf(() => parseRequestManifest(padded))).toBe('manifest_malformed');
  });

  it('is measured in bytes up to its limits', () => {
    const longest = { ...open.manifest, statute: 'é'.repeat(128), reason: '漢'.repeat(341) };
    expect(parseRequestManifest(encodeRequestManifest(longest))).toEqual(longest);
  });

  it('in an envelope of another type is refused', () => {
    const wrong = encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, officialKey));
    expect(codeOf(() => openRequest(wrong))).toBe('manifest_malformed');
  });

  const check = (changes: ManifestChanges, now = NOON, count = 10) => {
    const epoch = epochOf();
    const { manifest } = requestOf(patternElements(count), changes).open;
    return codeOf(() => {
      checkManifest(manifest, { ...epoch, now });
    });
  };

  it('for this holder, epoch and time passes the check', () => {
    expect(check({})).toBeUndefined();
  });

  it('for another holder or epoch, or from the future, is refused with its code', () => {
    expect(check({ holder: fingerprint(strangerKey) })).toBe('holder_unexpected');
    expect(check({ epochId: new Uint8Array(32) })).toBe('epoch_unknown');
    expect(check({}, new Date('2026-11-21T10:54:59.999Z'))).toBe('manifest_expired');
    expect(check({}, new Date('2026-11-21T10:55:00.000Z'))).toBeUndefined();
  });

  it('has expired from its time on, which does not end what was accepted before', () => {
    const { manifest } = requestOf(elements).open;
    expect(isExpired(manifest, new Date('2026-11-28T10:59:59.999Z'))).toBe(false);
    expect(isExpired(manifest, new Date('2026-11-28T11:00:00.000Z'))).toBe(true);
    expect(check({}, new Date('2026-11-28T11:00:00.000Z'))).toBeUndefined();
  });

  it('has a match key of every record: more records than elements without canaries are malformed', () => {
    const code = (records: number, count: number) =>
      codeOf(() => requestOf(patternElements(count), { records }));
    expect(code(8, 10)).toBeUndefined();
    expect(code(9, 10)).toBe('manifest_malformed');
    expect(code(1, 2)).toBe('manifest_malformed');
    expect(code(4095, 4099)).toBeUndefined();
    expect(code(4096, 4099)).toBe('manifest_malformed');
  });

  it('may have as many elements as its records give keys, with two canaries a chunk', () => {
    expect(check({ records: 4 })).toBeUndefined();
    expect(check({ records: 3 })).toBe('elements_over_cap');
    expect(check({ records: 2047 }, NOON, 4096)).toBeUndefined();
    expect(check({ records: 2046 }, NOON, 4096)).toBe('elements_over_cap');
    const small = epochOf({ ...descriptor, maxElements: 9 });
    const { manifest } = requestOf(elements, { epoch: small }).open;
    expect(
      codeOf(() => {
        checkManifest(manifest, { ...small, now: NOON });
      }),
    ).toBe('elements_over_cap');
  });
});
