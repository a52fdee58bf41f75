import { existsSync } from 'node:fs';
import { openSqliteLedger } from '@blindmatch/ledger';
import { fingerprint } from '@blindmatch/protocol';
import { quoted, readPublicKey, type Reporter } from '@blindmatch/terminal';
import { readEpochDescriptor } from '../epoch.ts';
import { openHolderDirectory, type HolderDirectory } from '../holder-directory.ts';
import { readPolicy } from '../policy.ts';

/** `blindmatchd inspect`: who this holder is, its epochs, what it allows and what it answered. Opens no secret. */
export function inspect(path: string, reporter: Reporter): void {
  const directory = openHolderDirectory(path);
  const policy = readPolicy(directory.policy);
  const id = fingerprint(readPublicKey(directory.publicIdentity));
  reporter.event(
    'holder',
    { name: policy.name, fingerprint: id, max_elements: policy.maxElements },
    `${policy.name}\n  fingerprint   ${id}\n  max elements  ${policy.maxElements} in one request`,
  );
  for (const epoch of directory.epochs()) inspectEpoch(directory, epoch, reporter);
  for (const requester of policy.requesters) {
    const officials = requester.officials.map((official) => official.fingerprint);
    reporter.event(
      'allowed',
      { requester: requester.name, max_records: requester.maxRecords, officials },
      `Allowed: ${requester.name}\n  max records   ${requester.maxRecords} in one request\n  officials     ${officials.join('\n                ')}`,
    );
  }
  if (policy.requesters.length === 0) {
    reporter.event(
      'nobody_allowed',
      {},
      `Nobody is allowed to ask yet; use: blindmatchd allow ${quoted(path)} …`,
    );
  }
  inspectRequests(directory, reporter);
}

/** What was accepted so far, requester by requester. */
function inspectRequests(directory: HolderDirectory, reporter: Reporter): void {
  if (!existsSync(directory.ledger)) return;
  const sums = new Map<string, { requests: number; records: number; elements: number }>();
  const ledger = openSqliteLedger(directory.ledger);
  try {
    for (const { requester, records, elements } of ledger.requests()) {
      const sum = sums.get(requester) ?? { requests: 0, records: 0, elements: 0 };
      sums.set(requester, {
        requests: sum.requests + 1,
        records: sum.records + records,
        elements: sum.elements + elements,
      });
    }
  } finally {
    ledger.close();
  }
  for (const [requester, { requests, records, elements }] of sums) {
    reporter.event(
      'answered',
      { requester, requests, records, elements },
      `Answered: ${requester}\n  requests      ${requests}\n  records       ${records} in all\n  elements      ${elements} in all`,
    );
  }
}

function inspectEpoch(directory: HolderDirectory, epoch: number, reporter: Reporter): void {
  const files = directory.epochFiles(epoch);
  if (!existsSync(files.descriptor)) {
    reporter.event('epoch', { epoch, built: false }, `Epoch ${epoch}\n  not built yet`);
    return;
  }
  const { descriptor } = readEpochDescriptor(directory, files);
  const { tokens, bits, bytes } = descriptor.tokenSet;
  const digest = `sha256:${Buffer.from(descriptor.tokenSet.digest).toString('hex')}`;
  reporter.event(
    'epoch',
    {
      epoch,
      built: true,
      created: descriptor.created.toISOString(),
      profile: descriptor.profile.id,
      suite: descriptor.suite,
      tokens,
      bits,
      bytes,
      digest,
    },
    `Epoch ${epoch}\n  created       ${descriptor.created.toISOString()}\n  profile       ${descriptor.profile.id}\n  suite         ${descriptor.suite}\n  tokens        ${tokens} of ${bits} bits, ${bytes} bytes\n  digest        ${digest}`,
  );
}
