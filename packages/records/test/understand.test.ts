import { describe, expect, it } from 'vitest';
import type { Profile } from '../src/profile.ts';
import { DEFAULT_PROFILE } from '../src/profiles.ts';
import type { PersonRecord, RequestRecord } from '../src/record.ts';
import { REJECTION_REASONS } from '../src/rejection.ts';
import type { Tier } from '../src/tier.ts';
import { TIERS } from '../src/tier.ts';
import { understandPerson, understandRequest } from '../src/understand.ts';
import type { RequestRules } from '../src/understand.ts';
import { personWith, requestWith } from './records.ts';

const RULES: RequestRules = {
  profile: DEFAULT_PROFILE,
  tiers: TIERS,
  today: { year: 2026, month: 11, day: 22 },
  minimumOrderAgeDays: 0,
};

/** The code of the rejection, or the tiers of the keys. */
function personOutcome(changes: Partial<PersonRecord>, rules: Partial<RequestRules> = {}): string | Tier[] {
  const outcome = understandPerson(personWith(changes), { ...RULES, ...rules });
  return outcome.kind === 'rejected' ? outcome.code : [...new Set(outcome.keys.map(({ tier }) => tier))];
}

function requestOutcome(changes: Partial<RequestRecord>, rules: Partial<RequestRules> = {}): string | Tier[] {
  const outcome = understandRequest(requestWith(changes), { ...RULES, ...rules });
  return outcome.kind === 'rejected' ? outcome.code : [...new Set(outcome.keys.map(({ tier }) => tier))];
}

const BORN = { dateOfBirth: '1980-05-17' };

describe('the order of a record', () => {
  it.each<[Partial<RequestRecord>, string]>([
    [{ orderNumber: '' }, 'order_number_missing'],
    [{ orderNumber: 'N/A' }, 'order_number_placeholder'],
    [{ orderNumber: 'A000000000' }, 'order_number_placeholder'],
    [{ orderDate: '' }, 'order_date_missing'],
    [{ orderDate: 'unknown' }, 'order_date_missing'],
    [{ orderDate: 'soon' }, 'order_date_invalid'],
    [{ orderDate: '2024-02-30' }, 'order_date_invalid'],
    [{ orderDate: '1949-12-31' }, 'order_date_invalid'],
    [{ orderDate: '2026-11-23' }, 'order_date_future'],
  ])('%j gives %s', (changes, code) => {
    expect(requestOutcome(changes)).toBe(code);
  });

  it('may be of today where the policy asks for no age', () => {
    expect(requestOutcome({ orderDate: '2026-11-22' })).toEqual(['name_address']);
  });

  it('must be as many days old as the policy says, and no more', () => {
    const rules = { minimumOrderAgeDays: 90 };
    expect(requestOutcome({ orderDate: '2026-08-24' }, rules)).toEqual(['name_address']);
    expect(requestOutcome({ orderDate: '2026-08-25' }, rules)).toBe('order_too_recent');
  });

  it('counts after the person: who can not be asked about needs no order', () => {
    expect(requestOutcome({ surname: '', orderNumber: '' })).toBe('surname_missing');
  });

  it('counts before the tier', () => {
    expect(requestOutcome({ orderNumber: '' }, { tiers: ['name_address_dob'] })).toBe('order_number_missing');
  });
});

describe('the tier of a record of a request', () => {
  it('is that with a date of birth where it has one, alone', () => {
    expect(requestOutcome(BORN)).toEqual(['name_address_dob']);
  });

  it('is that without otherwise', () => {
    expect(requestOutcome({})).toEqual(['name_address']);
  });

  it.each<[string, Partial<RequestRecord>, Tier]>([
    ['without a date of birth, where one is asked for', {}, 'name_address_dob'],
    ['with one, where the holder answers by name and address only', BORN, 'name_address'],
  ])('is not answered %s', (_, changes, tier) => {
    expect(requestOutcome(changes, { tiers: [tier] })).toBe('tier_not_answered');
  });
});

describe('the tiers of a person on file', () => {
  it('are both where the date of birth is known', () => {
    expect(personOutcome(BORN)).toEqual(['name_address_dob', 'name_address']);
  });

  it.each<Tier>(['name_address_dob', 'name_address'])('are no more than the holder answers: %s', (tier) => {
    expect(personOutcome(BORN, { tiers: [tier] })).toEqual([tier]);
  });

  it('are none without a date of birth, where only the tier with one is answered', () => {
    expect(personOutcome({}, { tiers: ['name_address_dob'] })).toBe('tier_not_answered');
  });
});

describe('a date of birth that can not be read', () => {
  it.each([
    ['1980-13-40', 'date_of_birth_impossible'],
    ['2026-11-23', 'date_of_birth_impossible'],
    ['17.5.80', 'date_of_birth_invalid'],
    ['N/A', 'date_of_birth_placeholder'],
  ])('(%s) is for the requester to mend: %s', (dateOfBirth, code) => {
    expect(requestOutcome({ dateOfBirth })).toBe(code);
  });

  it.each(['1980-13-40', '2026-11-23', '17.5.80', 'N/A'])(
    '(%s) is one that a holder does not have',
    (dateOfBirth) => {
      expect(personOutcome({ dateOfBirth })).toEqual(['name_address']);
    },
  );
});

describe('a record of which a profile makes no key', () => {
  const noKeys: Profile = { ...DEFAULT_PROFILE, holderKeys: () => [], requestKeys: () => [] };

  it('is rejected on both sides', () => {
    expect(personOutcome({}, { profile: noKeys })).toBe('place_missing');
    expect(requestOutcome({}, { profile: noKeys })).toBe('place_missing');
  });
});

describe('a record that is understood', () => {
  it('shows its canonical fields', () => {
    const outcome = understandRequest(requestWith({ ...BORN, surname: 'de la Cruz García' }), RULES);
    expect(outcome).toMatchObject({
      kind: 'keys',
      tier: 'name_address_dob',
      fields: {
        given_name: 'MARIA',
        surname: 'DELACRUZGARCIA',
        date_of_birth: '1980-05-17',
        street: '12 MAIN ST',
      },
    });
  });

  it('that is rejected bears the sentence of its code', () => {
    const outcome = understandPerson(personWith({ surname: '' }), RULES);
    expect(outcome).toEqual({
      kind: 'rejected',
      code: 'surname_missing',
      reason: REJECTION_REASONS.surname_missing,
    });
  });
});
