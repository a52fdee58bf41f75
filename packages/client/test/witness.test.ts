import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cosignatureBy,
  generateSigningKey,
  openCheckpoint,
  parseNote,
  privateKeyToPem,
  publicKeyToPem,
} from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { witness, type WitnessOptions } from '../src/commands/witness.ts';
import { HolderOfTests } from './holder-of-tests.ts';
import { reported } from './reported.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
const { privateKey, publicKey } = generateSigningKey();
const NAME = 'court.example/witness';
const NOW = new Date('2026-11-22T15:00:00.000Z');
let places = 0;

/** A holder and a witness with a directory of its own. */
class Setting {
  readonly holder = new HolderOfTests();
  readonly place: string = join(directory, `place-${++places}`);
  readonly options: WitnessOptions;

  constructor() {
    mkdirSync(this.place);
    this.options = {
      holderKey: this.write('holder.pub.pem', publicKeyToPem(this.holder.identity)),
      key: this.write('witness.pem', privateKeyToPem(privateKey)),
      name: NAME,
      remember: join(this.place, 'seen'),
      output: join(this.place, 'cosigned'),
    };
  }

  write(name: string, text: string): string {
    const path = join(this.place, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  /** Runs the command on the log as it is now, with a proof from the size `from`; gives the event that it reports. */
  witness(changes: Partial<WitnessOptions> & { readonly from?: number } = {}): unknown {
    const { from, ...options } = changes;
    const { identity, log } = this.holder;
    const { note } = log.checkpoint(identity);
    const consistency =
      from === undefined
        ? {}
        : {
            consistency: this.write(
              'growth.json',
              JSON.stringify({
                first: from,
                second: log.leaves.length,
                proof: Buffer.from(log.consistency(from)).toString('base64'),
                checkpoint: note,
              }),
            ),
          };
    const reporter = reported();
    witness(
      this.write('checkpoint', note),
      { ...this.options, ...consistency, ...options },
      reporter,
      () => NOW,
    );
    return reporter.events[0]?.fields;
  }

  remembered(): number {
    return openCheckpoint(readFileSync(this.options.remember, 'utf8'), this.holder.identity).size;
  }
}

describe('a witness', () => {
  it('cosigns the first checkpoint that it sees, and remembers it', () => {
    const set = new Setting();
    expect(set.witness()).toMatchObject({ name: NAME, size: 1, earlier: null });
    const note = readFileSync(set.options.output, 'utf8');
    expect(openCheckpoint(note, set.holder.identity).size).toBe(1);
    expect(cosignatureBy(parseNote(note), { name: NAME, key: publicKey })).toEqual({ time: NOW });
    expect(set.remembered()).toBe(1);
  });

  it('cosigns a log that continues the one that it remembers, and replaces what it cosigned before', () => {
    const set = new Setting();
    set.witness();
    set.holder.appendPolicy(1);
    set.holder.appendPolicy(2);
    expect(set.witness({ from: 1 })).toMatchObject({ size: 3, earlier: 1 });
    expect(set.remembered()).toBe(3);
    expect(openCheckpoint(readFileSync(set.options.output, 'utf8'), set.holder.identity).size).toBe(3);
  });

  it('cosigns the same checkpoint again without a proof', () => {
    const set = new Setting();
    set.witness();
    expect(set.witness()).toMatchObject({ size: 1, earlier: 1 });
  });

  it.each([
    ['of the same size', 3],
    ['that grew', 5],
    ['that shrank', 1],
  ])('refuses another log %s by name, and cosigns and remembers nothing', async (_, before) => {
    const set = new Setting();
    for (let number = 1; number < 4; number++) set.holder.appendPolicy(number);
    set.witness();
    set.holder.startLog(before);
    const output = join(set.place, 'next');
    expect(await codeOf(() => set.witness({ from: 4, output }))).toBe('log_forked');
    expect(existsSync(output)).toBe(false);
    expect(set.remembered()).toBe(4);
  });

  it('asks for the proof where the log grew and there is none', async () => {
    const set = new Setting();
    set.witness();
    set.holder.appendPolicy(1);
    expect(await codeOf(() => set.witness())).toBe('log_invalid');
    expect(set.remembered()).toBe(1);
  });

  it('refuses to begin anew where what it remembers is damaged', async () => {
    const set = new Setting();
    set.witness();
    writeFileSync(set.options.remember, '');
    expect(await codeOf(() => set.witness())).toBe('checkpoint_damaged');
  });

  it('refuses the checkpoint of another holder', async () => {
    const set = new Setting();
    const other = new HolderOfTests();
    const holderKey = set.write('other.pub.pem', publicKeyToPem(other.identity));
    expect(await codeOf(() => set.witness({ holderKey }))).toBe('log_invalid');
    const { fingerprint } = other;
    expect(await codeOf(() => set.witness({ holder: fingerprint }))).toBe('holder_unexpected');
    set.witness({ holder: set.holder.fingerprint });
  });

  it("does not sign with the holder's own key", async () => {
    const set = new Setting();
    const key = set.write('identity.pem', privateKeyToPem(set.holder.identity));
    expect(await codeOf(() => set.witness({ key }))).toBe('key_invalid');
    expect(existsSync(set.options.remember)).toBe(false);
  });

  it('overwrites nothing that is no checkpoint', async () => {
    const set = new Setting();
    const output = set.write('notes.txt', 'mine');
    expect(await codeOf(() => set.witness({ output }))).toBe('out_exists');
    expect(readFileSync(output, 'utf8')).toBe('mine');
  });
});
