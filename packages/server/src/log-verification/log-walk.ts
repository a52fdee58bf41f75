import { createHash } from 'node:crypto';
import {
  GrowingTree,
  type KnownRequest,
  type Ledger,
  type StoredApproval,
  type StoredLeaf,
} from '@blindmatch/ledger';
import {
  digestText,
  openApproval,
  PAYLOAD_TYPES,
  parseDigest,
  parseLeaf,
  ProtocolError,
  validSigners,
  type Approval,
  type LeafOf,
  type LogLeaf,
  type TreeHead,
} from '@blindmatch/protocol';
import { standingOf } from '../policy/key-validity.ts';
import { checkAcceptance } from './acceptance-check.ts';
import { ChargeSums, chargeText } from './charge-sums.ts';
import { EpochHistory, type EpochFinding } from './epoch-history.ts';
import type { FindingCode, Found } from './finding.ts';
import { LeafTally, type TallyKey } from './leaf-tally.ts';
import { checkPending } from './pending-check.ts';
import { PolicyHistory } from './policy-history.ts';

/** What a walk compares the leaves with. */
export interface WalkSetting {
  readonly ledger: Ledger;
  /** The holder's fingerprint. */
  readonly holder: string;
  /** An earlier head that the log must continue. */
  readonly earlier: TreeHead | undefined;
  readonly key: TallyKey;
  readonly found: Found;
}

/**
 * Goes through the leaves in their order, once, and checks each against everything before it and everything that is
 * remembered of it. Kept are a hash a level of the tree, the epochs, one policy, and sums.
 */
export class LogWalk {
  readonly tree: GrowingTree = new GrowingTree();
  readonly sums: ChargeSums = new ChargeSums();
  readonly tally: LeafTally;
  readonly #setting: WalkSetting;
  readonly #policies: PolicyHistory;
  readonly #epochs = new EpochHistory();
  #lastTime = '';
  #timesSetBack = 0;

  constructor(setting: WalkSetting) {
    this.#setting = setting;
    this.tally = new LeafTally(setting.key);
    this.#policies = new PolicyHistory(setting.ledger, setting.found);
    this.#compareWithEarlier();
  }

  /** How often a leaf is older than the one before it: the holder's clock was set back, which is no fault by itself. */
  get timesSetBack(): number {
    return this.#timesSetBack;
  }

  /** Takes the next leaf. */
  async take({ index, leaf: bytes }: StoredLeaf): Promise<void> {
    if (index !== this.tree.size)
      this.#find('leaf_out_of_place', index, `stands where leaf ${this.tree.size} must be`);
    await this.#compareNodes(index, this.tree.append(bytes));
    this.#compareWithEarlier();
    let leaf: LogLeaf;
    try {
      leaf = parseLeaf(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#find('leaf_malformed', index, 'is not the canonical form of a leaf');
      return;
    }
    if (leaf.time < this.#lastTime) this.#timesSetBack++;
    this.#lastTime = leaf.time;
    try {
      await this.#check(index, leaf);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#find('request_differs', index, 'is about a request whose signed documents are damaged');
    }
  }

  async #check(index: number, leaf: LogLeaf): Promise<void> {
    switch (leaf.type) {
      case 'epoch':
        this.tally.add('epoch', epochText(leaf.epoch, leaf.epoch_id, index, leaf.time));
        this.#findEpoch(index, this.#epochs.announce(leaf.epoch_id, leaf.epoch));
        return;
      case 'policy':
        this.tally.add('policy', policyText(this.tally.count('policy'), leaf.policy, index, leaf.time));
        await this.#policies.adopt(leaf.policy, index);
        return;
      case 'accepted':
        await this.#checkAccepted(index, leaf);
        return;
      case 'pending':
        await this.#checkPending(index, leaf);
        return;
      case 'approval':
        await this.#checkApproval(index, leaf);
        return;
      case 'refused':
        // Not the one in force: another may be put in force between the decision and its leaf.
        await this.#policies.policyOf(leaf.policy, index);
        if (leaf.code === 'approval_expired') await this.#checkExpired(index, leaf);
        return;
      case 'finished':
        await this.#checkFinished(index, leaf);
        return;
      case 'accounting':
        await this.#checkAccounting(index, leaf);
        return;
      case 'unidentified':
        return;
    }
  }

  async #checkAccepted(index: number, leaf: LeafOf<'accepted'>): Promise<void> {
    const { holder, found } = this.#setting;
    this.tally.add('accepted', leaf.request);
    const policy = await this.#policies.deciding(leaf.policy, index);
    this.#findEpoch(index, this.#epochs.admit(leaf.epoch_id));
    const request = await this.#findRequest(leaf.request);
    if (request?.state !== 'accepted') {
      this.#find('request_unknown', index, `accepts ${leaf.request}, which is not remembered as accepted`);
      return;
    }
    if (request.leafIndex !== index) {
      const what = `accepts ${leaf.request}, which leaf ${request.leafIndex} accepts already`;
      this.#find('accepted_twice', index, what);
      return;
    }
    const epoch = this.#epochs.numberOf(leaf.epoch_id);
    const findings = checkAcceptance({ index, leaf, request, policy, holder, epoch }, (charge, limits) => {
      this.tally.add('charge', chargeText(leaf.request, charge));
      return this.sums.add(charge, limits);
    });
    for (const each of findings) found(each);
  }

  async #checkPending(index: number, leaf: LeafOf<'pending'>): Promise<void> {
    const { holder, found } = this.#setting;
    this.tally.add('pending', leaf.request);
    const policy = await this.#policies.deciding(leaf.policy, index);
    this.#findEpoch(index, this.#epochs.admit(leaf.epoch_id));
    const request = await this.#findRequest(leaf.request);
    const since = request === undefined ? undefined : request.suspendedAt;
    if (request === undefined || since === undefined) {
      this.#find('request_unknown', index, `lets ${leaf.request} wait, which is not remembered as waiting`);
      return;
    }
    const epoch = this.#epochs.numberOf(leaf.epoch_id);
    this.#requireBeforeAcceptance(index, request, `lets ${leaf.request} wait`);
    for (const each of checkPending({ index, leaf, request, since, policy, holder, epoch })) found(each);
  }

  /** Expired is for good: whatever else became of the request since was done behind the leaf's back. */
  async #checkExpired(index: number, leaf: LeafOf<'refused'>): Promise<void> {
    this.tally.add('expired', `${leaf.request} ${leaf.time}`);
    const request = await this.#findRequest(leaf.request);
    if (request?.state !== 'expired') {
      const what = `ends the waiting of ${leaf.request}, which is remembered as ${request?.state ?? 'nothing at all'}`;
      this.#find('expiry_differs', index, what);
      return;
    }
    const { expiresAt, decidedAt, requester, records, elements } = request;
    if (decidedAt.toISOString() !== leaf.time || decidedAt < expiresAt) {
      const what = `ends the waiting of ${leaf.request} before its time, or at another than is remembered`;
      this.#find('expiry_differs', index, what);
    }
    if (requester !== leaf.requester || records !== leaf.records || elements !== leaf.elements)
      this.#find('request_differs', index, `disagrees with what is remembered of ${leaf.request}`);
  }

  async #checkApproval(index: number, leaf: LeafOf<'approval'>): Promise<void> {
    this.tally.add('approval', `${leaf.request} ${leaf.approval}`);
    const request = await this.#findRequest(leaf.request);
    const stored = request === undefined ? undefined : rememberedDecision(request, leaf.decision);
    if (request === undefined || stored === undefined || digestText(stored.digest) !== leaf.approval) {
      this.#find('request_unknown', index, `decides on ${leaf.request}, and no such decision is remembered`);
      return;
    }
    if (leaf.decision === 'accounting_waived' && request.state === 'accepted' && request.leafIndex > index) {
      const what = `waives the accounting of ${leaf.request} before leaf ${request.leafIndex} accepts it`;
      this.#find('request_differs', index, what);
    }
    if (leaf.decision !== 'accounting_waived') this.#checkDecisionTime(index, leaf, request);
    const policy = await this.#policies.current(index);
    const approver = policy?.approvers.find(({ fingerprint }) => fingerprint === leaf.approver);
    const { approval, digest, envelope } = openApproval(stored.envelope);
    const counts =
      approver !== undefined &&
      standingOf(approver, approval.time) === 'valid' &&
      validSigners(envelope, PAYLOAD_TYPES.approval, [approver.key]).length === 1 &&
      digestText(digest) === leaf.approval &&
      digestText(approval.request) === leaf.request &&
      approval.holder === this.#setting.holder &&
      approval.decision === leaf.decision &&
      approval.time.toISOString() === leaf.time &&
      fitsState(leaf.decision, request);
    if (!counts) {
      const what = `decides on ${leaf.request} by an approval that no approver of the policy in force has signed so`;
      this.#find('approval_invalid', index, what);
    }
  }

  /** Between when it began to wait and when it expires, and before it is accepted. */
  #checkDecisionTime(index: number, leaf: LeafOf<'approval'>, request: KnownRequest): void {
    this.#requireBeforeAcceptance(index, request, `decides on ${leaf.request}`);
    if (request.expiresAt !== undefined && leaf.time >= request.expiresAt.toISOString()) {
      const what = `decides on ${leaf.request}, which expired ${request.expiresAt.toISOString()}`;
      this.#find('expiry_differs', index, what);
    }
    if ('decidedAt' in request && request.decidedAt.toISOString() !== leaf.time) {
      const what = `decides on ${leaf.request} at another time than is remembered`;
      this.#find('request_differs', index, what);
    }
  }

  #requireBeforeAcceptance(index: number, request: KnownRequest, what: string): void {
    if (request.state !== 'accepted' || request.leafIndex > index) return;
    this.#find('request_differs', index, `${what} after leaf ${request.leafIndex} has accepted it`);
  }

  async #checkFinished(index: number, leaf: LeafOf<'finished'>): Promise<void> {
    this.tally.add('finished', `${leaf.request} ${leaf.time}`);
    const request = await this.#findRequest(leaf.request);
    if (request?.state !== 'accepted' || request.completedAt?.toISOString() !== leaf.time) {
      const what = `finishes ${leaf.request}, which is not remembered as finished then`;
      this.#find('request_unknown', index, what);
    } else if (request.leafIndex > index) {
      this.#find(
        'request_differs',
        index,
        `finishes ${leaf.request} before leaf ${request.leafIndex} accepts it`,
      );
    }
  }

  async #checkAccounting(index: number, leaf: LeafOf<'accounting'>): Promise<void> {
    this.tally.add('accounting', `${leaf.request} ${leaf.accounting}`);
    const { ledger } = this.#setting;
    const sealed = await ledger.sealedAccounting(parseDigest(leaf.request, 'log_invalid'));
    const same =
      sealed?.length === leaf.bytes &&
      digestText(new Uint8Array(createHash('sha256').update(sealed).digest())) === leaf.accounting;
    if (!same) {
      const what = `logs an accounting of ${leaf.request} that is not stored, or not as it was logged`;
      this.#find('accounting_differs', index, what);
    }
  }

  /** A proof is made of what is stored, which nothing but this compares with the leaves. */
  async #compareNodes(index: number, hashes: readonly Uint8Array[]): Promise<void> {
    const stored = await this.#setting.ledger.log.completedBy(index);
    const same = hashes.every((hash, level) => {
      const other = stored[level];
      return other !== undefined && Buffer.compare(hash, other) === 0;
    });
    if (!same) this.#find('node_differs', index, 'gives other hashes than the stored tree has for it');
  }

  #findEpoch(index: number, found: EpochFinding | undefined): void {
    if (found !== undefined) this.#find(found.code, index, found.what);
  }

  #findRequest(request: string): Promise<KnownRequest | undefined> {
    return this.#setting.ledger.find(parseDigest(request, 'log_invalid'));
  }

  #compareWithEarlier(): void {
    const { earlier, found } = this.#setting;
    if (earlier?.size !== this.tree.size || Buffer.compare(earlier.root, this.tree.root()) === 0) return;
    found({
      code: 'checkpoint_differs',
      leaf: undefined,
      sentence: `The first ${earlier.size} leaves are not those that the earlier checkpoint was signed for: the log was forked.`,
    });
  }

  #find(code: FindingCode, leaf: number, what: string): void {
    this.#setting.found({ code, leaf, sentence: `Leaf ${leaf} ${what}.` });
  }
}

/** An epoch that was announced, as one text. */
export function epochText(epoch: number, epochId: string, index: number, time: string): string {
  return JSON.stringify([epoch, epochId, index, time]);
}

/** A policy that came in force, as one text: with how many did before, since the last one is in force. */
export function policyText(before: number, policy: string, index: number, time: string): string {
  return JSON.stringify([before, policy, index, time]);
}

/** What is remembered as the decision of this kind on a request. */
function rememberedDecision(
  request: KnownRequest,
  decision: Approval['decision'],
): StoredApproval | undefined {
  if (decision === 'accounting_waived') return request.state === 'accepted' ? request.waiver : undefined;
  return request.state === 'waiting' ? undefined : request.approval;
}

/** Whether a request can be in its state after this decision. */
function fitsState(decision: Approval['decision'], { state }: KnownRequest): boolean {
  return decision === 'denied' ? state === 'denied' : state === 'accepted' || decision === state;
}
