/*
 * A holder's program on a disk that fills up: node fill-target.ts LEDGER [FILLER COPY]. It accepts until there is no room; then
 * it removes the filler, goes on, and leaves a copy of the ledger. It reports on its standard output.
 */

import { copyFileSync, existsSync, rmSync, writeSync } from 'node:fs';
import { LedgerError } from '../../src/ledger-error.ts';
import { openSqliteLedger } from '../../src/sqlite-ledger.ts';
import { acceptance, at, bytes, hex, POLICY, request } from './samples.ts';

const [path = '', filler, copy] = process.argv.slice(2);

// A limit on the size of files comes as an error of the write, as a full disk does, where its signal is ignored.
process.on('SIGXFSZ', () => undefined);

function report(line: string): void {
  writeSync(1, `${line}\n`);
}

const ledger = openSqliteLedger(path);
await ledger.adoptPolicy({ digest: POLICY, text: '', now: at(0), leaf: bytes('policy') });

/** Gives the error's code where it was not accepted. */
async function accept(name: string): Promise<string | undefined> {
  const each = request(name, { envelope: new Uint8Array(50_000) });
  try {
    const { outcome } = await ledger.accept(acceptance(each));
    report(`${outcome} ${hex(each.requestId)}`);
    return undefined;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return error.code;
  }
}

let last = 0;
let code: string | undefined;
while (code === undefined) code = await accept(String(++last));
report(`failed ${code}`);
report(`failed ${(await accept(String(last))) ?? 'not'}`);
const { requestId } = request(String(last));
report(`failed-state ${(await ledger.find(requestId))?.state ?? 'unknown'}`);

if (filler !== undefined && copy !== undefined) {
  rmSync(filler);
  report(`again ${(await accept(String(last))) ?? 'accepted'}`);
  await ledger.close();
  // The journal stays where there was no room to bring all of it into the file.
  for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
} else {
  await ledger.close();
}
