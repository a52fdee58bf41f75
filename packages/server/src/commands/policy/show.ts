import type { Ledger, StoredPolicy } from '@blindmatch/ledger';
import { digestText, parseDigest, parseLeaf } from '@blindmatch/protocol';
import { CommandError, writeSecretFile, type Reporter } from '@blindmatch/terminal';
import { openHolderDirectory } from '../../holder-directory.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import { minute } from '../../requests-description.ts';
import { withLedger } from '../with-ledger.ts';

export interface ShowOptions {
  readonly inForce?: boolean;
  /** The policy that was in force then. */
  readonly at?: Date;
  /** The beginning of a policy's digest. */
  readonly digest?: string;
  /** A new file for the policy's exact bytes. */
  readonly output?: string;
}

/** `blindmatchd policy show`: the text of holder.yaml, or of a policy that is or was in force. */
export async function show(path: string, options: ShowOptions, reporter: Reporter): Promise<void> {
  if (options.inForce !== true && options.at === undefined && options.digest === undefined) {
    const { digest, text } = readPolicy(openHolderDirectory(path).policy);
    tell({ digest, text }, `This is holder.yaml, ${digestText(digest)}.`, options, reporter);
    return;
  }
  await withLedger(path, async (ledger) => {
    const stored = await storedPolicy(ledger, options);
    const sentence = `This is the policy ${digestText(stored.digest)}, in force since ${minute(stored.since)}.`;
    tell(stored, sentence, options, reporter);
  });
}

function tell(
  { digest, text }: Pick<StoredPolicy, 'digest' | 'text'>,
  sentence: string,
  { output }: ShowOptions,
  reporter: Reporter,
): void {
  reporter.notice('policy_shown', sentence);
  if (output !== undefined) writeSecretFile(output, text);
  // The event ends the last line.
  const shown = output === undefined ? text.replace(/\n$/, '') : undefined;
  reporter.event('policy', { digest: digestText(digest), text }, shown);
}

async function storedPolicy(ledger: Ledger, { at, digest }: ShowOptions): Promise<StoredPolicy> {
  if (at === undefined && digest === undefined) {
    const inForce = await ledger.policy();
    if (inForce !== undefined) return inForce;
    throw new CommandError(
      'policy_missing',
      'No policy is in force yet; put holder.yaml in force with: blindmatchd policy reload',
    );
  }
  const found = digest === undefined ? undefined : await digestBeginning(ledger, digest);
  const wanted = at === undefined ? found : await digestInForceAt(ledger, at);
  const stored = wanted === undefined ? undefined : await ledger.policyWith(wanted);
  if (stored !== undefined) return stored;
  throw new CommandError(
    'policy_unknown',
    at === undefined
      ? `No policy whose digest begins with ${digest ?? ''} was ever in force; blindmatchd log export shows all.`
      : `No policy was in force on ${minute(at)}; ${await beginning(ledger)}.`,
  );
}

/** When the log begins. */
async function beginning({ log }: Ledger): Promise<string> {
  for await (const { leaf } of log.leaves())
    return `the log begins on ${minute(new Date(parseLeaf(leaf).time))}`;
  return 'the log is empty';
}

/** The digest of the policy that the log has in force at a time. */
async function digestInForceAt(ledger: Ledger, at: Date): Promise<Uint8Array | undefined> {
  let inForce: Uint8Array | undefined;
  for await (const { time, digest } of policyLeaves(ledger)) if (time <= at) inForce = digest;
  return inForce;
}

async function digestBeginning(ledger: Ledger, prefix: string): Promise<Uint8Array | undefined> {
  const found = new Map<string, Uint8Array>();
  for await (const { digest } of policyLeaves(ledger)) {
    const text = digestText(digest);
    if (text.startsWith(`sha256:${prefix}`)) found.set(text, digest);
  }
  if (found.size > 1) {
    throw new CommandError(
      'digest_ambiguous',
      `Several digests begin with ${prefix}; give more of its digits.`,
    );
  }
  return [...found.values()].at(0);
}

async function* policyLeaves({ log }: Ledger): AsyncGenerator<{ time: Date; digest: Uint8Array }> {
  for await (const { leaf: bytes } of log.leaves()) {
    const leaf = parseLeaf(bytes);
    if (leaf.type !== 'policy') continue;
    yield { time: new Date(leaf.time), digest: parseDigest(leaf.policy, 'log_invalid') };
  }
}
