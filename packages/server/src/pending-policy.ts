import type { EpochDescriptor, EvidenceReader } from '@blindmatch/protocol';
import type { Policy, Reader } from './policy/policy.ts';

/** Whom an epoch that is built under the policy names as readers of evidence: auditors, and certifiers who were not revoked. */
export function evidenceReadersOf({ certifiers, auditors }: Policy): readonly EvidenceReader[] {
  return [
    ...certifiers.flatMap(({ name, recipient, revoked }): EvidenceReader[] =>
      recipient === undefined || revoked !== undefined ? [] : [{ role: 'certifier', name, recipient }],
    ),
    ...auditors.map(({ name, recipient }): EvidenceReader => ({ role: 'auditor', name, recipient })),
  ];
}

/** Whom an epoch that is built under the policy names as inspector; null where no accounting is taken. */
export function inspectorOf({ accounting, inspector }: Policy): Reader | null {
  return accounting === 'none' || inspector === undefined ? null : inspector;
}

/** Whether the policy says something else than the epoch was built with, which takes effect with the next build only. */
export function needsBuild(policy: Policy, descriptor: EpochDescriptor): boolean {
  return (
    descriptor.tiers.join() !== policy.answeredTiers.join() ||
    descriptor.minimumOrderAgeDays !== policy.minimumOrderAgeDays ||
    descriptor.maxElements !== policy.maxElements ||
    textOf(descriptor.evidenceReaders, descriptor.inspector) !==
      textOf(evidenceReadersOf(policy), inspectorOf(policy))
  );
}

/** Whom things are sealed for, in no order, to be compared. */
function textOf(readers: readonly EvidenceReader[], inspector: Reader | null): string {
  const lines = readers.map(({ role, name, recipient }) => JSON.stringify([role, name, recipient])).sort();
  return JSON.stringify([lines, inspector === null ? null : [inspector.name, inspector.recipient]]);
}
