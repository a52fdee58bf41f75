/** Policies and epochs as rows: which were put in force or announced when, and by which leaf. */

import { bytesIn, numberIn, textIn, timeIn } from './column.ts';
import type { EpochToAnnounce, PolicyToAdopt, StoredPolicy } from './ledger.ts';
import type { Row, SqliteConnection } from './sqlite-connection.ts';

const SELECT = `
  SELECT policy.digest, policy.text, adoption.since
  FROM adoption JOIN policy ON policy.digest = adoption.digest`;

/** Policies by digest. Invariant: the one that was adopted last is in force. */
export class PolicyRows {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  inForce(): StoredPolicy | undefined {
    const row = this.#connection.get(`${SELECT} ORDER BY adoption.sequence DESC LIMIT 1`);
    return row && storedPolicy(row);
  }

  isInForce(digest: Uint8Array): boolean {
    const row = this.#connection.get('SELECT digest FROM adoption ORDER BY sequence DESC LIMIT 1');
    return row !== undefined && Buffer.compare(bytesIn(row, 'digest'), digest) === 0;
  }

  /** The policy as it was adopted first, or, where it is in force, last. */
  find(digest: Uint8Array): StoredPolicy | undefined {
    const inForce = this.inForce();
    if (inForce !== undefined && Buffer.compare(inForce.digest, digest) === 0) return inForce;
    const row = this.#connection.get(
      `${SELECT} WHERE adoption.digest = ? ORDER BY adoption.sequence LIMIT 1`,
      digest,
    );
    return row && storedPolicy(row);
  }

  adopt({ digest, text, now }: PolicyToAdopt, leafIndex: number): void {
    this.#connection.run(
      'INSERT INTO policy (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING',
      digest,
      text,
    );
    this.#connection.run(
      'INSERT INTO adoption (digest, since, position) VALUES (?, ?, ?)',
      ...[digest, now.toISOString(), leafIndex],
    );
  }
}

/** Epochs by id. */
export class EpochRows {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** The index of the leaf that announced an epoch. */
  leafOf(epochId: Uint8Array): number | undefined {
    const row = this.#connection.get('SELECT position FROM epoch WHERE epoch_id = ?', epochId);
    return row && numberIn(row, 'position');
  }

  /** The highest number of an epoch; undefined before the first. */
  newest(): number | undefined {
    const row = this.#connection.get('SELECT number FROM epoch ORDER BY number DESC LIMIT 1');
    return row && numberIn(row, 'number');
  }

  add({ epochId, epoch, now }: EpochToAnnounce, leafIndex: number): void {
    this.#connection.run(
      'INSERT INTO epoch (epoch_id, number, announced_at, position) VALUES (?, ?, ?, ?)',
      ...[epochId, epoch, now.toISOString(), leafIndex],
    );
  }
}

function storedPolicy(row: Row): StoredPolicy {
  return { digest: bytesIn(row, 'digest'), text: textIn(row, 'text'), since: timeIn(row, 'since') };
}
