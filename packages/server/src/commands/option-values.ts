/** What stands behind an option or an argument, parsed where it is read; a wrong one is told in one sentence. */

import { isLine, NAME_MAX } from '@blindmatch/protocol';
import { TIERS, type Tier } from '@blindmatch/records';
import { InvalidArgumentError } from 'commander';
import { CERTIFIER_ROLE, isRole } from '../policy/signature-rule.ts';

/** A number of something, of which there is at least one. */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 to 999999999.');
  return Number(text);
}

/** The size of a log or the index of a leaf: from 0 on. */
export function parseLeafNumber(text: string): number {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0 on.');
  return Number(text);
}

/** Tiers, divided by commas. */
export function parseTiers(text: string): readonly Tier[] {
  const names = text.split(',').map((name) => name.trim());
  const tiers = TIERS.filter((tier) => names.includes(tier));
  if (tiers.length !== names.length)
    throw new InvalidArgumentError(`Give one or more of ${TIERS.join(',')}, each once.`);
  return tiers;
}

export function parseDirectory(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give the path of a directory.');
  return text;
}

/** A holder's, requester's or official's name. */
export function parseName(text: string): string {
  const name = text.trim();
  if (!isLine(name, NAME_MAX)) {
    throw new InvalidArgumentError(`Give a name of 1 to ${NAME_MAX} bytes of printable text on one line.`);
  }
  return name;
}

/** The beginning of a request's id, at least 8 hexadecimal digits, with or without `sha256:` before it. */
export function parseRequestPrefix(text: string): string {
  const digits = text.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(digits)) {
    throw new InvalidArgumentError('Give the id of a request, or at least the first 8 of its digits.');
  }
  return digits;
}

/** A day in UTC, or an instant; a day is its last millisecond, when it is over. */
export function parseInstant(text: string): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  const instant = new Date(day ? `${text}T23:59:59.999Z` : text);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text.slice(0, 10));
  if (!exists || !/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{3})?Z)?$/.test(text)) {
    throw new InvalidArgumentError('Give a day (2026-05-31) or a time in UTC (2026-05-31T12:00:00Z).');
  }
  return instant;
}

/** The beginning of a policy's digest, at least 8 hexadecimal digits. */
export function parseDigestPrefix(text: string): string {
  const digits = text.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{8,64}$/.test(digits)) {
    throw new InvalidArgumentError('Give a digest, or at least the first 8 of its digits.');
  }
  return digits;
}

/** The role of an official. */
export function parseRole(text: string): string {
  if (isRole(text) && text !== CERTIFIER_ROLE) return text;
  throw new InvalidArgumentError(
    `Give a lower-case word like official or chief; ${CERTIFIER_ROLE} is the role of the certifiers in holder.yaml.`,
  );
}
