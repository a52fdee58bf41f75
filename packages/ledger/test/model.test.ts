import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JudgedRequest } from '../src/known-request.ts';
import type { Charge, Ledger, Limit } from '../src/ledger.ts';
import { COMMITTED } from '../src/sqlite-connection.ts';
import { openSqliteLedger } from '../src/sqlite-ledger.ts';
import { ledgerFaults } from './rig/ledger-faults.ts';
import type { Caps } from './rig/ledger-faults.ts';
import { PlainLedger } from './rig/plain-ledger.ts';
import { acceptedLeaf, at, bytes, collected, charge, digest, hex, request, SCOPES } from './rig/samples.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ledger-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Two policies, the second of which allows less; what is charged never exceeds the first. */
const CAPS: Caps = { day: 40, epoch: 45, statute_day: 25, statute_epoch: 35, investigator_epoch: 20 };
const POLICIES = [1, 0.5].map((part, number) => ({
  digest: digest(`policy ${number}`),
  text: `policy ${number}`,
  limits: SCOPES.map((scope): Limit => ({ scope, records: CAPS[scope] * part })),
}));

/** Requests of two agencies in two epochs; the last two have the nonces of the first two. */
function requestWith(number: number): JudgedRequest {
  return request(String(number), {
    nonce: digest(`nonce ${number % 8}`),
    epoch: 1 + (number % 2),
    requester: number % 3 === 0 ? 'Another Agency' : 'Requesting Agency',
    statute: number % 4 < 2 ? 'first statute' : 'second statute',
    records: 5 + number * 2,
  });
}

function chargeOf(of: JudgedRequest, day: number, investigators: readonly number[]): Charge {
  const share = Math.ceil(of.records / investigators.length);
  return charge(of, {
    day: `2026-01-0${1 + day}`,
    investigators: new Map(investigators.map((number) => [`investigator ${number}`, share])),
  });
}

const approvalOf = (number: number): Uint8Array => digest(`approval ${number}`);
// Drawn evenly: the small numbers that fast-check likes would leave most limits far away.
const number = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
/** One of a step's statements; beyond its last one, the program goes on. */
const STATEMENT = fc.constantFrom(...Array.from({ length: 36 }, (_, place) => place));
const policy = fc.constantFrom(0, 0, 0, 1);
const minute = fc.nat(180);

const step = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      type: fc.constant('accept'),
      number,
      policy,
      minute,
      day: fc.constantFrom(0, 1),
      investigators: fc.subarray([0, 1, 2]),
      approval: fc.constantFrom('none', 'none', 'its own', 'another'),
      due: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('suspend'), number, policy, minute }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('decide'),
      policy,
      number,
      minute,
      decision: fc.constantFrom('approved', 'denied'),
    }),
  },
  fc.record({ type: fc.constant('expire'), minute }),
  fc.record({ type: fc.constant('refuse') }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('refuse unidentified'), minute }) },
  fc.record({ type: fc.constant('summarise'), minute }),
  { weight: 2, arbitrary: fc.record({ type: fc.constant('complete'), number, minute }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('account'), number, minute }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('waive'), number, policy, minute }) },
  fc.record({ type: fc.constant('adopt'), policy, minute }),
  fc.record({ type: fc.constant('announce'), number, minute }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Does a step. What is not allowed in the state is the word 'wrong', as both ledgers say it in their own way. */
async function take(
  ledger: Omit<Ledger, 'log' | 'requests' | 'kept' | 'close'>,
  step: Step,
  place: number,
): Promise<unknown> {
  const leaf = bytes(`leaf ${place}`);
  const summaryOf = (hour: Date, requests: number): Uint8Array => bytes(`${hour.toISOString()} ${requests}`);
  const now = 'minute' in step ? at(step.minute) : at(0);
  switch (step.type) {
    case 'accept': {
      const of = requestWith(step.number);
      const { digest: inForce, limits } = POLICIES[step.policy]!;
      const approval = {
        none: {},
        'its own': { approval: approvalOf(step.number) },
        another: { approval: digest('') },
      };
      return ledger.accept({
        request: of,
        charge: chargeOf(of, step.day, step.investigators),
        limits,
        policy: inForce,
        ...approval[step.approval],
        ...(step.due === undefined ? {} : { accountingDue: at(step.minute + step.due) }),
        now,
        leaf: acceptedLeaf(of.requestId),
      });
    }
    case 'suspend':
      return ledger.suspend({
        request: requestWith(step.number),
        policy: POLICIES[step.policy]!.digest,
        now,
        expires: at(step.minute + 60),
        most: 3,
        leaf,
      });
    case 'decide': {
      const { requestId } = requestWith(step.number);
      const { decision } = step;
      return ledger.decide({
        requestId,
        policy: POLICIES[step.policy]!.digest,
        decision,
        envelope: leaf,
        digest: approvalOf(step.number),
        now,
        leaf,
      });
    }
    case 'expire':
      return ledger.expire(now, ({ requestId }) => bytes(`expired ${hex(requestId)}`));
    case 'refuse':
      return ledger.refuse(leaf);
    case 'refuse unidentified':
      return ledger.refuseUnidentified({ now, each: 2, leaf, summaryOf });
    case 'summarise':
      return ledger.summariseUnidentified(now, summaryOf);
    case 'complete':
      return ledger.complete(requestWith(step.number).requestId, now, (time) => bytes(time.toISOString()));
    case 'account': {
      const { requestId } = requestWith(step.number);
      return ledger.account({ requestId, sealed: leaf, digest: digest(`accounting ${place}`), now, leaf });
    }
    case 'waive': {
      const { requestId } = requestWith(step.number);
      const made = { requestId, policy: POLICIES[step.policy]!.digest, envelope: leaf, now, leaf };
      return ledger.waiveAccounting({ ...made, digest: digest(`waiver ${place}`) });
    }
    case 'adopt': {
      const { digest: adopted, text } = POLICIES[step.policy]!;
      return ledger.adoptPolicy({ digest: adopted, text, now, leaf });
    }
    case 'announce':
      // Two ids share a number.
      return ledger.announceEpoch({
        epochId: digest(`epoch ${step.number}`),
        epoch: 1 + (step.number >> 1),
        now,
        leaf,
      });
  }
}

/** Everything that can be asked of a ledger but its log and its list. */
async function answers(ledger: Omit<Ledger, 'log' | 'requests' | 'kept' | 'close'>): Promise<unknown> {
  const numbers = Array.from({ length: 10 }, (_, number) => number);
  const charges = numbers.map((number) => chargeOf(requestWith(number), number % 2, [0, 1, 2]));
  return {
    found: await Promise.all(numbers.map((number) => ledger.find(requestWith(number).requestId))),
    sealed: await Promise.all(
      numbers.map((number) => ledger.sealedAccounting(requestWith(number).requestId)),
    ),
    charged: await Promise.all(charges.flatMap((each) => SCOPES.map((scope) => ledger.charged(each, scope)))),
    waiting: await ledger.waiting('Requesting Agency', at(30)),
    unaccounted: await Promise.all(
      ['Requesting Agency', 'Another Agency'].map((requester) => ledger.unaccounted(requester, at(100))),
    ),
    policy: await ledger.policy(),
    policies: await Promise.all(POLICIES.map(({ digest: of }) => ledger.policyWith(of))),
  };
}

class Crash extends Error {}

/** What ends at a statement that is set before. */
class Program {
  #left: number | null = null;
  committed = false;

  /** Begins a step, which so many of its statements pass of; null: all. */
  begin(left: number | null): void {
    [this.#left, this.committed] = [left, false];
  }

  goOn(): void {
    this.#left = null;
  }

  readonly faultPoint = (statement: string): void => {
    if (statement === COMMITTED) this.committed = true;
    if (this.#left !== null && this.#left-- === 0) throw new Crash();
  };
}

it('does what its twin does, with the program ending at any statement of any step', async () => {
  let runs = 0;
  const seen = new Set<string>();
  const steps = fc.array(fc.tuple(step, fc.option(STATEMENT, { freq: 3 }), fc.constantFrom(0, 1)), {
    minLength: 10,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const path = join(directory, `${runs++}.sqlite`);
      const twin = new PlainLedger();
      // Two programs over one file, which take turns.
      const programs = [new Program(), new Program()] as const;
      const ledgers = programs.map((program) => openSqliteLedger(path, program)) as [Ledger, Ledger];
      const evaluated = new Set<string>();
      const heads = new Map<number, string>();

      for (const [place, [next, crashAt, turn]] of [...FIRST, ...taken].entries()) {
        const program = programs[turn];
        program.begin(crashAt);
        const result = await take(ledgers[turn], next, place).catch((error: unknown) =>
          error instanceof Crash ? error : 'wrong',
        );
        program.goOn();
        if (result instanceof Crash) {
          seen.add(program.committed ? 'after the commit' : 'before the commit');
          await ledgers[turn].close();
          ledgers[turn] = openSqliteLedger(path, program);
        }
        // What ended before its commit never was.
        if (!(result instanceof Crash) || program.committed) {
          const expected = await take(twin, next, place).catch(() => 'wrong');
          if (!(result instanceof Crash)) expect(result).toEqual(expected);
        }
        if (next.type === 'accept' && result instanceof Object && 'outcome' in result) {
          seen.add(String(result.outcome));
          if ('request' in result) evaluated.add(hex(requestWith(next.number).requestId));
        }
        const { size, root } = await ledgers[turn].log.head();
        heads.set(size, hex(root));
      }

      const [ledger, other] = ledgers;
      expect(await answers(ledger)).toEqual(await answers(twin));
      expect(await collected(ledger.requests())).toEqual(twin.known);
      expect((await collected(ledger.log.leaves())).map(({ leaf }) => leaf)).toEqual(twin.leaves);
      await Promise.all([ledger.close(), other.close()]);
      expect(await ledgerFaults(path, { evaluated, heads }, CAPS)).toEqual([]);
    }),
    { numRuns: 150 },
  );
  // A run that meets none of these shows nothing.
  expect([...seen].sort()).toEqual([
    'after the commit',
    'approval_changed',
    'before the commit',
    'known',
    'new',
    'nonce_reused',
    'over_limit',
    'policy_changed',
  ]);
});

/** Every run has a policy from its beginning, mostly the one that allows more. */
const FIRST: readonly (readonly [Step, null, 0])[] = [[{ type: 'adopt', policy: 0, minute: 0 }, null, 0]];
