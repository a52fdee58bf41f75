import { GrowingTree, type Ledger, type Log } from '@blindmatch/ledger';
import { ProtocolError, requireGrowth, requireInclusion, type TreeHead } from '@blindmatch/protocol';
import { CommandError, type Reporter } from '@blindmatch/terminal';
import type { HolderDirectory } from '../../holder-directory.ts';
import { findRequest } from '../../requests-lookup.ts';
import { writeDocument } from '../document-output.ts';
import { withLedger } from '../with-ledger.ts';
import { signHead } from './checkpoint.ts';

export interface ProveOptions {
  readonly output: string;
  /** The beginning of a request's id. */
  readonly request?: string;
  readonly leaf?: number;
  readonly from?: number;
  readonly to?: number;
}

/**
 * `blindmatchd log prove`: that a leaf is in the log, or that the log of one size continues that of a smaller one
 * (protocol-spec/log.md), for whoever checks it without this holder.
 */
export async function prove(path: string, options: ProveOptions, reporter: Reporter): Promise<void> {
  await withLedger(path, async (ledger, directory) => {
    if (options.from !== undefined)
      await proveGrowth(ledger.log, directory, { ...options, from: options.from }, reporter);
    else await proveLeaf(ledger, directory, options, reporter);
  });
}

async function proveLeaf(
  ledger: Ledger,
  directory: HolderDirectory,
  options: ProveOptions,
  reporter: Reporter,
): Promise<void> {
  const { log } = ledger;
  const index = options.leaf ?? (await indexOf(ledger, options.request ?? ''));
  const head = await log.head();
  const leaf = await leafAt(log, index, head);
  const path = await log.inclusion(index, head.size);
  const root = await recomputedRoot(log, head.size);
  requireThatHolds(head, root, () => {
    requireInclusion(leaf, { index, path }, { size: head.size, root });
  });
  const proof = {
    leaf: Buffer.from(leaf).toString('utf8'),
    index,
    path: Buffer.from(path).toString('base64'),
    checkpoint: signHead(head, directory).note,
  };
  write(options.output, '{"leaf":', proof);
  reporter.event(
    'inclusion_proved',
    { index, size: head.size },
    `${options.output} proves that leaf ${index} is in the log of ${head.size} leaves.`,
  );
}

async function proveGrowth(
  log: Log,
  directory: HolderDirectory,
  { from, to, output }: ProveOptions & { readonly from: number },
  reporter: Reporter,
): Promise<void> {
  const head = await log.head();
  const second = to ?? head.size;
  if (from > second || second > head.size) {
    throw new CommandError(
      'size_unknown',
      `The log has ${head.size} leaves; give a --from and a --to that are not beyond it, the smaller one first.`,
    );
  }
  const later = { size: second, root: await log.rootAt(second) };
  const growth = await log.consistency(from, second);
  const root = await recomputedRoot(log, second);
  const earlier = { size: from, root: await recomputedRoot(log, from) };
  requireThatHolds(later, root, () => {
    requireGrowth(earlier, { size: second, root }, growth);
  });
  const proof = {
    first: from,
    second,
    proof: Buffer.from(growth).toString('base64'),
    checkpoint: signHead(later, directory).note,
  };
  write(output, '{"first":', proof);
  reporter.event(
    'consistency_proved',
    { first: from, second },
    `${output} proves that the log of ${second} leaves continues that of ${from}.`,
  );
}

/** The root of the first leaves, made from them alone. */
async function recomputedRoot(log: Log, size: number): Promise<Uint8Array> {
  const tree = new GrowingTree();
  for await (const { leaf } of log.leaves()) {
    if (tree.size === size) break;
    tree.append(leaf);
  }
  return tree.root();
}

/**
 * Throws unless a head that is about to be signed has the root that the leaves give, and the proof holds for that. Both are
 * made of stored hashes: what somebody has changed in them must not get the holder's signature.
 */
function requireThatHolds({ root: stored }: TreeHead, root: Uint8Array, check: () => void): void {
  try {
    check();
    if (Buffer.compare(stored, root) === 0) return;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
  throw new CommandError(
    'log_inconsistent',
    'The stored hashes of the log give no proof that holds, so none was written; keep the ledger as it is and run: blindmatchd log verify',
  );
}

async function indexOf(ledger: Ledger, prefix: string): Promise<number> {
  const request = await findRequest(ledger, prefix);
  if (request.state === 'accepted') return request.leafIndex;
  throw new CommandError(
    'request_not_accepted',
    'This request was not accepted, so no leaf says that it was; prove another leaf with --leaf.',
  );
}

async function leafAt(log: Log, index: number, { size }: TreeHead): Promise<Uint8Array> {
  if (index < size) for await (const { leaf } of log.leaves(index)) return leaf;
  throw new CommandError('leaf_unknown', `The log has ${size} leaves, numbered from 0; give one of them.`);
}

function write(path: string, beginning: string, proof: object): void {
  writeDocument(path, { name: 'proof', option: '-o', beginning }, `${JSON.stringify(proof)}\n`);
}
