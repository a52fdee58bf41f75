/** What receipts and checkpoints prove without the holder, and what is found when somebody lies; the real programs. */

import { createPublicKey } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeEnvelope,
  parseEnvelope,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  publicKeyToPem,
  signCheckpoint,
  signPayload,
  type ProblemCode,
} from '@blindmatch/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanUp, run, succeed, type Ended } from '../running-program.ts';
import { PolicedHolder, requesterOf, STATUTE, type Cast, type Signer } from './policed-holder.ts';

let holder: PolicedHolder;
let cast: Cast;
/** A request of Alice's agency that was answered, and its receipt. */
let first: string;
let receipt: string;
/** One of Bob's agency, which remembers what it has seen of the log elsewhere. */
let second: string;
/** The holder's directory before anything was asked, and its log at the end. */
let backup: string;
let published: string;

const bobs = (): string[] => ['--checkpoints', holder.at('checkpoints-of-bob')];

beforeAll(async () => {
  const caps = { records_per_request: 4, records_per_epoch: 4 };
  holder = await PolicedHolder.serving(({ alice, bob }) => ({
    statutes: [STATUTE],
    requesters: [
      requesterOf([alice.entry], { caps }),
      requesterOf([bob.entry], { name: 'Other Agency', caps }),
    ],
  }));
  ({ cast } = holder);
  await holder.stop();
  backup = holder.at('backup');
  cpSync(holder.directory, backup, { recursive: true });
  await holder.serve();
  first = await holder.request('first');
  expect(await holder.submit(first)).toMatchObject({ code: 0 });
  second = await holder.request('second', { signers: [cast.bob], options: bobs() });
  expect(await holder.submit(second, ...bobs())).toMatchObject({ code: 0 });
  receipt = join(first, 'receipt.dsse.json');
  published = holder.at('published.checkpoint');
  await succeed('blindmatchd', ['log', 'checkpoint', holder.directory, '-o', published]);
  await holder.stop();
});
afterAll(cleanUp);

async function verify(path: string, ...more: readonly string[]): Promise<Ended> {
  const all = more.includes('--holder') ? more : ['--holder', holder.fingerprint, ...more];
  return await run('blindmatch', ['verify', path, ...all, '--json']);
}

async function expectFound(ended: Promise<Ended>, code: ProblemCode | 'witness_missing'): Promise<void> {
  const { code: exit, events } = await ended;
  expect(events.at(-1)).toMatchObject({ event: 'error', code });
  expect(exit).toBe(1);
}

/** Makes a proof with blindmatchd; gives its file. */
async function prove(directory: string, ...what: readonly string[]): Promise<string> {
  const path = holder.at(`proof-${++files}.json`);
  await succeed('blindmatchd', ['log', 'prove', directory, ...what, '-o', path]);
  return path;
}

let files = 0;

type Members = Record<string, unknown> & {
  readonly leaf: string;
  readonly path: string;
  readonly index: number;
};

/** A receipt with other contents, signed by the holder itself or by somebody else. */
function forged(change: (members: Members) => object, signer?: Signer): string {
  const { payload } = parseEnvelope(readFileSync(receipt), PAYLOAD_TYPES.receipt);
  const members = JSON.parse(Buffer.from(payload).toString('utf8')) as Members;
  const bytes = Buffer.from(JSON.stringify({ ...members, ...change(members) }));
  const path = holder.at(`forged-${++files}.json`);
  writeFileSync(path, encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, bytes, keyOf(signer))));
  return path;
}

/** The holder's own key, unless it is somebody else's. */
function keyOf(signer?: Signer): ReturnType<typeof privateKeyFromPem> {
  return privateKeyFromPem(readFileSync(signer?.key ?? join(holder.directory, 'identity.pem'), 'utf8'));
}

const flipped = (path: string): string => {
  const bytes = Buffer.from(path, 'base64');
  bytes[0]! ^= 1;
  return bytes.toString('base64');
};

describe('blindmatch verify', () => {
  it('tells, without the holder, what was disclosed to whom under which authority', async () => {
    const { stdout } = await succeed('blindmatch', ['verify', receipt, '--holder', holder.fingerprint]);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`This receipt is good. The holder ${holder.fingerprint} has signed that`);
    expect(stdout).toMatch(
      /\n {2}by {11}Requesting Agency\n {2}asked about {2}4 records \(\d+ elements\) in /,
    );
    expect(stdout).toContain(`\n  statute      ${STATUTE}\n`);
    expect(stdout).toContain(`\n  official     ${cast.alice.fingerprint}\n`);
    expect(stdout).toMatch(
      /\n {2}accepted {5}20\d\d-.*Z, before anything was evaluated\n {2}finished {5}20\d\d-/,
    );
  });

  it('tells that a receipt is for exactly one request', async () => {
    const { code, events } = await verify(receipt, '--request', first);
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({ event: 'verified', records: 4, for_request: first });
  });

  it('finds a receipt for another request', async () => {
    await expectFound(verify(receipt, '--request', second), 'receipt_invalid');
  });

  it('finds a receipt of another holder', async () => {
    await expectFound(verify(receipt, '--holder', `sha256:${'0'.repeat(64)}`), 'holder_unexpected');
  });

  it('finds a receipt that was changed after it was signed', async () => {
    const envelope = JSON.parse(readFileSync(receipt, 'utf8')) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64')
      .toString()
      .replace('"completed":"2', '"completed":"3');
    const path = holder.at('changed.json');
    writeFileSync(path, JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') }));
    await expectFound(verify(path), 'receipt_invalid');
  });

  it.each<[string, () => string, ProblemCode]>([
    ['signed by somebody else', () => forged(() => ({}), cast.stranger), 'receipt_invalid'],
    [
      'that counts fewer records than its leaf in the log',
      () => forged(({ leaf }) => ({ leaf: leaf.replace('"records":4', '"records":3') })),
      'log_invalid',
    ],
    ['that places its leaf elsewhere', () => forged(({ index }) => ({ index: index - 1 })), 'log_invalid'],
    ['with another proof', () => forged(({ path }) => ({ path: flipped(path) })), 'log_invalid'],
    [
      'with a log that has no such leaf',
      () =>
        forged(() => ({ checkpoint: signCheckpoint({ size: 3, root: new Uint8Array(32) }, keyOf()).note })),
      'log_invalid',
    ],
    [
      "with a log that is not the holder's",
      () =>
        forged(() => ({
          checkpoint: signCheckpoint({ size: 3, root: new Uint8Array(32) }, keyOf(cast.stranger)).note,
        })),
      'log_invalid',
    ],
    [
      'that was finished before it was accepted',
      () => forged(() => ({ completed: '2020-01-01T00:00:00.000Z' })),
      'receipt_invalid',
    ],
  ])('finds a receipt %s', async (_, made, code) => {
    await expectFound(verify(made()), code);
  });

  it('finds a receipt whose leaf is in the log, and says that something else was logged', async () => {
    const proof = await prove(holder.directory, '--leaf', '1');
    const other = JSON.parse(readFileSync(proof, 'utf8')) as object;
    await expectFound(verify(forged(() => other)), 'receipt_invalid');
  });
});

describe('two requesters', () => {
  it('see one log, by the checkpoints that each of them remembers', async () => {
    const [name = ''] = readdirSync(holder.at('checkpoints-of-bob')).filter((file) =>
      file.endsWith('.checkpoint'),
    );
    const theirs = holder.at(`checkpoints-of-bob/${name}`);
    const [, size = ''] = readFileSync(theirs, 'utf8').split('\n');
    const { events } = await verify(receipt);
    const own = String(events.at(-1)?.['log_size']);
    expect(Number(size)).toBeGreaterThan(Number(own));
    const growth = await prove(holder.directory, '--from', own, '--to', size);
    const { events: told } = await verify(receipt, '--checkpoint', theirs, '--consistency', growth);
    expect(told.at(-1)).toMatchObject({ event: 'verified', checkpoint_size: Number(size) });
  });

  it('are answered under the same policy and from the same epoch, each with a quota of its own', async () => {
    const other = join(second, 'receipt.dsse.json');
    const [one, two] = [(await verify(receipt)).events.at(-1), (await verify(other)).events.at(-1)];
    expect(two).toMatchObject({ requester: 'Other Agency', officials: [cast.bob.fingerprint], records: 4 });
    expect([two?.['policy'], two?.['epoch_id']]).toEqual([one?.['policy'], one?.['epoch_id']]);
  });
});

describe('a witness', () => {
  const witness = async (checkpoint: string, output: string, ...more: readonly string[]): Promise<Ended> => {
    const who = ['--key', cast.stranger.key, '--name', 'court.example/witness'];
    const keys = ['--holder-key', join(backup, 'identity.pub.pem'), '--holder', holder.fingerprint];
    const files = ['--remember', holder.at('seen.checkpoint'), '-o', output];
    return await run('blindmatch', ['witness', checkpoint, ...who, ...keys, ...files, '--json', ...more]);
  };

  it('stands behind the log that it has seen, and that is found in verify by its name and key', async () => {
    const cosigned = holder.at('cosigned.checkpoint');
    expect(await witness(published, cosigned)).toMatchObject({ code: 0 });
    const publicKey = holder.at('witness.pub.pem');
    writeFileSync(publicKey, publicKeyToPem(createPublicKey(keyOf(cast.stranger))));
    const { events } = await verify(receipt);
    const growth = await prove(holder.directory, '--from', String(events.at(-1)?.['log_size']));
    const named = ['--consistency', growth, '--witness', `court.example/witness=${publicKey}`];
    const { events: told } = await verify(receipt, '--checkpoint', cosigned, ...named);
    expect(told.at(-1)).toMatchObject({
      witnesses: [expect.stringMatching(/^court\.example\/witness 20/) as string],
    });
    await expectFound(verify(receipt, '--checkpoint', published, ...named), 'witness_missing');
  });

  it('does not stand behind another log of the same holder', async () => {
    const fork = holder.at('fork');
    cpSync(backup, fork, { recursive: true });
    const yaml = join(fork, 'holder.yaml');
    for (let change = 1; change <= 5; change++) {
      writeFileSync(yaml, `# ${change}\n${readFileSync(yaml, 'utf8')}`);
      await succeed('blindmatchd', ['policy', 'reload', fork]);
    }
    const forked = holder.at('forked.checkpoint');
    await succeed('blindmatchd', ['log', 'checkpoint', fork, '-o', forked]);
    const [, from = ''] = readFileSync(published, 'utf8').split('\n');
    const growth = await prove(fork, '--from', from);
    await expectFound(witness(forked, holder.at('never'), '--consistency', growth), 'log_forked');
    expect(existsSync(holder.at('never'))).toBe(false);
    await expectFound(witness(forked, holder.at('never')), 'log_invalid');
  });
});

describe('a holder that is restored from an older copy of its directory', () => {
  beforeAll(async () => {
    rmSync(holder.directory, { recursive: true });
    cpSync(backup, holder.directory, { recursive: true });
    await holder.serve();
  });

  const prepare = async (name: string, ...more: readonly string[]): Promise<Ended> => {
    const to = ['--server', holder.daemon.url, '--holder', holder.fingerprint, '--workers', '1'];
    const law = ['--statute', STATUTE, '--reason', 'Final orders of May'];
    const all = ['prepare', holder.records, ...to, ...law, '-o', holder.at(name), '--json', ...more];
    return await run('blindmatch', all);
  };

  it('is found by whoever asked it before: its log is shorter than it was', async () => {
    await expectFound(prepare('after-restore'), 'log_forked');
    expect(existsSync(holder.at('after-restore'))).toBe(false);
  });

  it('is found when its log has grown beyond, and both checkpoints are kept as the proof', async () => {
    const request = await holder.request('of-a-newcomer', { options: ['--checkpoints', holder.at('new')] });
    for (let attempt = 0; attempt < 3; attempt++) {
      await holder.reload({ minimum_records: 5 + attempt });
      await holder.submit(request, '--checkpoints', holder.at('new'));
    }
    await expectFound(prepare('after-growth', ...bobs()), 'log_forked');
    const kept = readdirSync(holder.at('checkpoints-of-bob')).filter((name) => name.includes('.forked-'));
    expect(kept).toHaveLength(1);
  });
});
