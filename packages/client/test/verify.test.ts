import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cosignNote,
  digestText,
  fingerprint,
  formatNote,
  generateSigningKey,
  parseNote,
  publicKeyToPem,
} from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { verify, type VerifyOptions } from '../src/commands/verify.ts';
import type { StoredRequest } from '../src/stored-request.ts';
import { HolderOfTests, official, storeRequest } from './holder-of-tests.ts';
import { reported, type Reported } from './reported.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let files = 0;
const newPath = (): string => join(directory, `file-${++files}`);

function written(contents: string | Uint8Array): string {
  const path = newPath();
  writeFileSync(path, contents);
  return path;
}

interface Setting {
  readonly holder: HolderOfTests;
  readonly stored: StoredRequest;
  readonly receipt: string;
}

/** A holder with one request that was accepted, and its receipt, from a log of 5 leaves. */
function setting(): Setting {
  const holder = new HolderOfTests({ name: 'Inspector General', recipient: `age1${'q'.repeat(58)}` });
  const path = newPath();
  mkdirSync(path);
  const stored = storeRequest(path, holder, { purpose: 'location', records: 12, elements: 20 });
  for (let number = 0; number < 3; number++) holder.appendPolicy(number);
  return { holder, stored, receipt: written(holder.receipt(stored.request)) };
}

function verified({ holder, receipt }: Setting, options: Partial<VerifyOptions> = {}): Reported {
  const reporter = reported();
  verify(receipt, { holder: holder.fingerprint, ...options }, reporter);
  return reporter;
}

/** What `blindmatchd log prove --from first --to second` writes. */
function growthFile(holder: HolderOfTests, first: number, second: number): string {
  return written(
    JSON.stringify({
      first,
      second,
      proof: Buffer.from(holder.log.consistency(first, second)).toString('base64'),
      checkpoint: holder.log.checkpoint(holder.identity, second).note,
    }),
  );
}

function checkpointFile(holder: HolderOfTests, size?: number): string {
  return written(holder.log.checkpoint(holder.identity, size).note);
}

describe('verify', () => {
  it('says in words and fields what a receipt proves', () => {
    const set = setting();
    const { events } = verified(set);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      name: 'verified',
      fields: {
        kind: 'receipt',
        holder: set.holder.fingerprint,
        request: digestText(set.stored.request.requestId),
        requester: 'Requesting Agency',
        records: 12,
        elements: 20,
        officials: [fingerprint(official)],
        log_size: 5,
        for_request: null,
        checkpoint_size: null,
        witnesses: [],
      },
    });
    const text = events[0]?.text ?? '';
    for (const part of ['Requesting Agency', '12 records', '8 U.S.C. 1253(a)(1)', 'location', '5 leaves'])
      expect(text).toContain(part);
  });

  it('takes the receipt of an accounting', () => {
    const set = setting();
    const receipt = written(set.holder.accountingReceipt(set.stored.request, Buffer.from('sealed')));
    const { events } = verified({ ...set, receipt }, { request: set.stored.files.path });
    expect(events[0]?.fields).toMatchObject({ kind: 'accounting', bytes: 6, log_size: 6 });
  });

  it('finds that the receipt of an accounting is not for the one that was sealed', async () => {
    const set = setting();
    const receipt = written(set.holder.accountingReceipt(set.stored.request, Buffer.from('sealed')));
    writeFileSync(join(set.stored.files.private.path, 'accounting.age'), 'another');
    const options = { request: set.stored.files.path };
    expect(await codeOf(() => verified({ ...set, receipt }, options))).toBe('receipt_invalid');
  });

  it('finds a receipt of another holder', async () => {
    const other = new HolderOfTests();
    expect(await codeOf(() => verified(setting(), { holder: other.fingerprint }))).toBe('holder_unexpected');
  });

  it.each(['', '{}', 'no receipt'])('finds that %j is no receipt', async (text) => {
    const receipt = written(text);
    expect(await codeOf(() => verified({ ...setting(), receipt }))).toBe('receipt_invalid');
    expect(() => verified({ ...setting(), receipt })).toThrow(`Check that ${receipt} is a receipt, whole`);
  });

  it('finds a receipt for another request', async () => {
    const set = setting();
    verified(set, { request: set.stored.files.path });
    const path = newPath();
    mkdirSync(path);
    storeRequest(path, set.holder, { nonce: new Uint8Array(32).fill(9), records: 12, elements: 20 });
    expect(await codeOf(() => verified(set, { request: path }))).toBe('receipt_invalid');
    expect(() => verified(set, { request: path })).toThrow(
      `check that the directory is the request of this receipt`,
    );
  });

  it('shows that a later and an earlier log are one with the log of the receipt', () => {
    const set = setting();
    const { holder } = set;
    for (let number = 3; number < 7; number++) holder.appendPolicy(number);
    for (const [size, first, second] of [
      [9, 5, 9],
      [2, 2, 5],
    ] as const) {
      const { events } = verified(set, {
        checkpoint: checkpointFile(holder, size),
        consistency: growthFile(holder, first, second),
      });
      expect(events[0]?.fields['checkpoint_size']).toBe(size);
      expect(events[0]?.text).toContain(`The log of ${second} leaves continues that of ${first}`);
    }
  });

  it('needs no proof for a log of the same size', () => {
    const set = setting();
    verified(set, { checkpoint: checkpointFile(set.holder) });
  });

  it('finds a published log of the same size that is another one', async () => {
    const set = setting();
    set.holder.startLog(4);
    expect(await codeOf(() => verified(set, { checkpoint: checkpointFile(set.holder) }))).toBe('log_forked');
  });

  it('finds a published log that the proof does not connect with that of the receipt', async () => {
    const set = setting();
    const { holder } = set;
    holder.startLog(8);
    const options = { checkpoint: checkpointFile(holder), consistency: growthFile(holder, 5, 9) };
    expect(await codeOf(() => verified(set, options))).toBe('log_forked');
  });

  it('finds a proof that is for another tree of the same size, signed too', async () => {
    const set = setting();
    const { holder } = set;
    for (let number = 3; number < 7; number++) holder.appendPolicy(number);
    const consistency = growthFile(holder, 5, 9);
    holder.startLog(8);
    const options = { checkpoint: checkpointFile(holder), consistency };
    expect(await codeOf(() => verified(set, options))).toBe('log_forked');
  });

  it.each([
    ['no proof', undefined],
    ['a proof that is none', 'proof'],
    ['a proof with other members', '{"first":5,"second":9}'],
  ])('asks for a proof where there is %s', async (_, text) => {
    const set = setting();
    for (let number = 3; number < 7; number++) set.holder.appendPolicy(number);
    const options = {
      checkpoint: checkpointFile(set.holder),
      ...(text === undefined ? {} : { consistency: written(text) }),
    };
    expect(await codeOf(() => verified(set, options))).toBe('log_invalid');
  });

  it('finds that a proof is between other sizes', async () => {
    const set = setting();
    for (let number = 3; number < 7; number++) set.holder.appendPolicy(number);
    const options = {
      checkpoint: checkpointFile(set.holder),
      consistency: growthFile(set.holder, 4, 9),
    };
    expect(await codeOf(() => verified(set, options))).toBe('log_invalid');
  });

  it('finds a checkpoint that the holder has not signed', async () => {
    const other = new HolderOfTests();
    expect(await codeOf(() => verified(setting(), { checkpoint: checkpointFile(other) }))).toBe(
      'log_invalid',
    );
  });

  it('asks for the checkpoint that a proof is about', async () => {
    const set = setting();
    const options = { consistency: growthFile(set.holder, 4, 5) };
    expect(await codeOf(() => verified(set, options))).toBe('checkpoint_missing');
  });

  describe('with a witness', () => {
    const name = 'court.example/witness';
    const { privateKey, publicKey } = generateSigningKey();
    const time = new Date('2026-11-22T15:00:00.000Z');
    const keyFile = written(publicKeyToPem(publicKey));

    const cosigned = (holder: HolderOfTests, size?: number): string => {
      const note = parseNote(holder.log.checkpoint(holder.identity, size).note);
      return written(formatNote(cosignNote(note, { name, key: privateKey }, time)));
    };

    it('says when the witness saw the published log', () => {
      const set = setting();
      const { events } = verified(set, {
        checkpoint: cosigned(set.holder),
        witness: [{ name, keyFile }],
      });
      expect(events[0]?.fields['witnesses']).toEqual([`${name} ${time.toISOString()}`]);
      expect(events[0]?.text).toContain(`The witness ${name} saw the log of 5 leaves`);
    });

    it('takes a log that continues that of the receipt, and says which one the witness saw', () => {
      const set = setting();
      set.holder.appendPolicy(7);
      const { events } = verified(set, {
        checkpoint: cosigned(set.holder),
        consistency: growthFile(set.holder, 5, 6),
        witness: [{ name, keyFile }],
      });
      expect(events[0]?.text).toContain(`The witness ${name} saw the log of 6 leaves`);
    });

    it.each([1, 4])(
      'finds that a witness of the first %i leaves has not seen the request, which may be in a log of its own',
      (size) => {
        const set = setting();
        const consistency = growthFile(set.holder, size, 5);
        const checkpoint = cosigned(set.holder, size);
        verified(set, { checkpoint, consistency });
        const act = (): unknown => verified(set, { checkpoint, consistency, witness: [{ name, keyFile }] });
        expect(act).toThrow(expect.objectContaining({ code: 'witness_missing' }));
        expect(act).toThrow(`the log of ${size} leaves, and the receipt is in that of 5`);
      },
    );

    it.each([
      ['has cosigned nothing', false, name, keyFile],
      ['has another name', true, 'another.example', keyFile],
      ['has another key', true, name, written(publicKeyToPem(generateSigningKey().publicKey))],
    ])('finds that the witness %s', async (_, isCosigned, witnessName, path) => {
      const set = setting();
      const options = {
        checkpoint: isCosigned ? cosigned(set.holder) : checkpointFile(set.holder),
        witness: [{ name: witnessName, keyFile: path }],
      };
      expect(await codeOf(() => verified(set, options))).toBe('witness_missing');
    });

    it('finds that nobody but the holder has signed the checkpoint of a receipt', async () => {
      const options = { witness: [{ name, keyFile }] };
      expect(await codeOf(() => verified(setting(), options))).toBe('witness_missing');
    });
  });
});
