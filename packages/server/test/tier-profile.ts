import { createHash } from 'node:crypto';
import { REJECTION_REASONS, type CalendarDate, type Profile } from '@blindmatch/records';
import type { Oprf } from '@blindmatch/oprf';

const digits = (number: number, length: number): string => String(number).padStart(length, '0');

function dayText({ year, month, day }: CalendarDate): string {
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

/** A made-up profile with one key in each tier, in which one can see what becomes of a record. */
export const tierProfile: Profile = {
  id: 'made-up/1',
  hash: `sha256:${'0b'.repeat(32)}`,
  keys: [
    { name: 'with_dob', tier: 'name_address_dob' },
    { name: 'without_dob', tier: 'name_address' },
  ],
  maxKeysPerRequest: 1,
  maxKeysPerPerson: 2,
  canonicalise: ({ givenName, surname, dateOfBirth }, _, today) =>
    dateOfBirth > dayText(today)
      ? { kind: 'rejected', code: 'street_missing', reason: REJECTION_REASONS.street_missing }
      : {
          kind: 'canonical',
          tier: dateOfBirth === '' ? 'name_address' : 'name_address_dob',
          fields: { name: `${givenName} ${surname}`, born: dateOfBirth },
        },
  orderFault: () => undefined,
  holderKeys: ({ fields }, tiers) => [
    ...(tiers.includes('name_address_dob') && fields['born'] !== ''
      ? [
          {
            name: 'with_dob',
            tier: 'name_address_dob' as const,
            value: `${fields['name']} ${fields['born']}`,
          },
        ]
      : []),
    ...(tiers.includes('name_address')
      ? [{ name: 'without_dob', tier: 'name_address' as const, value: `${fields['name']}` }]
      : []),
  ],
  requestKeys: () => [],
  identity: ({ fields }) => `${fields['name']} ${fields['born']}`,
};

/** Evaluates each input to a hash of it, which looks like an output and needs no key. */
export class HashingOprf {
  readonly inputs: string[] = [];
  /** The call that fails, counted from 1. */
  failsAt = Infinity;
  #calls = 0;

  readonly tokens: Oprf['tokens'] = (_, { bytes, offsets }) => {
    if (++this.#calls >= this.failsAt) return Promise.reject(new Error('the power is gone'));
    const outputs = Array.from(offsets.subarray(1), (end, index) => {
      const input = bytes.subarray(offsets[index], end);
      this.inputs.push(Buffer.from(input).toString());
      return createHash('sha512').update('evaluated ').update(input).digest();
    });
    return Promise.resolve(new Uint8Array(Buffer.concat(outputs)));
  };

  /** The inputs that were a person's, without the canaries. */
  get keys(): string[] {
    return this.inputs.filter((input) => !input.includes('canary'));
  }
}
