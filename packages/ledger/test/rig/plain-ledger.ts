/** The twin of the ledger: the interface word for word over lists in memory, each sum taken anew. */

import type {
  AcceptedRequest,
  JudgedRequest,
  KnownRequest,
  WaitingRequest,
} from '../../src/known-request.ts';
import type {
  Acceptance,
  AcceptanceToMake,
  AccountingToKeep,
  Charge,
  DecisionToMake,
  EpochToAnnounce,
  KeptAccounting,
  Ledger,
  LimitScope,
  PolicyToAdopt,
  StoredPolicy,
  Suspension,
  SuspensionToMake,
  UnidentifiedRefusal,
  WaiverToMake,
} from '../../src/ledger.ts';
import { settled } from '../../src/settled.ts';
import { hex } from './samples.ts';

export class PlainLedger implements Omit<Ledger, 'log' | 'kept' | 'requests' | 'close'> {
  readonly leaves: Uint8Array[] = [];
  /** In the order in which they came. */
  readonly known: KnownRequest[] = [];
  readonly #charges: Charge[] = [];
  readonly #adopted: StoredPolicy[] = [];
  readonly #epochs = new Map<string, { readonly index: number; readonly epoch: number }>();
  readonly #accountings = new Map<string, KeptAccounting & { readonly sealed: Uint8Array }>();
  readonly #unidentified = new Map<number, number>();
  readonly #unlogged = new Map<number, number>();

  find(requestId: Uint8Array): Promise<KnownRequest | undefined> {
    return Promise.resolve(this.#find(requestId));
  }

  accept(made: AcceptanceToMake): Promise<Acceptance> {
    return settled((): Acceptance => {
      const known = this.#find(made.request.requestId);
      if (known?.state === 'accepted') return { outcome: 'known', request: known };
      if (this.#isNonceTaken(made.request)) return { outcome: 'nonce_reused' };
      if (!this.#isInForce(made.policy)) return { outcome: 'policy_changed' };
      const final = known?.state === 'denied' || known?.state === 'expired';
      const recorded = known?.state === 'approved' ? hex(known.approval!.digest) : undefined;
      const fits = made.approval === undefined ? !final : recorded === hex(made.approval);
      if (!fits) return { outcome: 'approval_changed' };
      for (const limit of made.limits) {
        for (const only of parts(made.charge, limit.scope)) {
          const charged = this.#charged(only, limit.scope);
          if (charged + only.records <= limit.records) continue;
          const [investigator] = limit.scope === 'investigator_epoch' ? only.investigators.keys() : [];
          return {
            outcome: 'over_limit',
            limit,
            charged,
            ...(investigator !== undefined && { investigator }),
          };
        }
      }
      const request: AcceptedRequest = {
        ...made.request,
        state: 'accepted',
        suspendedAt: known?.suspendedAt,
        expiresAt: known?.expiresAt,
        approval: known?.state === 'approved' ? known.approval : undefined,
        acceptedAt: made.now,
        leafIndex: this.leaves.push(made.leaf) - 1,
        leaf: made.leaf,
        accountingDue: made.accountingDue,
        completedAt: undefined,
        accounting: undefined,
        waiver: undefined,
      };
      this.#charges.push(made.charge);
      this.#put(request);
      return { outcome: 'new', request };
    });
  }

  suspend({ request, policy, now, expires, most, leaf }: SuspensionToMake): Promise<Suspension> {
    return settled((): Suspension => {
      const known = this.#find(request.requestId);
      if (known !== undefined) return { outcome: 'known', request: known };
      if (this.#isNonceTaken(request)) return { outcome: 'nonce_reused' };
      if (!this.#isInForce(policy)) return { outcome: 'policy_changed' };
      if (this.#waiting(request.requester, now).length >= most) return { outcome: 'too_many_wait' };
      const waiting: WaitingRequest = { ...request, state: 'waiting', suspendedAt: now, expiresAt: expires };
      this.leaves.push(leaf);
      this.#put(waiting);
      return { outcome: 'waiting', request: waiting };
    });
  }

  waiting(requester: string, now: Date): Promise<readonly WaitingRequest[]> {
    return Promise.resolve(this.#waiting(requester, now));
  }

  decide(made: DecisionToMake): Promise<'decided' | 'not_waiting' | 'policy_changed'> {
    return settled(() => {
      const known = this.#find(made.requestId);
      if (known?.state !== 'waiting' || known.expiresAt <= made.now) return 'not_waiting';
      if (!this.#isInForce(made.policy)) return 'policy_changed';
      this.leaves.push(made.leaf);
      const { suspendedAt, expiresAt } = known;
      const approval = { envelope: made.envelope, digest: made.digest };
      this.#put({
        ...judged(known),
        state: made.decision,
        suspendedAt,
        expiresAt,
        decidedAt: made.now,
        approval,
      });
      return 'decided';
    });
  }

  expire(now: Date, leafOf: (request: WaitingRequest) => Uint8Array): Promise<number> {
    return settled(() => {
      const overdue = this.known
        .filter((request) => request.state === 'waiting')
        .filter((request) => request.expiresAt <= now)
        .sort((left, right) => left.expiresAt.getTime() - right.expiresAt.getTime());
      for (const waiting of overdue) {
        this.leaves.push(leafOf(waiting));
        const { suspendedAt, expiresAt } = waiting;
        const ended = { suspendedAt, expiresAt, decidedAt: now, approval: undefined };
        this.#put({ ...judged(waiting), state: 'expired', ...ended });
      }
      return overdue.length;
    });
  }

  refuse(leaf: Uint8Array): Promise<void> {
    this.leaves.push(leaf);
    return Promise.resolve();
  }

  async refuseUnidentified({ now, each, leaf, summaryOf }: UnidentifiedRefusal): Promise<void> {
    await this.summariseUnidentified(now, summaryOf);
    const hour = hourOf(now);
    const refused = (this.#unidentified.get(hour) ?? 0) + 1;
    this.#unidentified.set(hour, refused);
    if (refused <= each) this.leaves.push(leaf);
    else this.#unlogged.set(hour, (this.#unlogged.get(hour) ?? 0) + 1);
  }

  summariseUnidentified(now: Date, summaryOf: UnidentifiedRefusal['summaryOf']): Promise<number> {
    const ended = [...this.#unlogged.keys()].filter((hour) => hour < hourOf(now)).sort((a, b) => a - b);
    for (const hour of ended) this.leaves.push(summaryOf(new Date(hour), this.#unlogged.get(hour)!));
    for (const hour of this.#unidentified.keys()) {
      if (hour >= hourOf(now)) continue;
      this.#unidentified.delete(hour);
      this.#unlogged.delete(hour);
    }
    return Promise.resolve(ended.length);
  }

  complete(requestId: Uint8Array, now: Date, leafAt: (completed: Date) => Uint8Array): Promise<Date> {
    return settled(() => {
      const request = this.#accepted(requestId);
      if (request.completedAt !== undefined) return request.completedAt;
      const completedAt = new Date(Math.max(now.getTime(), request.acceptedAt.getTime()));
      this.leaves.push(leafAt(completedAt));
      this.#put({ ...request, completedAt });
      return completedAt;
    });
  }

  account({ requestId, digest, sealed, leaf }: AccountingToKeep): Promise<KeptAccounting> {
    return settled(() => {
      const request = this.#accepted(requestId);
      if (request.completedAt === undefined) throw new Error('not finished');
      const kept = this.#accountings.get(hex(requestId));
      if (kept !== undefined) return { digest: kept.digest, index: kept.index, leaf: kept.leaf };
      const made = { digest, index: this.leaves.push(leaf) - 1, leaf };
      this.#accountings.set(hex(requestId), { ...made, sealed });
      this.#put({ ...request, accounting: digest });
      return made;
    });
  }

  sealedAccounting(requestId: Uint8Array): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#accountings.get(hex(requestId))?.sealed);
  }

  waiveAccounting({
    requestId,
    policy,
    digest,
    envelope,
    leaf,
  }: WaiverToMake): Promise<'waived' | 'not_owed' | 'policy_changed'> {
    return settled(() => {
      const request = this.#find(requestId);
      if (request?.state !== 'accepted' || request.accountingDue === undefined) return 'not_owed';
      if (request.accounting !== undefined || request.waiver !== undefined) return 'not_owed';
      if (!this.#isInForce(policy)) return 'policy_changed';
      this.leaves.push(leaf);
      this.#put({ ...request, waiver: { envelope, digest } });
      return 'waived';
    });
  }

  unaccounted(requester: string, now: Date): Promise<Uint8Array | undefined> {
    const [oldest] = this.known
      .filter((request) => request.state === 'accepted')
      .filter((request) => request.requester === requester)
      .filter((request) => request.accounting === undefined && request.waiver === undefined)
      .filter((request) => request.accountingDue !== undefined && request.accountingDue < now)
      .sort((left, right) => left.accountingDue!.getTime() - right.accountingDue!.getTime());
    return Promise.resolve(oldest?.requestId);
  }

  adoptPolicy({ digest, text, now, leaf }: PolicyToAdopt): Promise<boolean> {
    if (this.#isInForce(digest)) return Promise.resolve(false);
    this.#adopted.push({ digest, text, since: now });
    this.leaves.push(leaf);
    return Promise.resolve(true);
  }

  policy(): Promise<StoredPolicy | undefined> {
    return Promise.resolve(this.#adopted.at(-1));
  }

  policyWith(digest: Uint8Array): Promise<StoredPolicy | undefined> {
    if (this.#isInForce(digest)) return this.policy();
    return Promise.resolve(this.#adopted.find((policy) => hex(policy.digest) === hex(digest)));
  }

  announceEpoch({ epochId, epoch, leaf }: EpochToAnnounce): Promise<number> {
    return settled(() => {
      const announced = this.#epochs.get(hex(epochId));
      if (announced !== undefined) return announced.index;
      if ([...this.#epochs.values()].some((earlier) => earlier.epoch >= epoch)) throw new Error('not newer');
      const index = this.leaves.push(leaf) - 1;
      this.#epochs.set(hex(epochId), { index, epoch });
      return index;
    });
  }

  charged(charge: Charge, scope: LimitScope): Promise<number> {
    return Promise.resolve(Math.max(0, ...parts(charge, scope).map((only) => this.#charged(only, scope))));
  }

  #waiting(requester: string, now: Date): readonly WaitingRequest[] {
    return this.known
      .filter((request) => request.state === 'waiting')
      .filter((request) => request.requester === requester && request.expiresAt > now);
  }

  #charged(of: Charge, scope: LimitScope): number {
    const mine = this.#charges.filter(({ requester }) => requester === of.requester);
    const day = mine.filter((each) => each.day === of.day);
    const epoch = mine.filter((each) => each.epoch === of.epoch);
    const statute = ({ statute }: Charge): boolean => statute === of.statute;
    const [investigator = ''] = of.investigators.keys();
    const counted: Record<LimitScope, readonly number[]> = {
      day: day.map(({ records }) => records),
      epoch: epoch.map(({ records }) => records),
      statute_day: day.filter(statute).map(({ records }) => records),
      statute_epoch: epoch.filter(statute).map(({ records }) => records),
      investigator_epoch: epoch.map(({ investigators }) => investigators.get(investigator) ?? 0),
    };
    return counted[scope].reduce((sum, records) => sum + records, 0);
  }

  #find(requestId: Uint8Array): KnownRequest | undefined {
    return this.known.find((request) => hex(request.requestId) === hex(requestId));
  }

  #accepted(requestId: Uint8Array): AcceptedRequest {
    const request = this.#find(requestId);
    if (request?.state !== 'accepted') throw new Error('not accepted');
    return request;
  }

  #put(request: KnownRequest): void {
    const place = this.known.findIndex(({ requestId }) => hex(requestId) === hex(request.requestId));
    if (place < 0) this.known.push(request);
    else this.known[place] = request;
  }

  #isNonceTaken({ nonce, requestId }: JudgedRequest): boolean {
    return this.known.some(
      (other) => hex(other.nonce) === hex(nonce) && hex(other.requestId) !== hex(requestId),
    );
  }

  #isInForce(digest: Uint8Array): boolean {
    const inForce = this.#adopted.at(-1);
    return inForce !== undefined && hex(inForce.digest) === hex(digest);
  }
}

/** The charge as a scope sees it: whole, or the share of each investigator by itself. */
function parts(charge: Charge, scope: LimitScope): readonly Charge[] {
  if (scope !== 'investigator_epoch') return [charge];
  return Array.from(charge.investigators, ([investigator, records]) => ({
    ...charge,
    records,
    investigators: new Map([[investigator, records]]),
  }));
}

/** What a request keeps in every state. */
function judged(request: JudgedRequest): JudgedRequest {
  const { requestId, nonce, epoch, requester, officials, certifiers, statute, records, elements, envelope } =
    request;
  return { requestId, nonce, epoch, requester, officials, certifiers, statute, records, elements, envelope };
}

function hourOf(now: Date): number {
  return new Date(now).setUTCMinutes(0, 0, 0);
}
