import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { HolderConnection } from '../src/holder-connection.ts';
import { RememberedCheckpoint } from '../src/remembered-checkpoint.ts';
import { HolderOfTests, storeRequest } from './holder-of-tests.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let places = 0;
const newPlace = (): string => join(directory, `place-${++places}`);

async function greet(holder: HolderOfTests, checkpoints: string): Promise<void> {
  (await HolderConnection.open(await holder.address(checkpoints))).close();
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
