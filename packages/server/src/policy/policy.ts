import type { MatchTier } from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import type { Validity } from './key-validity.ts';
import type { OpeningHours } from './opening-hours.ts';
import type { SignatureRule } from './signature-rule.ts';

/** A key that signs for somebody, and when it may. */
export interface SigningKey extends Validity {
  readonly key: KeyObject;
  readonly fingerprint: string;
}

/** Somebody at a requester whose signature counts towards that requester's rule. */
export interface Official extends SigningKey {
  /** What people know the official by; undefined where the policy says nothing. */
  readonly name: string | undefined;
  readonly role: string;
}

/** An authority, independent of the requesters, that vouches for the records of a request. */
interface Certifier extends SigningKey {
  readonly name: string;
  /** The age recipient that requesters seal evidence for; undefined where the certifier reads none. */
  readonly recipient: string | undefined;
}

/** Somebody at the holder who says yes or no to a request that waits. */
export interface Approver extends SigningKey {
  readonly name: string;
}

/** Somebody for whom something is sealed: an auditor or the inspector. */
export interface Reader {
  readonly name: string;
  /** An age recipient. */
  readonly recipient: string;
}

/** How many records of one statute may be asked for. */
interface StatuteCaps {
  readonly statute: string;
  readonly recordsPerDay: number | undefined;
  readonly recordsPerEpoch: number | undefined;
}

/** How much a requester may ask for. Days are in UTC; what is undefined is not capped. */
export interface Caps {
  readonly recordsPerRequest: number;
  readonly recordsPerDay: number | undefined;
  readonly recordsPerEpoch: number | undefined;
  /** In one epoch; a request's records are split evenly over its investigators, rounded up. */
  readonly recordsPerInvestigator: number | undefined;
  /** Match keys a record, on average over a request. */
  readonly elementsPerRecord: number | undefined;
  readonly statutes: readonly StatuteCaps[];
}

/** An agency that may ask. */
export interface Requester {
  readonly name: string;
  readonly requiredSignatures: SignatureRule;
  readonly caps: Caps;
  readonly officials: readonly Official[];
}

/** What a manifest may be required to hold beside what each one has. */
export const REQUIRED_FIELDS = [
  'purpose',
  'tax_periods',
  'investigators',
  'orders',
  'attestation',
  'evidence',
] as const;

/** One of those. */
export type RequiredField = (typeof REQUIRED_FIELDS)[number];

/**
 * The holder's policy, parsed. Invariants: names of requesters are distinct; no signing key and no recipient stands in it
 * twice, so that a signature names one person in one role; every requester's rule can be met by the keys that are listed.
 */
export interface Policy {
  /** SHA-256 of the text's bytes, 32 bytes. */
  readonly digest: Uint8Array;
  /** What it was parsed from. */
  readonly text: string;
  /** The holder's name as requesters see it. */
  readonly name: string;
  /** The largest number of elements that a request may hold; decides how many bits a token keeps. */
  readonly maxElements: number;
  /** The tiers that are answered: at least one, the stronger first. An epoch answers those it was built with. */
  readonly answeredTiers: readonly MatchTier[];
  /** The least age of an order that may be asked under, in days. */
  readonly minimumOrderAgeDays: number;
  readonly statutes: Texts;
  readonly purposes: Texts;
  readonly requiredFields: readonly RequiredField[];
  /** What a manifest attests word for word where `attestation` is required, and then never undefined. */
  readonly attestation: string | undefined;
  readonly minimumRecords: number;
  /** Undefined where requests are answered at any time. */
  readonly openingHours: OpeningHours | undefined;
  readonly approval: 'automatic' | 'human';
  /** How long a request waits for approval, in days. */
  readonly approvalDays: number;
  /** How many requests of one requester may wait at once. */
  readonly maxWaiting: number;
  readonly approvers: readonly Approver[];
  readonly certifiers: readonly Certifier[];
  readonly auditors: readonly Reader[];
  /** Whom accountings are sealed for; never undefined where `accounting` is anything but `none`. */
  readonly inspector: Reader | undefined;
  readonly accounting: 'none' | 'optional' | 'required';
  /** How long after it was finished a request may be without its accounting, in days. */
  readonly accountingDays: number;
  readonly requesters: readonly Requester[];
}

/** The texts that are permitted. */
export type Texts = 'any' | readonly string[];
