import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestText, openCheckpoint, openEpochDescriptor, type Checkpoint } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { HolderConnection } from '../src/holder-connection.ts';
import { RememberedCheckpoint } from '../src/remembered-checkpoint.ts';
import { HolderOfTests, storeRequest } from './holder-of-tests.ts';
import { LogOfLeaves } from './log-of-leaves.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let places = 0;
const newPlace = (): string => join(directory, `place-${++places}`);

async function greet(holder: HolderOfTests, checkpoints: string): Promise<void> {
  (await HolderConnection.open(await holder.address(checkpoints))).close();
}

function remembered(place: string, holder: HolderOfTests): Checkpoint | undefined {
  return new RememberedCheckpoint(place, holder.fingerprint).recall();
}

/** The notes that are kept because they contradict what is remembered. */
function contradictions(place: string): string[] {
  return readdirSync(place)
    .filter((name) => name.includes('.forked-'))
    .map((name) => readFileSync(join(place, name), 'utf8'));
}

/** What another command does that was shown another log, which continues the one that is remembered. */
function rememberAnotherBranch(holder: HolderOfTests, place: string, leaves: number): Checkpoint {
  const memory = new RememberedCheckpoint(place, holder.fingerprint);
  const branch = new LogOfLeaves();
  const earlier = memory.recall();
  branch.leaves.push(...holder.log.leaves.slice(0, earlier?.size));
  for (let number = 0; number < leaves; number++) branch.append(Buffer.from(`leaf ${number}`));
  const next = branch.checkpoint(holder.identity);
  expect(memory.keep(earlier, next, holder.identity)).toBe(true);
  return next;
}

function openedEpoch(path: string, { fingerprint }: HolderOfTests): string {
  return digestText(openEpochDescriptor(readFileSync(path), { holder: fingerprint }).epochId);
}

describe('a connection to a holder', () => {
  it('says how much of the log it remembers, and remembers what it is shown', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    await greet(holder, place);
    holder.appendPolicy(1);
    holder.appendPolicy(2);
    await greet(holder, place);
    expect(holder.rememberedSizes).toEqual([0, 1]);
    const path = join(place, `${holder.fingerprint.slice(7)}.checkpoint`);
    expect(openCheckpoint(readFileSync(path, 'utf8'), holder.identity).size).toBe(3);
  });

  it('tells that the log is seen for the first time, and only then', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const told: number[] = [];
    const address = {
      ...(await holder.address(place)),
      onFirstSeen: (entries: number) => told.push(entries),
    };
    for (let times = 0; times < 2; times++) (await HolderConnection.open(address)).close();
    expect(told).toEqual([1]);
  });

  it.each([
    ['shrank', 0],
    ['forked and has the same size', 2],
    ['forked and grew', 3],
  ])('is refused by name where the log %s, and what is remembered stays', async (_, before) => {
    const holder = new HolderOfTests();
    const place = newPlace();
    holder.appendPolicy(1);
    holder.appendPolicy(2);
    await greet(holder, place);
    const memory = new RememberedCheckpoint(place, holder.fingerprint);
    const remembered = readFileSync(memory.path);
    holder.startLog(before);
    const refused = greet(holder, place);
    await expect(refused).rejects.toMatchObject({ code: 'log_forked' });
    expect(readFileSync(memory.path)).toEqual(remembered);
    // Whoever is told of it has both notes to show.
    const other = readdirSync(place).filter((name) => name.includes('.forked-'));
    expect(other).toHaveLength(1);
    const path = join(place, other[0] ?? '');
    expect(readFileSync(path, 'utf8')).toBe(holder.log.checkpoint(holder.identity).note);
    await expect(refused).rejects.toThrow(path);
  });

  it('is not made where the remembered checkpoint is damaged', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    await greet(holder, place);
    writeFileSync(new RememberedCheckpoint(place, holder.fingerprint).path, '');
    expect(await codeOf(() => greet(holder, place))).toBe('checkpoint_damaged');
    expect(holder.rememberedSizes).toEqual([0]);
  });

  it('remembers each holder by itself', async () => {
    const [one, other] = [new HolderOfTests(), new HolderOfTests()];
    const place = newPlace();
    await greet(one, place);
    await greet(other, place);
    expect(other.rememberedSizes).toEqual([0]);
  });

  it('is shown the growth from what another command remembered meanwhile', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const memory = new RememberedCheckpoint(place, holder.fingerprint);
    const others = (): void => {
      holder.beforeLog = () => undefined;
      memory.keep(undefined, holder.log.checkpoint(holder.identity), holder.identity);
      holder.appendPolicy(1);
    };
    holder.beforeLog = others;
    await greet(holder, place);
    expect(holder.rememberedSizes).toEqual([0, 1]);
    expect(memory.recall()?.size).toBe(2);
  });

  it('remembers the log of the receipt', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const stored = storeRequest(newPlace(), holder);
    const connection = await HolderConnection.open(await holder.address(place));
    expect((await connection.request(stored.envelopeBytes)).kind).toBe('accepted');
    const { receipt } = await connection.finish();
    connection.close();
    expect(receipt.checkpoint.size).toBe(3);
    expect(new RememberedCheckpoint(place, holder.fingerprint).recall()?.size).toBe(3);
  });

  it('gives no receipt that was not shown to continue what another command remembered meanwhile', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const stored = storeRequest(newPlace(), holder);
    const connection = await HolderConnection.open(await holder.address(place));
    await connection.request(stored.envelopeBytes);
    rememberAnotherBranch(holder, place, 9);
    expect(await codeOf(() => connection.finish())).toBe('checkpoint_changed');
    connection.close();
    expect(remembered(place, holder)?.size).toBe(10);
  });

  it('tells that the log forked where another command remembered another one of the size of the receipt', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const stored = storeRequest(newPlace(), holder);
    const connection = await HolderConnection.open(await holder.address(place));
    await connection.request(stored.envelopeBytes);
    const branch = rememberAnotherBranch(holder, place, 2);
    const refused = connection.finish();
    await expect(refused).rejects.toMatchObject({ code: 'log_forked' });
    connection.close();
    expect(remembered(place, holder)).toEqual(branch);
    expect(contradictions(place)).toEqual([holder.log.checkpoint(holder.identity).note]);
    await expect(refused).rejects.toThrow('forked-3-');
  });

  it.each(['beforeReceipt', 'beforeAccountingReceipt'] as const)(
    'has both checkpoints to show where the log forks %s',
    async (moment) => {
      const holder = new HolderOfTests({ name: 'Inspector General', recipient: `age1${'q'.repeat(58)}` });
      const place = newPlace();
      const stored = storeRequest(newPlace(), holder);
      const connection = await HolderConnection.open(await holder.address(place));
      await connection.request(stored.envelopeBytes);
      let before = '';
      holder[moment] = () => {
        before = readFileSync(new RememberedCheckpoint(place, holder.fingerprint).path, 'utf8');
        holder.startLog(6);
      };
      const refused = connection.finish().then(() => connection.account(Uint8Array.of(1)));
      await expect(refused).rejects.toMatchObject({ code: 'log_forked' });
      connection.close();
      expect(remembered(place, holder)?.note).toBe(before);
      expect(contradictions(place)).toEqual([holder.log.checkpoint(holder.identity).note]);
      await expect(refused).rejects.toThrow('.forked-');
    },
  );

  it('has both checkpoints to show where what this connection was shown is remembered no more', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const stored = storeRequest(newPlace(), holder);
    const connection = await HolderConnection.open(await holder.address(place));
    await connection.request(stored.envelopeBytes);
    const shown = remembered(place, holder)?.note ?? '';
    holder.beforeReceipt = () => {
      rememberAnotherBranch(holder, place, 1);
      holder.startLog(6);
    };
    await expect(connection.finish()).rejects.toMatchObject({ code: 'log_forked' });
    connection.close();
    expect(contradictions(place).sort()).toEqual([shown, holder.log.checkpoint(holder.identity).note].sort());
  });

  it('is refused where another epoch has the number of one that was shown, in one log', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    await greet(holder, place);
    const [first, second] = [holder.epoch, holder.epochWith({ publicKey: new Uint8Array(32).fill(8) })];
    holder.serve(second);
    const refused = greet(holder, place);
    await expect(refused).rejects.toMatchObject({ code: 'log_invalid' });
    // Nothing of it is remembered, and whoever is told of it has both descriptors to show.
    expect(remembered(place, holder)?.size).toBe(1);
    const shown = readdirSync(place).filter((name) => name.includes('.epoch-1'));
    expect(shown.map((name) => openedEpoch(join(place, name), holder)).sort()).toEqual(
      [first, second].map(({ epochId }) => digestText(epochId)).sort(),
    );
    for (const name of shown) await expect(refused).rejects.toThrow(join(place, name));
    // What is right is what was there first.
    holder.serve(first);
    await greet(holder, place);
    expect(await codeOf(() => greet(holder, place))).toBeUndefined();
  });

  it('may be of several epochs in turn, also of an earlier one again', async () => {
    const holder = new HolderOfTests();
    const place = newPlace();
    const [first, second] = [holder.epoch, holder.epochWith({ epoch: 2 })];
    for (const epoch of [first, second, first, second]) {
      holder.serve(epoch);
      await greet(holder, place);
    }
    expect(remembered(place, holder)?.size).toBe(2);
  });

  it.each(['', '{}'])('is not made where the remembered epoch is %j', async (text) => {
    const holder = new HolderOfTests();
    const place = newPlace();
    await greet(holder, place);
    writeFileSync(join(place, `${holder.fingerprint.slice(7)}.epoch-1.dsse.json`), text);
    expect(await codeOf(() => greet(holder, place))).toBe('checkpoint_damaged');
  });

  it('tells that a request waits, and for how long', async () => {
    const holder = new HolderOfTests();
    holder.decisions.push({ outcome: 'pending', retryAfter: 30 });
    const connection = await HolderConnection.open(await holder.address(newPlace()));
    const answer = await connection.request(storeRequest(newPlace(), holder).envelopeBytes);
    connection.close();
    expect(answer).toEqual({ kind: 'pending', retryAfter: 30 });
  });

  it('remembers nothing of a holder that is not the one it is for', async () => {
    const [holder, stranger] = [new HolderOfTests(), new HolderOfTests()];
    const place = newPlace();
    const address = { ...(await stranger.address(place)), holder: holder.fingerprint };
    expect(await codeOf(() => HolderConnection.open(address))).toBe('holder_unexpected');
    expect(existsSync(place)).toBe(false);
  });
});
