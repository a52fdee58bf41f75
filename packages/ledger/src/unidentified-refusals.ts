/** Refusals of requests that no allowed official signed: counted by the hour, so that strangers can't fill the log. */

import { numberIn, timeIn } from './column.ts';
import type { UnidentifiedRefusal } from './ledger.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** What of an hour got no leaf. */
export interface UnloggedHour {
  readonly hour: Date;
  readonly requests: number;
}

const HOUR = 3_600_000;

/** Counts by hour. Invariant: an hour that is over keeps its row until its summary is in the log. */
export class UnidentifiedRefusals {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Forgets the hours before the one of `now`; gives those that need a leaf, oldest first. */
  takeEnded(now: Date): readonly UnloggedHour[] {
    const hour = hourOf(now);
    const ended = this.#connection.all(
      'SELECT hour, unlogged FROM unidentified WHERE hour < ? AND unlogged > 0 ORDER BY hour',
      hour,
    );
    this.#connection.run('DELETE FROM unidentified WHERE hour < ?', hour);
    return ended.map((row) => ({ hour: timeIn(row, 'hour'), requests: numberIn(row, 'unlogged') }));
  }

  /** Counts one; gives whether it is among the hour's first, which get a leaf. */
  count({ now, each }: Pick<UnidentifiedRefusal, 'now' | 'each'>): boolean {
    const row = this.#connection.get(
      `INSERT INTO unidentified (hour, refused, unlogged) VALUES (?1, 1, 1 > ?2)
       ON CONFLICT DO UPDATE SET refused = refused + 1, unlogged = unlogged + (refused >= ?2)
       RETURNING refused`,
      hourOf(now),
      each,
    );
    return numberIn(row ?? {}, 'refused') <= each;
  }
}

function hourOf(now: Date): string {
  return new Date(Math.floor(now.getTime() / HOUR) * HOUR).toISOString();
}
