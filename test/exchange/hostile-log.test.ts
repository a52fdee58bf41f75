import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HolderConnection, requestFiles } from '@blindmatch/client';
import { defaultEngine, generateKey } from '@blindmatch/oprf';
import {
  digestText,
  fingerprint,
  generateSigningKey,
  openCheckpoint,
  openRequest,
  presentCanary,
  RETRY_AFTER_MAX_S,
  type HolderMessage,
  type LeafOf,
  type LogLeaf,
} from '@blindmatch/protocol';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acceptedLeaf,
  accountingLeaf,
  EPOCH_AT,
  epochMessage,
  receiptContents,
  serveFakeEpoch,
  signedAccountingReceipt,
  signedReceipt,
  type Cheat,
  type FakeEpoch,
} from './fake-holder.ts';
import { FakeLog } from './fake-log.ts';
import { codeOf, inAnswer, Submissions, type Attempt, type SubmissionFiles } from './submissions.ts';

const home = mkdtempSync(join(tmpdir(), 'hostile-log-'));
const prepared = join(home, 'prepared');
const identity = generateSigningKey().privateKey;
const stranger = generateSigningKey().privateKey;
const submissions = new Submissions(home, identity);
let epoch: FakeEpoch;
let inspector: string;

beforeAll(async () => {
  inspector = await identityToRecipient(await generateIdentity());
  const keys = [...(await submissions.keysOnFile()), presentCanary(0)];
  const named = { inspector: { name: 'Inspector General', recipient: inspector } };
  epoch = await submissions.epochOf(generateKey(defaultEngine()), keys, named);
  await submissions.prepareFor(epoch, prepared);
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** What other requesters leave in the log. */
function otherLeaf(n: number): LeafOf<'finished'> {
  const request = digestText(createHash('sha256').update(String(n)).digest());
  return { type: 'finished', time: '2026-11-01T00:00:00.000Z', request };
}

/** Where a requester remembers a holder that was honest to it, and that others have used since. */
async function acquainted(): Promise<Pick<SubmissionFiles, 'checkpoints'>> {
  const { account, files } = await submissions.submit(submissions.copyOf(prepared), epoch);
  expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
  const { checkpoints } = files;
  expect(submissions.remembered(files)).toBe(epoch.log.checkpoint().note);
  return { checkpoints };
}

/** A holder that shows this log at the beginning. */
function showing(log: FakeLog, changes: Partial<HolderMessage & { type: 'epoch' }> = {}): Cheat {
  return inAnswer('epoch', (_, asked) => ({
    ...epochMessage(epoch.open, log, asked.type === 'hello' ? asked.logSize : 0),
    ...changes,
  }));
}

/** Expects that a submission ends with `code` before anything was asked for, and that what is remembered stays. */
async function expectNothingAsked(attempt: Attempt, code: string, remembered?: string): Promise<void> {
  expect(await codeOf(attempt)).toBe(code);
  expect(attempt.asked).toEqual(['hello']);
  expect(submissions.remembered(attempt.files)).toBe(remembered);
}

describe('a holder that shows another log than before', () => {
  it('is not found out when the log has only grown, and the new one is remembered', async () => {
    const known = await acquainted();
    for (let n = 0; n < 5; n++) epoch.log.append(otherLeaf(n));
    const grown = await submissions.submit(submissions.copyOf(prepared, known), epoch);
    expect(grown.account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
    expect(submissions.remembered(known)).toBe(epoch.log.checkpoint().note);
  });

  const rewritten = (leaf: LogLeaf, index: number): LogLeaf => (index === 2 ? otherLeaf(99) : leaf);
  it.each<[string, () => Cheat]>([
    ['of the same size with another root', () => showing(epoch.log.fork(rewritten))],
    ['that lacks its last leaf', () => showing(epoch.log.fork(undefined, epoch.log.size - 1))],
    ['that begins anew', () => showing(epoch.log.fork(undefined, 2))],
    [
      'in which an earlier leaf was rewritten, and that has grown since',
      () => {
        const log = epoch.log.fork(rewritten);
        for (let n = 0; n < 9; n++) log.append(otherLeaf(n));
        return showing(log);
      },
    ],
    [
      'whose growth the proof of another log is to show',
      () => {
        const [log, other] = [epoch.log.fork(), epoch.log.fork(rewritten)];
        const { size } = log;
        for (const each of [log, other]) each.append(otherLeaf(1));
        return showing(log, { consistency: other.consistency(size) });
      },
    ],
    [
      'whose growth from an earlier size is proved',
      () => {
        const log = epoch.log.fork();
        const { size } = log;
        log.append(otherLeaf(1));
        return showing(log, { consistency: log.consistency(size - 1) });
      },
    ],
    [
      'whose growth nothing proves',
      () => {
        const log = epoch.log.fork();
        log.append(otherLeaf(1));
        return showing(log, { consistency: new Uint8Array(0) });
      },
    ],
  ])('is log_forked with one %s', async (_, cheat) => {
    const known = await acquainted();
    const before = submissions.remembered(known);
    const attempt = await submissions.submit(submissions.copyOf(prepared, known), epoch, cheat());
    await expectNothingAsked(attempt, 'log_forked', before);
    // The holder that comes to its senses is believed again.
    const { account } = await submissions.submit(attempt.files, epoch);
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
  });
});

describe('a holder whose log is not one', () => {
  const note = (text: string): Partial<HolderMessage & { type: 'epoch' }> => ({
    checkpoint: new Uint8Array(Buffer.from(text)),
  });
  const withEpochLeaf = (changes: Partial<LeafOf<'epoch'>>): FakeLog =>
    epoch.log.fork((leaf) => (leaf.type === 'epoch' ? { ...leaf, ...changes } : leaf));

  it.each<[string, () => Cheat]>([
    ['has another epoch', () => showing(withEpochLeaf({ epoch_id: digestText(new Uint8Array(32)) }))],
    ['has the epoch under another number', () => showing(withEpochLeaf({ epoch: 2 }))],
    [
      'has no epoch at all',
      () => showing(epoch.log.fork((leaf, index) => (index === EPOCH_AT ? otherLeaf(1) : leaf))),
    ],
    ['is proved with the path of another leaf', () => showing(epoch.log, { path: epoch.log.logged(0).path })],
    ['is said to have the epoch elsewhere', () => showing(epoch.log, { leafIndex: 0 })],
    ['is said to have the epoch behind its end', () => showing(epoch.log, { leafIndex: epoch.log.size })],
    ['has a checkpoint by a stranger', () => showing(epoch.log, note(strangersNote()))],
    [
      'has a checkpoint that was altered',
      () => showing(epoch.log, note(epoch.log.checkpoint().note.replace(`\n${epoch.log.size}\n`, '\n99\n'))),
    ],
    ['has no checkpoint', () => showing(epoch.log, note('nothing'))],
    ['has a checkpoint that is no text', () => showing(epoch.log, { checkpoint: Uint8Array.of(0xff, 0xfe) })],
    [
      'is proved to continue what nobody remembers',
      () => showing(epoch.log, { consistency: epoch.log.consistency(1) }),
    ],
  ])('is log_invalid when it %s, and nothing of it is remembered', async (_, cheat) => {
    const attempt = await submissions.submit(submissions.copyOf(prepared), epoch, cheat());
    await expectNothingAsked(attempt, 'log_invalid');
  });

  /** A checkpoint of the same log that somebody else signed under their own name. */
  const strangersNote = (): string => new FakeLog(stranger, [otherLeaf(1)]).checkpoint().note;
});

describe('a holder whose receipt rests on another log', () => {
  /** A receipt of the request's own leaf in a log that `make` makes of the one that was shown. */
  const receiptIn = (
    make: (shown: FakeLog) => FakeLog,
    change: (log: FakeLog, index: number) => Partial<ReturnType<FakeLog['logged']>> = () => ({}),
    consistencyOf: (log: FakeLog, shownSize: number) => Uint8Array = (log, size) => log.consistency(size),
  ): Cheat =>
    inAnswer('receipt', (_, __, { request, shownSize }) => {
      const log = make(epoch.log.fork(undefined, shownSize));
      const index = log.append(acceptedLeaf(request!));
      const honest = receiptContents(log, index, request!);
      const logged = { ...honest.logged, ...change(log, index) };
      const envelope = signedReceipt({ ...honest, logged }, identity);
      return { type: 'receipt', envelope, consistency: consistencyOf(log, shownSize) };
    });
  const same = (log: FakeLog): FakeLog => log;
  const forked = (log: FakeLog): FakeLog => log.fork((leaf, index) => (index === 1 ? otherLeaf(99) : leaf));

  it('is not found out when it rests on the one that was shown', async () => {
    const { account } = await submissions.submit(submissions.copyOf(prepared), epoch, receiptIn(same));
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
  });

  it.each<[string, string, () => Cheat]>([
    ['log_forked', 'a log that forks from the one at the beginning', () => receiptIn(forked)],
    [
      'log_forked',
      'a log that forks, proved by the honest one',
      () =>
        receiptIn(forked, undefined, (log, size) => epoch.log.fork(undefined, log.size).consistency(size)),
    ],
    ['log_forked', 'a log that is shorter', () => receiptIn((log) => log.fork(undefined, 2))],
    [
      'log_forked',
      'a log that nothing proves to continue',
      () => receiptIn(same, undefined, () => new Uint8Array(0)),
    ],
    [
      'log_invalid',
      'a leaf that is not in the tree',
      () => receiptIn(same, (log) => ({ path: log.logged(0).path })),
    ],
    ['log_invalid', 'a leaf in another place', () => receiptIn(same, (_, index) => ({ index: index - 1 }))],
    [
      'log_invalid',
      'a checkpoint by a stranger',
      () => receiptIn(same, () => ({ checkpoint: new FakeLog(stranger, [otherLeaf(1)]).checkpoint().note })),
    ],
    [
      'log_invalid',
      'a checkpoint from before the leaf',
      () => receiptIn(same, (log, index) => ({ checkpoint: log.checkpoint(index).note })),
    ],
  ])('is %s with %s, and what was remembered before stays', async (code, _, cheat) => {
    // The requester is shown an honest log at the beginning, and remembers that.
    const shown = epoch.log.checkpoint().note;
    const attempt = await submissions.submit(submissions.copyOf(prepared), epoch, cheat());
    expect(await codeOf(attempt)).toBe(code);
    expect(submissions.remembered(attempt.files)).toBe(shown);
    expect(readdirSync(attempt.files.request)).not.toContain('receipt.dsse.json');
    const { account } = await submissions.submit(attempt.files, epoch);
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
  });

  it.each<[string, (log: FakeLog) => ReturnType<FakeLog['logged']>]>([
    ['another leaf', (log) => log.logged(EPOCH_AT)],
    [
      'a policy with the path of another leaf',
      (log) => ({ ...log.logged(0), path: log.logged(EPOCH_AT).path }),
    ],
    ['a policy that came in force later', (log) => log.logged(log.size - 1)],
  ])('is log_invalid with %s as the policy that decided', async (_, policyIn) => {
    const cheat = inAnswer('receipt', (__, ___, { request, shownSize }) => {
      const log = epoch.log.fork(undefined, shownSize);
      const accepted = acceptedLeaf(request!);
      const index = log.append(accepted);
      log.append({ type: 'policy', time: accepted.time, policy: accepted.policy });
      const contents = { ...receiptContents(log, index, request!), policy: policyIn(log) };
      const envelope = signedReceipt(contents, identity);
      return { type: 'receipt', envelope, consistency: log.consistency(shownSize) };
    });
    expect(await codeOf(submissions.submit(submissions.copyOf(prepared), epoch, cheat))).toBe('log_invalid');
  });
});

describe('a holder that lies about an accounting', () => {
  const sealed = new Uint8Array(600).fill(7);

  /** The code with which returning an accounting ends, and whether anything behind the receipt is remembered. */
  async function codeOfAccounting(cheat: Cheat): Promise<string> {
    const holder = await serveFakeEpoch(epoch, cheat);
    const files = { checkpoints: submissions.path('checkpoints') };
    const address = { server: holder.url, holder: fingerprint(identity), ...files };
    const connection = await HolderConnection.open(address);
    try {
      await connection.request(new Uint8Array(readFileSync(requestFiles(prepared).manifest)));
      const { receipt } = await connection.finish();
      try {
        const { receipt: accounted } = await connection.account(sealed);
        expect(submissions.remembered(files)).toBe(accounted.checkpoint.note);
        return 'accounted';
      } catch (error) {
        expect(submissions.remembered(files)).toBe(receipt.checkpoint.note);
        return String((error as { code?: unknown }).code);
      }
    } finally {
      connection.close();
      await holder.close();
    }
  }

  /** A receipt of another leaf, which stands in a log that continues the one that was shown. */
  const accountedOf = (
    leafOf: (leaf: LeafOf<'accounting'>) => LogLeaf,
    signer = identity,
    fork: (log: FakeLog) => FakeLog = (log) => log,
  ): Cheat =>
    inAnswer('accounted', (_, __, { request, shownSize }) => {
      const log = fork(epoch.log.fork(undefined, shownSize));
      const index = log.append(leafOf(accountingLeaf(request!, sealed)));
      const envelope = signedAccountingReceipt(log.logged(index), signer);
      return { type: 'accounted', envelope, consistency: log.consistency(shownSize) };
    });

  it('is not found out when it does not', async () => {
    expect(await codeOfAccounting((honest) => honest)).toBe('accounted');
    expect(await codeOfAccounting(accountedOf((leaf) => leaf))).toBe('accounted');
  });

  it.each<[string, string, () => Cheat]>([
    [
      'receipt_invalid',
      'of other bytes',
      () =>
        inAnswer('accounted', (_, __, { request, shownSize }) => {
          const log = epoch.log.fork(undefined, shownSize);
          const index = log.append(accountingLeaf(request!, sealed.with(0, 8)));
          const envelope = signedAccountingReceipt(log.logged(index), identity);
          return { type: 'accounted', envelope, consistency: log.consistency(shownSize) };
        }),
    ],
    [
      'receipt_invalid',
      'of another request',
      () => accountedOf((leaf) => ({ ...leaf, request: digestText(new Uint8Array(32)) })),
    ],
    ['receipt_invalid', 'of no accounting', () => accountedOf(() => otherLeaf(1))],
    ['holder_unexpected', 'by another holder', () => accountedOf((leaf) => leaf, stranger)],
    [
      'log_forked',
      'in a log that forks from that of the receipt',
      () =>
        accountedOf(
          (leaf) => leaf,
          identity,
          (log) => log.fork((_, index) => otherLeaf(index)),
        ),
    ],
    [
      'receipt_invalid',
      "that is the request's",
      () =>
        inAnswer('accounted', (_, __, { request }) => {
          const index = epoch.log.appendOnce(acceptedLeaf(request!));
          const envelope = signedReceipt(receiptContents(epoch.log, index, request!), identity);
          return { type: 'accounted', envelope, consistency: new Uint8Array(0) };
        }),
    ],
  ])('is %s with a receipt %s', async (code, _, cheat) => {
    expect(await codeOfAccounting(cheat())).toBe(code);
  });

  it('is inspector_unexpected with a key of its own, before anything is asked or sealed', async () => {
    const right = await identityToRecipient(await generateIdentity());
    const attempt = await submissions.submit(submissions.copyOf(prepared), epoch, undefined, {
      inspector: right,
    });
    expect(await codeOf(attempt)).toBe('inspector_unexpected');
    expect(attempt.asked).toEqual([]);
    expect(readdirSync(join(attempt.files.request, 'private'))).not.toContain('accounting.age');
  });
});

describe('a holder that lets a request wait', () => {
  const pending =
    (retryAfter: number): Cheat =>
    (honest, _, { request }) =>
      honest.type === 'accepted' ? { type: 'pending', requestId: request!.requestId, retryAfter } : honest;

  it('is left with approval_pending by whoever does not wait, and the request goes on later', async () => {
    const attempt = await submissions.submit(submissions.copyOf(prepared), epoch, pending(10));
    expect(await codeOf(attempt)).toBe('approval_pending');
    expect(attempt.error).toMatchObject({ exit: 4 });
    expect(attempt.asked).toEqual(['hello', 'request']);
    const { account } = await submissions.submit(attempt.files, epoch);
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1 });
  });

  it('for ever is asked until the request expires, and never later than it may say', async () => {
    const clock = { now: Date.now() };
    const slept: number[] = [];
    const wait = {
      onPending: () => undefined,
      onUnreachable: () => undefined,
      now: () => new Date(clock.now),
      sleep: (milliseconds: number) => {
        slept.push(milliseconds);
        clock.now += milliseconds;
        return Promise.resolve();
      },
    };
    const attempt = await submissions.submit(submissions.copyOf(prepared), epoch, pending(2 ** 32 - 1), {
      wait,
    });
    expect(await codeOf(attempt)).toBe('manifest_expired');
    expect(Math.max(...slept)).toBe(1000 * RETRY_AFTER_MAX_S);
    expect(attempt.asked.filter((type) => type === 'request')).toHaveLength(slept.length + 1);
    const { expires } = openRequest(readFileSync(requestFiles(prepared).manifest)).manifest;
    expect(clock.now).toBe(expires.getTime());
  });

  it.each<[string, Cheat]>([
    [
      'another request',
      inAnswer('accepted', () => ({ type: 'pending', requestId: new Uint8Array(32), retryAfter: 1 })),
    ],
    [
      'one that it has accepted',
      inAnswer('evaluated', (_, __, { request }) => ({
        type: 'pending',
        requestId: request!.requestId,
        retryAfter: 1,
      })),
    ],
  ])('is message_unexpected when it is %s', async (_, cheat) => {
    expect(await codeOf(submissions.submit(submissions.copyOf(prepared), epoch, cheat))).toBe(
      'message_unexpected',
    );
  });
});

it('what is remembered is always a checkpoint that the holder has signed', async () => {
  const { checkpoints } = await acquainted();
  expect(() => openCheckpoint(submissions.remembered({ checkpoints })!, identity)).not.toThrow();
});
