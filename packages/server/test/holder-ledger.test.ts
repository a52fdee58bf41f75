import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { createHolderDirectory, type HolderDirectory } from '../src/holder-directory.ts';
import { isLedgerLost, markLogBegun, openHolderLedger } from '../src/holder-ledger.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const home = temporaryDirectory();

/** A holder's directory whose ledger was opened and closed. */
async function begun(name: string, marked = true): Promise<HolderDirectory> {
  const directory = createHolderDirectory(join(home, name));
  const ledger = openHolderLedger(directory);
  if (marked) markLogBegun(directory);
  await ledger.close();
  return directory;
}

describe('the ledger of a holder', () => {
  it('is opened again, and not lost', async () => {
    const directory = await begun('kept');
    expect(isLedgerLost(directory)).toBe(false);
    await openHolderLedger(directory).close();
  });

  it('is made where no log was begun', async () => {
    const directory = await begun('unused', false);
    rmSync(directory.ledger);
    await openHolderLedger(directory).close();
  });

  it.each<[string, (path: string) => void]>([
    [
      'gone',
      (path) => {
        rmSync(path);
      },
    ],
    [
      'empty',
      (path) => {
        truncateSync(path);
      },
    ],
  ])('is not made again where a log was begun and it is %s', async (how, lose) => {
    const directory = await begun(how);
    lose(directory.ledger);
    expect(codeOf(() => openHolderLedger(directory))).toBe('ledger_missing');
    rmSync(directory.logBegun);
    await openHolderLedger(directory).close();
  });

  it('is lost where its write-ahead log alone is left', async () => {
    const directory = await begun('ahead');
    copyFileSync(directory.ledger, `${directory.ledger}-wal`);
    writeFileSync(directory.ledger, '');
    expect(codeOf(() => openHolderLedger(directory))).toBe('ledger_missing');
  });

  it('is not begun anew in a copy that was made without the write-ahead log', () => {
    const without = createHolderDirectory(join(home, 'without'));
    // What a ledger's main file holds until SQLite first moves its write-ahead log into it: a header.
    const header = new DatabaseSync(without.ledger);
    header.exec('PRAGMA journal_mode = WAL');
    header.close();
    markLogBegun(without);
    expect(() => openHolderLedger(without)).toThrow(expect.objectContaining({ code: 'ledger_unusable' }));
  });
});
