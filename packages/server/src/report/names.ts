import type { Policy } from '../policy/policy.ts';
import { markup, type Markup } from './markup.ts';

/** What people know keys by. */
export type KeyNames = ReadonlyMap<string, string>;

/** The names that a policy gives to keys, by fingerprint. */
export function keyNames(policy: Policy | undefined): KeyNames {
  if (policy === undefined) return new Map();
  const people = [
    ...policy.requesters.flatMap(({ officials }) => officials),
    ...policy.certifiers,
    ...policy.approvers,
  ];
  return new Map(
    people.flatMap(({ fingerprint, name }) => (name === undefined ? [] : [[fingerprint, name] as const])),
  );
}

/** Digits of a fingerprint or digest that tell it from others in one report. */
const DIGITS = 16;

/** A key: its name where there is one, and the beginning of its fingerprint. */
export function keyText(fingerprint: string, names: KeyNames): Markup {
  const name = names.get(fingerprint);
  return name === undefined ? shortDigest(fingerprint) : markup`${name} (${shortDigest(fingerprint)})`;
}

/** The beginning of a digest, enough to find it by. */
export function shortDigest(digest: string): Markup {
  return markup`<code>${digest.replace(/^sha256:/, '').slice(0, DIGITS)}</code>`;
}
