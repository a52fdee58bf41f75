/** Sealed accountings, and waivers of such, as rows, each with the leaf that shows when it came. */

import { bytesIn, numberIn } from './column.ts';
import type { AccountingToKeep, KeptAccounting, WaiverToMake } from './ledger.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Accountings and waivers by the number of their request's row. */
export class AccountingRows {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  find(request: number): KeptAccounting | undefined {
    const row = this.#connection.get(
      `SELECT accounting.digest, accounting.position, leaf.bytes
       FROM accounting JOIN leaf ON leaf.position = accounting.position WHERE accounting.request = ?`,
      request,
    );
    return (
      row && { digest: bytesIn(row, 'digest'), index: numberIn(row, 'position'), leaf: bytesIn(row, 'bytes') }
    );
  }

  sealed(requestId: Uint8Array): Uint8Array | undefined {
    const row = this.#connection.get(
      `SELECT sealed FROM accounting JOIN request ON request.sequence = accounting.request
       WHERE request.request_id = ?`,
      requestId,
    );
    return row && bytesIn(row, 'sealed');
  }

  waive(request: number, { digest, envelope, now }: WaiverToMake, leafIndex: number): void {
    this.#connection.run(
      'INSERT INTO waiver (request, digest, envelope, waived_at, position) VALUES (?, ?, ?, ?, ?)',
      ...[request, digest, envelope, now.toISOString(), leafIndex],
    );
  }

  add(request: number, { digest, sealed, now }: AccountingToKeep, leafIndex: number): void {
    this.#connection.run(
      'INSERT INTO accounting (request, digest, sealed, kept_at, position) VALUES (?, ?, ?, ?, ?)',
      ...[request, digest, sealed, now.toISOString(), leafIndex],
    );
  }
}
