import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PART_SEPARATOR } from '../src/match-key.ts';
import { canonicalJson, profileHash } from '../src/profile-hash.ts';
import { ANY_ASCII_VERSION, DESCRIPTION } from '../src/profile-us-name-address-1/description.ts';
import { foldAnyText, foldText } from '../src/profile-us-name-address-1/fold.ts';
import { canonicalPostcode } from '../src/profile-us-name-address-1/place.ts';
import { usNameAddress1 } from '../src/profile-us-name-address-1/profile.ts';
import { canonicalStreet } from '../src/profile-us-name-address-1/street.ts';
import { REJECTION_REASONS } from '../src/rejection.ts';
import type { PersonRecord } from '../src/record.ts';
import { understand } from '../src/understand.ts';
import { personWith, requestWith } from './records.ts';

interface VectorCase {
  comment: string;
  record: Record<'given_name' | 'surname' | 'street' | 'street2' | 'city' | 'state' | 'postcode', string>;
  rejected?: string;
  fields?: Record<string, string>;
  keys?: { name: string; value: string; bytes: string }[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../protocol-spec/vectors/match-keys.json', import.meta.url), 'utf8'),
) as { profile: { id: string; hash: string; description: unknown }; cases: VectorCase[] };

function keysOf(changes: Partial<PersonRecord>): string[] {
  const understood = understand(usNameAddress1, personWith(changes));
  expect(understood.kind).toBe('keys');
  return understood.kind === 'keys' ? understood.keys.map(({ value }) => value) : [];
}

describe('the vectors of us-name-address/1', () => {
  it.each(vectors.cases.map((vector) => [vector.comment, vector] as const))('%s', (_, vector) => {
    const { given_name: givenName, surname, street, street2, city, state, postcode } = vector.record;
    const person = personWith({ givenName, surname, street, street2, city, state, postcode });
    const understood = understand(usNameAddress1, person);
    if (understood.kind === 'rejected') {
      expect(understood.code).toBe(vector.rejected);
    } else {
      expect(understood.fields).toEqual(vector.fields);
      expect(
        understood.keys.map(({ name, value }) => ({
          name,
          value,
          bytes: Buffer.from(value).toString('hex'),
        })),
      ).toEqual(vector.keys);
    }
  });

  it('pin the profile and what its hash is taken over', () => {
    expect(vectors.profile).toEqual({
      id: usNameAddress1.id,
      hash: usNameAddress1.hash,
      description: DESCRIPTION,
    });
  });

  it('hold every rejection that a person record can have', () => {
    const rejections = new Set(
      vectors.cases.map(({ rejected }) => rejected).filter((code) => code !== undefined),
    );
    const ofTheOrder = ['order_number_missing', 'order_date_missing'];
    expect([...rejections, ...ofTheOrder].sort()).toEqual(Object.keys(REJECTION_REASONS).sort());
  });
});

describe('the profile hash', () => {
  it('changes with any table', () => {
    expect(profileHash({ ...DESCRIPTION, rules: 0 })).not.toBe(usNameAddress1.hash);
  });

  it('and every rejection code stand in the specification', () => {
    const chapter = readFileSync(new URL('../../../protocol-spec/matching.md', import.meta.url), 'utf8');
    const missing = [usNameAddress1.hash, ...Object.keys(REJECTION_REASONS)].filter(
      (text) => !chapter.includes(`\`${text}\``),
    );
    expect(missing).toEqual([]);
  });

  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: [1, 'x'], a: { d: 'é', c: 2 } })).toBe('{"a":{"c":2,"d":"é"},"b":[1,"x"]}');
  });

  it('names the version of any-ascii that is installed', () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../node_modules/any-ascii/package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(manifest.version).toBe(ANY_ASCII_VERSION);
  });
});

describe('renderings of one address', () => {
  it.each<[string, [string, string][]]>([
    [
      '100 N 1 AVE #5',
      [
        ['100 North First Avenue', 'Apt 5'],
        ['100 N. 1st Av., Unit 5', ''],
        ['100 n 1st ave #5', ''],
      ],
    ],
    [
      '7 ST JOHN BLVD',
      [
        ['7 Saint John Boulevard', ''],
        ['7 St. John Blvd.', ''],
        ['7 ST JOHN BOUL', ''],
      ],
    ],
    [
      '4 SW BLACK HAWK RD',
      [
        ['4 South West Black Hawk Road', ''],
        ['4 S.W. Black Hawk Rd', ''],
        ['4 Sth Wst Black Hawk Rd', ''],
      ],
    ],
    [
      'POBOX 77',
      [
        ['P.O. Box 77', ''],
        ['PO BOX #77', ''],
        ['POB 77', ''],
        ['', 'Post Office Box 077'],
      ],
    ],
    [
      '9 ELM ST #FL 2',
      [
        ['9 Elm St, 2nd Floor', ''],
        ['9 Elm Street', 'Floor 2'],
        ['9 Elm St', 'SECOND FL'],
      ],
    ],
    [
      '9 ELM ST #D13',
      [
        ['9 Elm St', '#D-13'],
        ['9 Elm St Suite D 13', ''],
        ['9 Elm St', 'UNIT D13'],
      ],
    ],
    [
      'RR 2 BOX 15',
      [
        ['R.R. 2 Box 15', ''],
        ['RFD 2', 'BOX 15'],
        ['Rural Route #2, Box #15', ''],
      ],
    ],
  ])('%s', (expected, renderings) => {
    for (const [street, street2] of renderings) {
      const found = canonicalStreet(street, street2);
      expect(typeof found === 'string' ? found : found.street + (found.unit && ` #${found.unit}`)).toBe(
        expected,
      );
    }
  });
});

describe('addresses that stay apart', () => {
  it.each([
    ['12 Park St', '12 Park Ave'],
    ['12 N Main St', '12 S Main St'],
    ['12 Main St', '12 Main St Apt 1'],
    ['12 Main St Apt 1', '12 Main St Apt 2'],
    ['12 Main St Fl 1 Apt 23', '12 Main St Fl 12 Apt 3'],
    ['144-27 Main St', '14427 Main St'],
    ['12 Main St', '12 1/2 Main St'],
    ['PO Box 12', '12 Box St'],
    ['12 North St', '12 N St'],
    ['1 21st St', '12 1st St'],
  ])('%s and %s', (one, other) => {
    expect(keysOf({ street: one })).not.toEqual(keysOf({ street: other }));
  });
});

describe('names that stay apart', () => {
  it.each<[Partial<PersonRecord>, Partial<PersonRecord>]>([
    [{ surname: 'Lopez Jr' }, { surname: 'Lopez Sr' }],
    [{ surname: 'Lopez Jr' }, { surname: 'Lopez' }],
    [{ surname: 'Lopez Jr' }, { surname: 'Lopez II' }],
    [{ givenName: 'Jose' }, { givenName: 'Jose Luis' }],
    [
      { givenName: 'Ann', surname: 'Alee' },
      { givenName: 'Anna', surname: 'Lee' },
    ],
    [{ surname: 'Garcia' }, { surname: 'Garcia Lozano' }],
  ])('%o and %o', (one, other) => {
    expect(keysOf(one)).not.toEqual(keysOf(other));
  });
});

describe('properties of the keys', () => {
  const word = fc.stringMatching(/^[A-Z][a-z]{3,8}$/).filter((text) => !/^(.)\1+$/i.test(text));
  const addressed = fc.record({
    givenName: word,
    surname: word,
    street: fc.tuple(fc.integer({ min: 1, max: 9_999 }), word).map(([n, name]) => `${n} ${name} St`),
    city: word,
  });

  it('do not change with case, white space, punctuation or accents', () => {
    const noise = fc.record({
      upper: fc.boolean(),
      space: fc.constantFrom(' ', '  ', '\t', '\u00a0', '\u2003'),
      mark: fc.constantFrom('', '.', ',', ' ;'),
      accent: fc.constantFrom('', '\u0301', '\u0303', '\u0308'),
    });
    fc.assert(
      fc.property(addressed, noise, (record, { upper, space, mark, accent }) => {
        const rendered = Object.fromEntries(
          Object.entries(record).map(([name, text]) => {
            const accented = text.replace(/[aeoun]/, `$&${accent}`).replaceAll(' ', space);
            return [name, `${space}${upper ? accented.toUpperCase() : accented.toLowerCase()}${mark}`];
          }),
        );
        const one = understand(usNameAddress1, personWith(record));
        const other = understand(usNameAddress1, personWith(rendered));
        expect(other).toEqual(one);
      }),
    );
  });

  it('hold no separator from a field: a key splits into exactly its parts', () => {
    const forged = fc.string({
      unit: fc.constantFrom('\u001f', '\u0000', '#', ' ', 'a', '1', '|', '\u241f'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(addressed, forged, forged, forged, (record, a, b, c) => {
        const understood = understand(
          usNameAddress1,
          personWith({
            givenName: record.givenName + a,
            surname: record.surname + b,
            street: record.street + c,
            city: record.city + a,
          }),
        );
        if (understood.kind === 'rejected') return;
        expect(understood.keys.map(({ value }) => value.split(PART_SEPARATOR).length)).toEqual([6, 7]);
      }),
    );
  });

  it('are ASCII without control characters, whatever the record holds, and short enough for the OPRF', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        const record = personWith({
          givenName: `A${a}`,
          surname: `B${b}`,
          street: `1 C${c}`,
          street2: d,
          city: `D${d}`,
        });
        const understood = understand(usNameAddress1, record);
        if (understood.kind === 'rejected') return;
        for (const { value } of understood.keys) {
          expect(value.replaceAll(PART_SEPARATOR, '')).toMatch(/^us-name-address\/1[ -~]+$/);
          expect(value.length).toBeLessThan(600);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('come from the canonical form: understanding it again gives the same', () => {
    fc.assert(
      fc.property(addressed, (record) => {
        const once = understand(usNameAddress1, personWith(record));
        if (once.kind === 'rejected') return;
        const { given_name: givenName, surname, street, city } = once.fields;
        expect(
          understand(usNameAddress1, personWith({ givenName, surname, street, city } as PersonRecord)),
        ).toEqual(once);
      }),
    );
  });
});

describe('folding', () => {
  it('takes the short way for ASCII only where it gives the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(foldText(text)).toBe(foldAnyText(text));
      }),
    );
  });

  it('does not know the Turkish dotless i', () => {
    expect(foldText('iıİI')).toBe('IIII');
  });
});

describe('a postcode', () => {
  it.each([
    ['62704', '62704'],
    [' 62704 ', '62704'],
    ['62704-1234', '62704'],
    ['62704 1234', '62704'],
    ['62704-', '62704'],
    ['627041234', '62704'],
    ['2134', '02134'],
    ['601', '00601'],
    ['21341234', '02134'],
    ['', ''],
    ['00000', undefined],
    ['00500', undefined],
    ['99999', undefined],
    ['12', undefined],
    ['123456', undefined],
    ['K1A 0B1', undefined],
  ])('%j is %j', (written, expected) => {
    expect(canonicalPostcode(written)).toBe(expected);
  });
});

describe('a record of a request', () => {
  it('with an order gives keys', () => {
    expect(understand(usNameAddress1, requestWith()).kind).toBe('keys');
  });

  it.each([
    [{ orderNumber: '' }, 'order_number_missing'],
    [{ orderNumber: ' - ' }, 'order_number_missing'],
    [{ orderDate: '' }, 'order_date_missing'],
    [{ orderDate: '0000-00-00' }, 'order_date_missing'],
    [{ orderDate: 'N/A' }, 'order_date_missing'],
  ])('with %o is rejected', (changes, code) => {
    expect(understand(usNameAddress1, requestWith(changes))).toMatchObject({ kind: 'rejected', code });
  });
});
