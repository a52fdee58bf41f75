/** What stands behind an option or an argument, parsed where it is read; a wrong one is told in one sentence. */

import { isAgeRecipient, MAX_ORDER_AGE_DAYS } from '@blindmatch/protocol';
import { TIERS, type Tier } from '@blindmatch/records';
import { InvalidArgumentError } from 'commander';
import { isRecipient } from '../age.ts';
import type { NamedWitness } from './verify.ts';

/** A number of something, of which there is at least one. */
export function parseCount(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text))
    throw new InvalidArgumentError('Give a whole number from 1 to 999999.');
  return Number(text);
}

/** The name of a witness, as it stands in a signed note. */
export function parseWitnessName(text: string): string {
  if (!/^[^\s+=]{1,200}$/u.test(text))
    throw new InvalidArgumentError('Give a name without spaces, plus signs and equals signs.');
  return text;
}

/** One more witness whose cosignature is asked for, NAME=KEYFILE. */
export function addWitness(text: string, others: readonly NamedWitness[] = []): readonly NamedWitness[] {
  const cut = text.indexOf('=');
  if (cut < 1 || cut === text.length - 1) throw new InvalidArgumentError('Write NAME=KEYFILE.');
  return [...others, { name: parseWitnessName(text.slice(0, cut)), keyFile: text.slice(cut + 1) }];
}

/** A recipient of age in its form; whether it is the right one is told later. */
export function parseRecipient(text: string): string {
  if (!isAgeRecipient(text)) throw new InvalidArgumentError('Give a recipient of age, age1….');
  return text;
}

/** The age of an order in days. */
export function parseDays(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > MAX_ORDER_AGE_DAYS)
    throw new InvalidArgumentError(`Give a whole number of days from 0 to ${MAX_ORDER_AGE_DAYS}.`);
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

/** One more recipient of age, for whom something can be sealed. */
export function addRecipient(text: string, others: readonly string[] = []): readonly string[] {
  if (!isRecipient(text)) throw new InvalidArgumentError('Give an age recipient for X25519 (age1…).');
  return [...others, text];
}
