/** The log in SQLite: leaves as they came, and the hash of every perfect subtree over them. */

import {
  appendedNodes,
  appendPlaces,
  consistencyRecipe,
  inclusionRecipe,
  leafHash,
  makeProof,
  makeRoot,
  rootRecipe,
} from '@blindmatch/merkle';
import type { NodePlace } from '@blindmatch/merkle';
import { bytesIn, numberIn } from './column.ts';
import type { Log, StoredLeaf } from './ledger.ts';
import { settled } from './settled.ts';
import type { Row, SqliteConnection } from './sqlite-connection.ts';

/** Leaves read at once while they are streamed. */
const PAGE = 256;

/**
 * Rows are only added, so that a size once read stays true, and a proof is made of rows that no other program changes
 * meanwhile. The size is read from the file every time: other programs append too.
 */
export class SqliteLog implements Log {
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** Appends a leaf and gives its index. Only within a transaction. */
  append(leaf: Uint8Array): number {
    const index = this.#size();
    this.#connection.run('INSERT INTO leaf (position, bytes) VALUES (?, ?)', index, leaf);
    for (const node of appendedNodes(index, leafHash(leaf), this.#node)) {
      this.#connection.run(
        'INSERT INTO node (level, position, hash) VALUES (?, ?, ?)',
        node.level,
        node.index,
        node.hash,
      );
    }
    return index;
  }

  head(): Promise<{ readonly size: number; readonly root: Uint8Array }> {
    return settled(() => {
      const size = this.#size();
      return { size, root: makeRoot(rootRecipe(size), this.#node) };
    });
  }

  rootAt(size: number): Promise<Uint8Array> {
    return settled(() => makeRoot(rootRecipe(this.#within(size)), this.#node));
  }

  inclusion(index: number, size: number): Promise<Uint8Array> {
    return settled(() => makeProof(inclusionRecipe(index, this.#within(size)), this.#node));
  }

  consistency(first: number, second: number): Promise<Uint8Array> {
    return settled(() => makeProof(consistencyRecipe(first, this.#within(second)), this.#node));
  }

  completedBy(index: number): Promise<readonly (Uint8Array | undefined)[]> {
    return settled(() => {
      const above = appendPlaces(index).map((sibling) => ({
        level: sibling.level + 1,
        index: sibling.index / 2,
      }));
      return [{ level: 0, index }, ...above].map((place) => {
        const row = this.#row(place);
        return row && bytesIn(row, 'hash');
      });
    });
  }

  /** Page by page: a statement that stays open between them would hold on to an old state of the file. */
  async *leaves(begin: number = 0): AsyncGenerator<StoredLeaf> {
    for (let next = begin; ;) {
      const page = await settled(() =>
        this.#connection.all(
          'SELECT position, bytes FROM leaf WHERE position >= ? ORDER BY position LIMIT ?',
          next,
          PAGE,
        ),
      );
      if (page.length === 0) return;
      for (const row of page) yield { index: numberIn(row, 'position'), leaf: bytesIn(row, 'bytes') };
      next += page.length;
    }
  }

  indexOfAcceptance(requestId: Uint8Array): Promise<number | undefined> {
    return settled(() => {
      const row = this.#connection.get(
        'SELECT accepted_by FROM request WHERE request_id = ? AND accepted_by IS NOT NULL',
        requestId,
      );
      return row && numberIn(row, 'accepted_by');
    });
  }

  adoptionBefore(before: number, policy: Uint8Array): Promise<StoredLeaf | undefined> {
    return settled(() => {
      const row = this.#connection.get(
        `SELECT leaf.position, leaf.bytes FROM adoption JOIN leaf ON leaf.position = adoption.position
         WHERE adoption.digest = ? AND adoption.position < ? ORDER BY adoption.position DESC LIMIT 1`,
        policy,
        before,
      );
      return row && { index: numberIn(row, 'position'), leaf: bytesIn(row, 'bytes') };
    });
  }

  #size(): number {
    const row = this.#connection.get('SELECT position FROM leaf ORDER BY position DESC LIMIT 1');
    return row === undefined ? 0 : numberIn(row, 'position') + 1;
  }

  #within(size: number): number {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.#size())
      throw new RangeError(`the log has no ${size} leaves`);
    return size;
  }

  readonly #node = (place: NodePlace): Uint8Array => bytesIn(this.#row(place) ?? {}, 'hash');

  #row({ level, index }: NodePlace): Row | undefined {
    return this.#connection.get('SELECT hash FROM node WHERE level = ? AND position = ?', level, index);
  }
}
