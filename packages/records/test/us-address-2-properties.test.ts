import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanonicalAddress } from '../src/profile-us-name-address-2/address.ts';
import { canonicalAddress } from '../src/profile-us-name-address-2/address.ts';
import { STREET_SUFFIXES } from '../src/profile-us-name-address-2/address/street-suffixes.ts';

interface Lines {
  readonly street: string;
  readonly street2: string;
}

function read({ street, street2 }: Lines): CanonicalAddress | string {
  return canonicalAddress({ street, street2, city: 'Springfield', state: 'IL', postcode: '62704' });
}

/** What tells one address from another, without the place. A rejected one is like no other. */
function identity(lines: Lines): string {
  const found = read(lines);
  return typeof found === 'string'
    ? `${found}: ${lines.street}|${lines.street2}`
    : `${found.street} #${found.unit}`;
}

function expectApart(one: Lines, other: Lines): void {
  expect(identity(one)).not.toBe(identity(other));
}

const plain: Lines = { street: '12 Main St', street2: '' };

/** What tells one unit of a house from another, in one form; '' is no unit. */
const unit = fc.oneof(
  fc.constantFrom('', '1', '11', '111', '222', '0', 'A', 'AAA', 'III', 'REAR', 'OFFICE'),
  fc.stringMatching(/^[1-9][0-9]{0,3}[A-Z]?$/),
  fc.stringMatching(/^[A-Z][1-9][0-9]{0,2}$/),
);

const UNIT_LINES: readonly ((unit: string) => Partial<Lines>)[] = [
  (name) => ({ street2: name }),
  (name) => ({ street2: `Apt ${name}` }),
  (name) => ({ street2: `# ${name}` }),
  (name) => ({ street2: `UNIT NO ${name}` }),
  (name) => ({ street2: `c/o Bob Smith, ${name}` }),
  (name) => ({ street2: `c/o Bob Smith Apt ${name}` }),
  (name) => ({ street: `12 Main St, Apt ${name}` }),
  (name) => ({ street: `12 Main Apt ${name} St` }),
  (name) => ({ street: `12 Main St c/o Bob, Ste ${name}` }),
  (name) => ({ street: `12 Main St #${name}`, street2: 'N/A' }),
  (name) => ({ street: '12 Main St Apt', street2: name }),
];

const withUnit = fc
  .tuple(unit, fc.constantFrom(...UNIT_LINES))
  .map(([name, lines]) => ({ name, lines: name === '' ? plain : { ...plain, ...lines(name) } }));

describe('two addresses that differ stay apart', () => {
  it('in the unit, however it is written', () => {
    fc.assert(
      fc.property(withUnit, withUnit, (one, other) => {
        fc.pre(one.name !== other.name);
        expectApart(one.lines, other.lines);
      }),
      { numRuns: 1_000 },
    );
  });

  it('in whether there is a unit, whatever the second line holds', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[A-Z0-9]{1,4}$/),
      fc.constantFrom(
        '#',
        'APT',
        'UNIT',
        'TRLR',
        'LOT',
        'OFFICE',
        'NO',
        'FL',
        '2ND',
        'BLDG',
        'PO',
        'BOX',
        'REAR',
        'RR',
      ),
    );
    const line = fc
      .array(word, { minLength: 1, maxLength: 4 })
      .map((words) => words.join(' '))
      .filter(
        (text) => /[A-Z0-9]/.test(text) && !/^(?:N A|NA|NIL|NONE|NULL|UNKN?|NO (?:APT|UNIT))$/.test(text),
      );
    fc.assert(
      fc.property(line, (street2) => {
        expectApart(plain, { ...plain, street2 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('in what follows the street, whatever that is', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[A-Z0-9]{1,4}$/),
      fc.constantFrom(
        '#',
        'APT',
        'UNIT',
        'NO',
        'FL',
        '2ND',
        'BLDG',
        'PO',
        'BOX',
        'REAR',
        'AVE',
        'N',
        'HWY',
        'CALLE',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        fc.pre(words.some((text) => /[A-Z0-9]/.test(text)));
        expectApart(plain, { street: `${plain.street} ${words.join(' ')}`, street2: '' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('in the house number', () => {
    const number = fc.oneof(
      fc.stringMatching(/^[1-9][0-9]{0,4}[A-Z]?$/),
      fc.stringMatching(/^[1-9][0-9]{0,2}-[1-9][0-9]?$/),
      fc.stringMatching(/^[1-9][0-9]{0,2} [1-3]\/[2-4]$/),
      fc.stringMatching(/^[NSEW][1-9][0-9]{2}[NSEW][1-9][0-9]{3}$/),
    );
    fc.assert(
      fc.property(number, number, (one, other) => {
        fc.pre(one !== other);
        expectApart({ street: `${one} Main St`, street2: '' }, { street: `${other} Main St`, street2: '' });
      }),
      { numRuns: 500 },
    );
  });

  it('in the box, the route or its kind', () => {
    const number = fc.stringMatching(/^[1-9][0-9]{0,4}[A-Z]?$/);
    const box = fc.oneof(
      number.map((n) => `PO Box ${n}`),
      fc
        .tuple(fc.constantFrom('RR', 'HC', 'PSC', 'CMR'), number, number)
        .map(([r, n, b]) => `${r} ${n} Box ${b}`),
      number.map((n) => `12 Main St PO Box ${n}`),
    );
    fc.assert(
      fc.property(box, box, (one, other) => {
        fc.pre(one !== other);
        expectApart({ street: one, street2: '' }, { street: other, street2: '' });
      }),
      { numRuns: 500 },
    );
  });

  it('in the name of the street, its suffix or a directional', () => {
    const street = fc
      .tuple(
        fc.constantFrom('', 'N ', 'S ', 'NE ', 'SW '),
        fc.oneof(
          fc.constantFrom(
            'Main',
            'Park',
            'A',
            'N',
            'St John',
            '1st',
            '11th',
            '21st',
            'Front',
            'Nowhere',
            'Union',
          ),
          fc.stringMatching(/^[A-Z][a-z]{3,7}$/).filter((name) => !isSpelling(name)),
        ),
        fc.constantFrom('', ' St', ' Ave', ' Rd', ' Ln', ' Park'),
        fc.constantFrom('', ' N', ' SE'),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(street, street, (one, other) => {
        fc.pre(one.toUpperCase() !== other.toUpperCase());
        expectApart({ street: `12 ${one}`, street2: '' }, { street: `12 ${other}`, street2: '' });
      }),
      { numRuns: 1_000 },
    );
  });

  it('and the rig catches two renderings of one address', () => {
    expect(() => {
      expectApart({ ...plain, street2: 'Apt 4' }, { ...plain, street2: '#4' });
    }).toThrow();
  });
});

/** Whether the word is but another spelling of a suffix, which is meant to be the same. */
function isSpelling(word: string): boolean {
  return Object.values(STREET_SUFFIXES).some((others) => others.includes(word.toUpperCase()));
}

/** A street that exists somewhere in form: a number, a name and what may stand around them. */
const anyStreet = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 99_999 }).map(String), fc.stringMatching(/^[1-9][0-9]-[1-9][0-9]$/)),
    fc.constantFrom('', 'N ', 'South ', 'SW '),
    fc.oneof(
      fc.constantFrom(
        'Main',
        'Lake View',
        'Saint John',
        '21st',
        'Twenty First',
        'County Road 12',
        'Martin Luther King',
        'La Brea',
      ),
      fc.stringMatching(/^[A-Z][a-z]{3,8}( [A-Z][a-z]{3,8})?$/),
    ),
    fc.constantFrom('', ' St', ' Avenue', ' Rd', ' Glen', ' Court'),
    fc.constantFrom('', ' Apt 4', ' # 12', ' Unit B', ', 2nd Floor', ' Bldg C Apt 5'),
  )
  .map(([number, ...parts]) => `${number} ${parts.join('')}`)
  .filter((street) => typeof read({ street, street2: '' }) === 'object');

describe('the canonical address', () => {
  it('of a canonical address is itself', () => {
    fc.assert(
      fc.property(anyStreet, (street) => {
        const once = read({ street, street2: '' });
        if (typeof once === 'string') return;
        expect(read({ street: once.street, street2: once.unit })).toEqual(once);
      }),
      { numRuns: 1_000 },
    );
  });

  it('does not change with case, spaces, dots or commas', () => {
    const noise = fc.record({
      upper: fc.boolean(),
      space: fc.constantFrom(' ', '  ', '\t', '\u00a0', ', ', ' . '),
      mark: fc.constantFrom('', '.', ',', ' ;'),
    });
    fc.assert(
      fc.property(anyStreet, noise, (street, { upper, space, mark }) => {
        const spaced = street.replaceAll(' ', space) + mark;
        expect(read({ street: upper ? spaced.toUpperCase() : spaced.toLowerCase(), street2: '' })).toEqual(
          read({ street, street2: '' }),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the same with the unit in either line', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('12 Main St', '5 County Road 12', '9 W 21st St', '7 Lake View'),
        fc.constantFrom('Apt 4', '#4', 'Unit 41 B', 'Fl 2', 'Bldg C Apt 5'),
        (street, name) => {
          expect(read({ street: `${street} ${name}`, street2: '' })).toEqual(read({ street, street2: name }));
        },
      ),
    );
  });

  it("holds A–Z, 0–9, space, '#', '-' and '/' only, whatever the record holds", () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        const found = canonicalAddress({
          street: `1 C${a}`,
          street2: b,
          city: `D${c}`,
          state: 'IL',
          postcode: '62704',
        });
        if (typeof found === 'string') return;
        const { number, street, core, unit: named, city } = found;
        for (const value of [number, street, core, named, city]) expect(value).toMatch(/^[A-Z0-9 #/-]*$/);
        expect(found.core).toMatch(/^\S+ \S|^[A-Z]+ /);
      }),
      { numRuns: 500 },
    );
  });
});
