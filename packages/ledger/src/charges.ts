/** Charges against limits: what a request is charged, once, and the sums that the next one is compared with. */

import { numberIn } from './column.ts';
import type { Charge, Limit, LimitScope } from './ledger.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** A limit that a charge would exceed, and what had been charged without it. */
export interface ExceededLimit {
  readonly limit: Limit;
  readonly charged: number;
  readonly investigator?: string;
}

/** One sum that a charge adds to. */
interface Entry {
  readonly scope: LimitScope;
  /** The day or the epoch. */
  readonly period: string;
  /** The statute or the investigator's id; empty where the sum is over all. */
  readonly subject: string;
  readonly records: number;
}

/** Reads and changes the sums. Every call is within a transaction, or reads one sum. */
export class SqliteCharges {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** The first of the limits that the charge would exceed; undefined where it fits. */
  exceeded(charge: Charge, limits: readonly Limit[]): ExceededLimit | undefined {
    for (const limit of limits) {
      for (const entry of entriesOf(charge, limit.scope)) {
        const charged = this.#sum(charge.requester, entry);
        if (charged + entry.records <= limit.records) continue;
        const investigator = limit.scope === 'investigator_epoch' ? { investigator: entry.subject } : {};
        return { limit, charged, ...investigator };
      }
    }
    return undefined;
  }

  /** Charges the request in row `request`. Invariant: a second charge of one request is refused by the table. */
  add(request: number, charge: Charge): void {
    const { requester, epoch, day, statute, records } = charge;
    this.#connection.run(
      'INSERT INTO charge (request, requester, epoch, day, statute, records) VALUES (?, ?, ?, ?, ?, ?)',
      ...[request, requester, epoch, day, statute, records],
    );
    for (const [investigator, share] of charge.investigators) {
      this.#connection.run(
        'INSERT INTO share (request, investigator, records) VALUES (?, ?, ?)',
        ...[request, investigator, share],
      );
    }
    for (const entry of SCOPES.flatMap((scope) => entriesOf(charge, scope))) {
      this.#connection.run(
        `INSERT INTO charged (requester, scope, period, subject, records) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET records = records + excluded.records`,
        ...[requester, entry.scope, entry.period, entry.subject, entry.records],
      );
    }
  }

  /** What was charged over a scope; the most of any one investigator of the charge where the scope is theirs. */
  charged(charge: Charge, scope: LimitScope): number {
    return Math.max(0, ...entriesOf(charge, scope).map((entry) => this.#sum(charge.requester, entry)));
  }

  #sum(requester: string, { scope, period, subject }: Entry): number {
    const row = this.#connection.get(
      'SELECT records FROM charged WHERE requester = ? AND scope = ? AND period = ? AND subject = ?',
      ...[requester, scope, period, subject],
    );
    return row === undefined ? 0 : numberIn(row, 'records');
  }
}

const SCOPES: readonly LimitScope[] = ['day', 'epoch', 'statute_day', 'statute_epoch', 'investigator_epoch'];

function entriesOf(charge: Charge, scope: LimitScope): readonly Entry[] {
  const { day, statute, records } = charge;
  const epoch = String(charge.epoch);
  switch (scope) {
    case 'day':
      return [{ scope, period: day, subject: '', records }];
    case 'epoch':
      return [{ scope, period: epoch, subject: '', records }];
    case 'statute_day':
      return [{ scope, period: day, subject: statute, records }];
    case 'statute_epoch':
      return [{ scope, period: epoch, subject: statute, records }];
    case 'investigator_epoch':
      return Array.from(charge.investigators, ([subject, share]) => ({
        scope,
        period: epoch,
        subject,
        records: share,
      }));
  }
}
