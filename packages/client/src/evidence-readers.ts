import type { EpochDescriptor } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';

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

/**
 * Insists that the epoch names no other readers than `expected`, which the user has from them: a holder could name a key of its
 * own under anybody's name, to read who is asked about.
 *
 * @param expected age recipients; undefined where the user named none
 * @throws CommandError `reader_unexpected`
 */
export function insistOnReaders(
  expected: readonly string[] | undefined,
  { evidenceReaders }: Pick<EpochDescriptor, 'evidenceReaders'>,
): void {
  if (expected === undefined) return;
  const other = evidenceReaders.find(({ recipient }) => !expected.includes(recipient));
  if (other === undefined) return;
  throw new CommandError(
    'reader_unexpected',
    `The holder names the reader ${readerText(other)}, whom no --reader names, so nothing was sealed; ask ${other.name} whether this key is theirs, and report it if it is not.`,
  );
}

/** A reader in words, with the recipient: a name is only what the holder says. */
export function readerText({ role, name, recipient }: Reader): string {
  return role === 'requester' ? `${recipient} (named by the requester)` : `${name} (${role}) ${recipient}`;
}
