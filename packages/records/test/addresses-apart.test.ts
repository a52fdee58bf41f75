import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usNameAddress1 } from '../src/profile-us-name-address-1/profile.ts';
import { understand } from '../src/understand.ts';
import { personWith } from './records.ts';

interface Lines {
  readonly street: string;
  readonly street2: string;
}

function keysOf(lines: Lines): string[] {
  const understood = understand(usNameAddress1, personWith(lines));
  return understood.kind === 'keys' ? understood.keys.map(({ value }) => value) : [];
}

function expectApart(one: Lines, other: Lines): void {
  const keys = new Set(keysOf(one));
  expect(keysOf(other).filter((key) => keys.has(key))).toEqual([]);
}

const plain: Lines = { street: '12 Main St', street2: '' };

/** What tells one unit of a house from another, in one form; '' is no unit. */
const unit = fc.oneof(
  fc.constantFrom('', '1', '11', '111', '222', '0', 'A', 'AAA', 'III', 'REAR', 'OFFICE'),
  fc.stringMatching(/^[1-9][0-9]{0,3}[A-Z]?$/),
  fc.stringMatching(/^[A-Z][1-9][0-9]{0,2}$/),
);

/** How a unit is written. Those that hold OFFICE or a word take no designator that numbers it. */
const UNIT_LINES: readonly ((unit: string) => Partial<Lines>)[] = [
  (name) => ({ street2: name }),
  (name) => ({ street2: `Apt ${name}` }),
  (name) => ({ street2: `# ${name}` }),
  (name) => ({ street2: `UNIT NO ${name}` }),
  (name) => ({ street2: `c/o Bob Smith, ${name}` }),
  (name) => ({ street2: `c/o Bob Smith Apt ${name}` }),
  (name) => ({ street: `12 Main St, Apt ${name}` }),
  (name) => ({ street: `12 Main St c/o Bob, Ste ${name}` }),
  (name) => ({ street: `12 Main St #${name}`, street2: 'N/A' }),
  (name) => ({ street: '12 Main St Apt', street2: name }),
];

const withUnit = fc
  .tuple(unit, fc.constantFrom(...UNIT_LINES))
  .map(([name, lines]) => ({ name, lines: name === '' ? plain : { ...plain, ...lines(name) } }));

describe('two addresses of one person never share a key when they differ', () => {
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
      ),
    );
    const line = fc
      .array(word, { minLength: 1, maxLength: 4 })
      .map((words) => words.join(' '))
      // What says in so many words that there is none is as good as nothing.
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
          fc.stringMatching(/^[A-Z][a-z]{3,7}$/),
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
});

describe('the rig of addresses that stay apart', () => {
  it('catches two renderings of one address', () => {
    expect(() => {
      expectApart({ ...plain, street2: 'Apt 4' }, { ...plain, street2: '#4' });
    }).toThrow();
  });
});
