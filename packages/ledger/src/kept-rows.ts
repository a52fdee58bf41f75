/** The rows beside requests, as they are: for whoever verifies that each is what the log says, and that none is more. */

import { bytesIn, numberIn, optional, textIn, timeIn } from './column.ts';
import type { AnnouncedEpoch, AdoptedPolicy, Charge, ChargedSum, Kept, KeptCharge } from './ledger.ts';
import { settled } from './settled.ts';
import type { Row, SqliteConnection } from './sqlite-connection.ts';

/** Rows read at once: a statement that stays open between pages would hold on to an old state of the file. */
const PAGE = 256;

export class KeptRows implements Kept {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async *adoptions(): AsyncGenerator<AdoptedPolicy> {
    const pages = this.#pages('SELECT sequence AS place, digest, since, position FROM adoption', 'sequence');
    for await (const row of pages) {
      yield {
        digest: bytesIn(row, 'digest'),
        since: timeIn(row, 'since'),
        leafIndex: numberIn(row, 'position'),
      };
    }
  }

  /** Numbers are unique, as is said by the table. */
  async *epochs(): AsyncGenerator<AnnouncedEpoch> {
    const pages = this.#pages(
      'SELECT number AS place, epoch_id, number, announced_at, position FROM epoch',
      'number',
    );
    for await (const row of pages) {
      yield {
        epoch: numberIn(row, 'number'),
        epochId: bytesIn(row, 'epoch_id'),
        announcedAt: timeIn(row, 'announced_at'),
        leafIndex: numberIn(row, 'position'),
      };
    }
  }

  async *sums(): AsyncGenerator<ChargedSum> {
    for (let last: readonly string[] = ['', '', '', '']; ;) {
      const page = await settled(() =>
        this.#connection.all(
          `SELECT requester, scope, period, subject, records FROM charged
           WHERE (requester, scope, period, subject) > (?, ?, ?, ?)
           ORDER BY requester, scope, period, subject LIMIT ?`,
          ...[...last, PAGE],
        ),
      );
      for (const row of page) {
        const [requester, scope] = [textIn(row, 'requester'), textIn(row, 'scope')];
        const [period, subject] = [textIn(row, 'period'), textIn(row, 'subject')];
        last = [requester, scope, period, subject];
        yield { requester, scope, period, subject, records: numberIn(row, 'records') };
      }
      if (page.length < PAGE) return;
    }
  }

  async *charges(): AsyncGenerator<KeptCharge> {
    const pages = this.#pages(
      `SELECT charge.request AS place, charge.*, request.request_id FROM charge
       LEFT JOIN request ON request.sequence = charge.request`,
      'charge.request',
    );
    for await (const row of pages) {
      const requestId = optional(row, 'request_id', bytesIn);
      yield { requestId, charge: await settled(() => this.#charge(row)) };
    }
  }

  #charge(row: Row): Charge {
    const shares = this.#connection.all(
      'SELECT investigator, records FROM share WHERE request = ?',
      numberIn(row, 'request'),
    );
    return {
      requester: textIn(row, 'requester'),
      epoch: numberIn(row, 'epoch'),
      day: textIn(row, 'day'),
      statute: textIn(row, 'statute'),
      records: numberIn(row, 'records'),
      investigators: new Map(
        shares.map((share) => [textIn(share, 'investigator'), numberIn(share, 'records')]),
      ),
    };
  }

  /** The rows in the order of a column of whole numbers that are unique, which the statement gives as `place`. */
  async *#pages(select: string, column: string): AsyncGenerator<Row> {
    for (let last = Number.MIN_SAFE_INTEGER; ;) {
      const page = await settled(() =>
        this.#connection.all(`${select} WHERE ${column} > ? ORDER BY ${column} LIMIT ?`, last, PAGE),
      );
      for (const row of page) {
        last = numberIn(row, 'place');
        yield row;
      }
      if (page.length < PAGE) return;
    }
  }
}
