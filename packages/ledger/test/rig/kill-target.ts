/* A holder's program that a test kills: node kill-target.ts LEDGER RUN SEED [evaluate-first]. It reports on its standard output. */

import { writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { LedgerError } from '../../src/ledger-error.ts';
import { openSqliteLedger } from '../../src/sqlite-ledger.ts';
import { CAPS, requestInRun } from './killed-runs.ts';
import { acceptance, at, bytes, charge, digest, hex, SCOPES } from './samples.ts';

const [path = '', run = '0', seed = '', wrong] = process.argv.slice(2);

let drawn = 0;
function random(below: number): number {
  return createHash('sha256').update(`${seed} ${++drawn}`).digest().readUInt32LE() % below;
}

/** A line that is in the pipe when this returns. */
function report(line: string): void {
  writeSync(1, `${line}\n`);
}

const ledger = openSqliteLedger(path);
const limits = SCOPES.map((scope) => ({ scope, records: CAPS[scope] }));
report('open');

async function accept(name: string, approval?: Uint8Array): Promise<void> {
  const request = requestInRun(name, Number(run));
  const day = `2026-01-${String(1 + Math.floor(Number(run) / 4))
    .padStart(2, '0')
    .slice(-2)}`;
  const investigators = new Map([
    [`investigator ${random(3)}`, Math.ceil(request.records / 2)],
    ['another', Math.ceil(request.records / 2)],
  ]);
  const policy = (await ledger.policy())?.digest ?? digest('none');
  const { outcome } = await ledger.accept(
    acceptance(request, {
      charge: charge(request, { day, investigators }),
      limits,
      policy,
      ...(approval && { approval }),
    }),
  );
  report(`${outcome === 'new' || outcome === 'known' ? 'evaluated' : outcome} ${hex(request.requestId)}`);
}

/** The wrong order: what a crash between the two leaves behind must be found. */
async function evaluateFirst(): Promise<void> {
  const request = requestInRun(`${seed} ${random(2 ** 32)}`, Number(run));
  report(`evaluated ${hex(request.requestId)}`);
  const policy = (await ledger.policy())?.digest ?? digest('none');
  await ledger.accept(acceptance(request, { policy }));
}

async function act(): Promise<unknown> {
  const name = `${Math.floor(Number(run) / 4)} ${random(60)}`;
  const request = requestInRun(name, Number(run));
  const { requestId } = request;
  const leaf = bytes(`something about ${name}`);
  const approval = digest(`approval ${name}`);
  const now = at(random(600));
  switch (random(12)) {
    case 0:
      return ledger.adoptPolicy({ digest: digest(`policy ${random(3)}`), text: '', now, leaf });
    case 1: {
      const policy = (await ledger.policy())?.digest ?? digest('none');
      return ledger.suspend({ request, policy, now, expires: at(600), most: 20, leaf });
    }
    case 2: {
      const decision = random(3) === 0 ? 'denied' : 'approved';
      const policy = (await ledger.policy())?.digest ?? digest('none');
      return ledger.decide({ requestId, policy, decision, envelope: leaf, digest: approval, now, leaf });
    }
    case 3:
      return ledger.complete(requestId, now, () => leaf);
    case 4:
      return ledger.account({ requestId, sealed: leaf, digest: digest(name), now, leaf });
    case 5:
      return ledger.refuse(leaf);
    case 6:
      return ledger.refuseUnidentified({ now, each: 2, leaf, summaryOf: () => leaf });
    case 7:
      return ledger.expire(at(590 + random(20)), () => leaf);
    case 8: {
      const { size, root } = await ledger.log.head();
      report(`head ${size} ${hex(root)}`);
      return;
    }
    case 9:
      return accept(name, approval);
    default:
      return accept(name);
  }
}

await ledger.adoptPolicy({ digest: digest('policy 0'), text: '', now: at(0), leaf: bytes('policy 0') });
for (;;) {
  try {
    await (wrong === undefined ? act() : evaluateFirst());
  } catch (error) {
    // A request that is not in the state for the step.
    if (!(error instanceof LedgerError) || error.code !== 'request_state') throw error;
  }
}
