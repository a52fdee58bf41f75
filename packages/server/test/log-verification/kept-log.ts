import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLedger, type Ledger } from '@blindmatch/ledger';
import {
  digestText,
  encodeLeaf,
  fingerprint,
  generateSigningKey,
  type LogLeaf,
  type RequestManifest,
} from '@blindmatch/protocol';
import type { KeyObject } from 'node:crypto';
import { decideRequest, type RequestToDecide } from '../../src/decide-request.ts';
import type { Finding } from '../../src/log-verification/finding.ts';
import { verifyLog, type VerifiedLog } from '../../src/log-verification/verify-log.ts';
import { PolicyInForce } from '../../src/policy-in-force.ts';
import { parsePolicy } from '../../src/policy/read-policy.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { accountingLeaf, finishedLeaf } from '../../src/request-leaves.ts';
import { signDecision } from '../../src/requests-approval.ts';
import { expireWaiting } from '../../src/waiting-requests.ts';
import { HOLDER, madeRequest, NOON } from '../made-request.ts';
import { policyText, RECIPIENTS, requesterEntry, spki, type Entries } from '../policy-text.ts';

/** The official of the requester A, and an approver. */
export const OFFICIAL: KeyObject = generateSigningKey().privateKey;
export const APPROVER: KeyObject = generateSigningKey().privateKey;
export const STRANGER: KeyObject = generateSigningKey().privateKey;

/** The epoch that made requests are for. */
export const EPOCH_ID: Uint8Array = new Uint8Array(32).fill(1);

/** A policy under which A may ask, but for the changes. */
export function allowingA(changes: Entries = {}, caps: Entries = {}): string {
  return policyText({
    requesters: [
      requesterEntry({
        officials: [{ public_key: spki(OFFICIAL) }],
        caps: { records_per_request: 10, ...caps },
      }),
    ],
    ...changes,
  });
}

/** The policy under which an approver has to approve, and accountings are owed. */
export function withApproval(changes: Entries = {}): string {
  const approvers = [{ name: 'Ann', public_key: spki(APPROVER) }];
  const inspector = { name: 'Inspector', recipient: RECIPIENTS[0] };
  return allowingA({ approval: 'human', approvers, accounting: 'required', inspector, ...changes });
}

/** A ledger that is kept as a holder keeps it, and the means to keep it otherwise. */
export class KeptLog {
  readonly path: string;
  ledger: Ledger;
  #minutes = 0;

  constructor(directory: string) {
    this.path = join(directory, 'ledger.sqlite');
    this.ledger = openSqliteLedger(this.path);
  }

  /** A minute later than what was last. */
  now(): Date {
    return new Date(NOON.getTime() + 60_000 * ++this.#minutes);
  }

  async adopt(text: string): Promise<Policy> {
    const policy = parsePolicy(text);
    const now = this.now();
    const leaf = encodeLeaf({ type: 'policy', time: now.toISOString(), policy: digestText(policy.digest) });
    await this.ledger.adoptPolicy({ digest: policy.digest, text, now, leaf });
    return policy;
  }

  async announce(epoch = 1, epochId: Uint8Array = EPOCH_ID): Promise<void> {
    const now = this.now();
    const leaf = encodeLeaf({ type: 'epoch', time: now.toISOString(), epoch, epoch_id: digestText(epochId) });
    await this.ledger.announceEpoch({ epochId, epoch, now, leaf });
  }

  /** Submits a request of A's as a daemon takes it. */
  async submit(
    changes: Partial<RequestManifest> = {},
    signers: readonly KeyObject[] = [OFFICIAL],
  ): Promise<RequestToDecide> {
    return await this.resubmit(madeRequest(signers, changes));
  }

  async resubmit(request: RequestToDecide): Promise<RequestToDecide> {
    const now = this.now();
    await decideRequest(request, {
      ...{ ledger: this.ledger, policies: new PolicyInForce(this.ledger), holder: HOLDER, epoch: 1 },
      ...{ hasInspector: true, now: () => now, reserve: () => true },
    });
    return request;
  }

  async decide(
    { request }: RequestToDecide,
    decision: 'approved' | 'denied' = 'approved',
    key: KeyObject = APPROVER,
  ): Promise<void> {
    await signDecision(this.ledger, {
      ...{ request, decision, reason: 'Looked at', key, holder: HOLDER, now: this.now() },
      policy: await new PolicyInForce(this.ledger).current(),
    });
  }

  async finish({ request }: RequestToDecide): Promise<void> {
    const { requestId } = request;
    await this.ledger.complete(requestId, this.now(), (completed) => finishedLeaf(requestId, completed));
  }

  async account({ request }: RequestToDecide): Promise<void> {
    const sealed = new Uint8Array(Buffer.from('sealed for the inspector'));
    const digest = new Uint8Array(createHash('sha256').update(sealed).digest());
    const { requestId } = request;
    const now = this.now();
    const leaf = accountingLeaf(requestId, { digest, bytes: sealed.length }, now);
    await this.ledger.account({ requestId, sealed, digest, now, leaf });
  }

  async waive({ request }: RequestToDecide, key: KeyObject = APPROVER): Promise<void> {
    const decision = 'accounting_waived';
    await signDecision(this.ledger, {
      ...{ request, decision, reason: 'Too late', key, holder: HOLDER, now: this.now() },
      policy: await new PolicyInForce(this.ledger).current(),
    });
  }

  /** Lets days pass, and ends the waiting of what was not approved until then. */
  async expireAfter(days: number): Promise<void> {
    this.#minutes += days * 24 * 60;
    await expireWaiting(this.ledger, await new PolicyInForce(this.ledger).current(), this.now());
  }

  /** Leaves the file as somebody with a SQLite shell does. */
  async alter(sql: string): Promise<this> {
    await this.ledger.close();
    const database = new DatabaseSync(this.path);
    database.exec('PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;');
    const triggers = database.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER "${String(name)}"`);
    database.exec(sql);
    for (const trigger of triggers) database.exec(String(trigger['sql']));
    database.close();
    this.ledger = openSqliteLedger(this.path);
    return this;
  }

  /** Appends a leaf that nothing in the ledger belongs to. */
  async appendAlone(leaf: LogLeaf | Uint8Array): Promise<void> {
    await this.ledger.refuse(leaf instanceof Uint8Array ? leaf : encodeLeaf(leaf));
  }

  async head(): Promise<{ readonly size: number; readonly root: Uint8Array }> {
    return await this.ledger.log.head();
  }

  async verify(earlier?: { readonly size: number; readonly root: Uint8Array }): Promise<{
    readonly codes: readonly string[];
    readonly findings: readonly Finding[];
    readonly log: VerifiedLog;
  }> {
    const findings: Finding[] = [];
    const log = await verifyLog({
      ...{ ledger: this.ledger, holder: HOLDER, earlier },
      found: (finding) => findings.push(finding),
    });
    return { codes: findings.map(({ code }) => code), findings, log };
  }
}

/** Everything that a log can hold, rightly kept. */
export async function keepFully(log: KeptLog): Promise<void> {
  await log.adopt(allowingA({}, { records_per_day: 9, records_per_investigator: 6 }));
  await log.announce();
  const first = await log.submit({ investigators: [{ id: 'B-1', name: 'Jo Doe' }] });
  await log.resubmit(first);
  await log.finish(first);
  await log.account(first);
  // Refused: a stranger's, one too many records, one over the quota of its investigator.
  await log.submit({}, [STRANGER]);
  await log.submit({ records: 11, elements: 24, investigators: [{ id: 'B-2', name: 'Al Roe' }] });
  await log.submit({ records: 4, elements: 10, investigators: [{ id: 'B-1', name: 'Jo Doe' }] });
  await log.adopt(withApproval());
  const approved = await log.submit();
  const denied = await log.submit();
  await log.submit();
  await log.decide(approved);
  await log.decide(denied, 'denied');
  await log.resubmit(approved);
  await log.resubmit(denied);
  await log.finish(approved);
  await log.waive(approved);
  await log.adopt(withApproval({ approval_days: 1 }));
  await log.submit();
  await log.expireAfter(1);
}

/** The fingerprint of a key's public half. */
export function idOf(key: KeyObject): string {
  return fingerprint(key);
}
