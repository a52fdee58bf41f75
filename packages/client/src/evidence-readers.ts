import type { EpochDescriptor } from '@blindmatch/protocol';

/** Somebody who can open the evidence of a request. */
export interface Reader {
  /** Of the holder's policy, or `requester`: whom the requester seals for besides. */
  readonly role: 'certifier' | 'auditor' | 'requester';
  /** The name in the policy; the recipient itself where the requester named it. */
  readonly name: string;
  readonly recipient: string;
}

/** Whom the evidence of a request is sealed for: the readers of the epoch, and whom the requester names besides. */
export function readersOf(
  { evidenceReaders }: Pick<EpochDescriptor, 'evidenceReaders'>,
  sealTo: readonly string[],
): readonly Reader[] {
  const named = new Set(evidenceReaders.map(({ recipient }) => recipient));
  const added = [...new Set(sealTo)].filter((recipient) => !named.has(recipient));
  return [
    ...evidenceReaders,
    ...added.map((recipient): Reader => ({ role: 'requester', name: recipient, recipient })),
  ];
}

/** A reader in words. */
export function readerText({ role, name }: Reader): string {
  return role === 'requester' ? `${name} (named by the requester)` : `${name} (${role})`;
}
