import { MAX_SIGNATURES } from '@blindmatch/protocol';

/** The role of the keys in the policy's list of certifiers. */
export const CERTIFIER_ROLE = 'certifier';

/** The role of an official whose entry says none. */
export const DEFAULT_ROLE = 'official';

/** So many signatures of one role. */
interface SignaturePart {
  readonly count: number;
  readonly role: string;
}

/** Which signatures a request must carry: every part must hold. Invariants: no role twice, at least one part, and one that is not about certifiers. */
export type SignatureRule = readonly SignaturePart[];

const ROLE = /^[a-z][a-z0-9_-]{0,31}$/;

/** Whether `text` can name a role. */
export function isRole(text: string): boolean {
  return ROLE.test(text);
}

/**
 * Reads a rule such as `1 of role certifier and 2 of role official`.
 *
 * @throws RangeError whose message says what is wrong, to follow the name of the field
 */
export function parseSignatureRule(text: string): SignatureRule {
  const parts = text.split(' and ').map((part): SignaturePart => {
    const [, count, role = ''] = /^([1-9]\d?) of role (\S+)$/.exec(part) ?? [];
    if (count === undefined || !isRole(role)) {
      throw new RangeError(
        'must be like "1 of role official" or "1 of role certifier and 2 of role official"',
      );
    }
    return { count: Number(count), role };
  });
  const roles = parts.map(({ role }) => role);
  if (new Set(roles).size !== roles.length) throw new RangeError('must name no role twice');
  if (roles.every((role) => role === CERTIFIER_ROLE)) {
    throw new RangeError('must ask for an official, whose signature tells who asks');
  }
  if (parts.reduce((sum, { count }) => sum + count, 0) > MAX_SIGNATURES) {
    throw new RangeError(`must ask for at most the ${MAX_SIGNATURES} signatures that a request can carry`);
  }
  return parts;
}

/** The rule as text. */
export function formatSignatureRule(rule: SignatureRule): string {
  return rule.map(({ count, role }) => `${count} of role ${role}`).join(' and ');
}

/** Whether every part of the rule is met by these numbers of signatures, role by role. */
export function isMet(rule: SignatureRule, signatures: ReadonlyMap<string, number>): boolean {
  return rule.every(({ count, role }) => (signatures.get(role) ?? 0) >= count);
}
