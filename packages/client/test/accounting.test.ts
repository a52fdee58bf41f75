import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { createInlineOprf, defaultEngine } from '@blindmatch/oprf';
import { digestText, MAX_ACCOUNTING, MAX_ELEMENTS_DEFAULT, type OpenRequest } from '@blindmatch/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_BYTES, MatchedRecords } from '../src/accounting.ts';
import { deliverAccounting } from '../src/accounting-delivery.ts';
import {
  accountingFiles,
  hasAccountingReceipt,
  insistOnInspector,
  sealAccounting,
} from '../src/accounting-files.ts';
import { generateAgeIdentity, sealBytes } from '../src/age.ts';
import { account } from '../src/commands/submit.ts';
import { RememberedCheckpoint } from '../src/remembered-checkpoint.ts';
import type { StoredRequest } from '../src/stored-request.ts';
import { submitRequest } from '../src/submit.ts';
import { TokenSetCache } from '../src/token-set-cache.ts';
import { HolderOfTests, storeRequest } from './holder-of-tests.ts';
import { LogOfLeaves } from './log-of-leaves.ts';
import { codeOf, temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();
let places = 0;
const newPlace = (): string => join(directory, `place-${++places}`);

const inspector = await generateAgeIdentity();
const named = { name: 'Inspector General', recipient: inspector.recipient };
const holder = new HolderOfTests(named);

type Outcome = 'name_address_dob' | 'name_address' | undefined;

/** What an inspector reads, with the bits as a text of 0 and 1, as the specification has it. */
function read(bytes: Uint8Array): { header: unknown; bits: string } {
  const text = Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('utf8');
  expect(text.indexOf('\n')).toBe(HEADER_BYTES - 1);
  const bits = [...bytes.subarray(HEADER_BYTES)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return { header: JSON.parse(text), bits };
}

function requestOf(records: number, evidence: Uint8Array | null = null): OpenRequest {
  const path = newPlace();
  mkdirSync(path);
  return storeRequest(path, holder, { records, elements: records + 2, evidence }).request;
}

function matchedOf(outcomes: readonly Outcome[]): MatchedRecords {
  const matched = new MatchedRecords(outcomes.length);
  for (const outcome of outcomes) matched.add(outcome ?? 'name_address', outcome !== undefined);
  return matched;
}

describe('the accounting of matches', () => {
  const outcome = fc.constantFrom<Outcome>('name_address_dob', 'name_address', undefined);

  it('says of each submitted record in order whether it matched, and counts them', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 40 }), (outcomes) => {
        const request = requestOf(outcomes.length, new Uint8Array(32).fill(5));
        const { header, bits } = read(matchedOf(outcomes).encode(request));
        const count = (tier: Outcome): number => outcomes.filter((other) => other === tier).length;
        expect(header).toEqual({
          type: 'blindmatch.v1/accounting',
          request: digestText(request.requestId),
          evidence: `sha256:${'05'.repeat(32)}`,
          records: outcomes.length,
          matches: outcomes.length - count(undefined),
          matches_by_tier: {
            name_address_dob: count('name_address_dob'),
            name_address: count('name_address'),
          },
        });
        expect(bits).toBe(
          outcomes
            .map((other) => (other === undefined ? '0' : '1'))
            .join('')
            .padEnd(8 * Math.ceil(outcomes.length / 8), '0'),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('has a length that tells nothing of the matches', () => {
    for (const records of [1, 8, 9, 1000]) {
      const request = requestOf(records);
      const lengths = (['name_address_dob', undefined] as const).map(
        (same) => matchedOf(Array<Outcome>(records).fill(same)).encode(request).length,
      );
      expect(lengths).toEqual(Array(2).fill(HEADER_BYTES + Math.ceil(records / 8)));
    }
  });

  it('is made of all records of the request and of no more', () => {
    const matched = matchedOf([undefined, 'name_address']);
    expect(() => matched.encode(requestOf(3))).toThrow(RangeError);
    expect(() => {
      matched.add('name_address', true);
    }).toThrow(RangeError);
    expect(() => new MatchedRecords(1).encode(requestOf(1))).toThrow(RangeError);
  });

  it('of the largest request fits into what a holder takes', async () => {
    const sealed = await sealBytes(
      [inspector.recipient],
      new Uint8Array(HEADER_BYTES + MAX_ELEMENTS_DEFAULT / 8),
    );
    expect(sealed.length).toBeLessThanOrEqual(MAX_ACCOUNTING);
  });
});

describe('a sealed accounting', () => {
  async function sealed(
    outcomes: readonly Outcome[] = ['name_address'],
    of: HolderOfTests = holder,
  ): Promise<StoredRequest> {
    const path = newPlace();
    mkdirSync(path);
    const stored = storeRequest(path, of, { records: outcomes.length });
    await sealAccounting(stored, matchedOf(outcomes), inspector.recipient);
    return stored;
  }

  it('opens for the inspector', async () => {
    const { files } = await sealed();
    const decrypter = new Decrypter();
    decrypter.addIdentity(inspector.identity);
    const plain = await decrypter.decrypt(new Uint8Array(readFileSync(accountingFiles(files).sealed)));
    expect(read(plain).bits).toBe('10000000');
  });

  it("is its owner's alone, and is as long whatever matched", async () => {
    const [all, none] = [await sealed(['name_address_dob']), await sealed([undefined])].map(({ files }) =>
      statSync(accountingFiles(files).sealed),
    );
    expect(all?.mode).toBe(0o100600);
    expect(all?.size).toBe(none?.size);
  });

  it('is made once', async () => {
    const stored = await sealed();
    const { sealed: path } = accountingFiles(stored.files);
    const before = readFileSync(path);
    await sealAccounting(stored, matchedOf([undefined]), inspector.recipient);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is sent as it is, and its receipt and the log of that are kept', async () => {
    const stored = await sealed();
    const place = newPlace();
    expect(hasAccountingReceipt(stored)).toBe(false);
    holder.accountings.length = 0;
    await deliverAccounting(stored, await holder.address(place));
    const { sealed: path } = accountingFiles(stored.files);
    expect(holder.accountings.map((bytes) => Buffer.from(bytes))).toEqual([readFileSync(path)]);
    expect(hasAccountingReceipt(stored)).toBe(true);
    expect(existsSync(stored.files.receipt)).toBe(true);
    const remembered = new RememberedCheckpoint(place, holder.fingerprint).recall();
    expect(remembered).toEqual(holder.log.checkpoint(holder.identity));
  });

  it('is sent no more once its receipt is here, and again while that is damaged', async () => {
    const stored = await sealed();
    const address = await holder.address(newPlace());
    holder.accountings.length = 0;
    await deliverAccounting(stored, address);
    await deliverAccounting(stored, address);
    expect(holder.accountings).toHaveLength(1);
    const { receipt } = accountingFiles(stored.files);
    const text = readFileSync(receipt, 'utf8');
    writeFileSync(receipt, text.slice(0, 100));
    await deliverAccounting(stored, address);
    expect(holder.accountings[1]).toEqual(holder.accountings[0]);
    expect(readFileSync(receipt, 'utf8')).toBe(text);
  });

  it('is asked for again, with the receipt, where another command remembers more of the log meanwhile', async () => {
    const busy = new HolderOfTests(named);
    const stored = await sealed(['name_address'], busy);
    const place = newPlace();
    const memory = new RememberedCheckpoint(place, busy.fingerprint);
    const others = (): void => {
      busy.beforeReceipt = busy.beforeAccountingReceipt = () => undefined;
      busy.appendPolicy(1);
      memory.keep(memory.recall(), busy.log.checkpoint(busy.identity), busy.identity);
      busy.appendPolicy(2);
    };
    for (const moment of ['beforeReceipt', 'beforeAccountingReceipt'] as const) {
      busy[moment] = others;
      rmSync(accountingFiles(stored.files).receipt, { force: true });
      busy.rememberedSizes.length = 0;
      await deliverAccounting(stored, await busy.address(place));
      expect(busy.rememberedSizes).toHaveLength(2);
      expect(hasAccountingReceipt(stored)).toBe(true);
      expect(memory.recall()).toEqual(busy.log.checkpoint(busy.identity));
    }
  });

  it('brings no receipt of another branch of the log than the remembered one', async () => {
    const forking = new HolderOfTests(named);
    const stored = await sealed(['name_address'], forking);
    const place = newPlace();
    const memory = new RememberedCheckpoint(place, forking.fingerprint);
    forking.beforeReceipt = () => {
      const branch = new LogOfLeaves();
      branch.leaves.push(...forking.log.leaves.slice(0, memory.recall()?.size));
      for (let number = 0; number < 9; number++) branch.append(Buffer.from(`leaf ${number}`));
      memory.keep(memory.recall(), branch.checkpoint(forking.identity), forking.identity);
    };
    const address = await forking.address(place);
    expect(await codeOf(() => deliverAccounting(stored, address))).toBe('log_forked');
    expect(existsSync(stored.files.receipt)).toBe(false);
    expect(forking.accountings).toEqual([]);
    expect(readdirSync(place).filter((name) => name.includes('.forked-'))).toHaveLength(1);
  });

  it('of an epoch that the holder serves no more is for the holder to waive', async () => {
    const moved = new HolderOfTests(named);
    const stored = await sealed(['name_address'], moved);
    moved.serve(moved.epochWith({ epoch: 2 }));
    const returned = account(stored.files, await moved.address(newPlace()), 'blindmatch submit REQUEST');
    await expect(returned).rejects.toMatchObject({ code: 'epoch_changed' });
    await expect(returned).rejects.toThrow(
      `blindmatchd requests waive DIR ${digestText(stored.request.requestId)}`,
    );
    await expect(returned).rejects.not.toThrow(/prepare it again|blindmatch submit/);
  });

  it('is only for the inspector that the holder names and the user expects', async () => {
    insistOnInspector(undefined, null);
    insistOnInspector(undefined, named);
    insistOnInspector(inspector.recipient, named);
    const other = (await generateAgeIdentity()).recipient;
    for (const [expected, of] of [
      [other, named],
      [other, null],
    ] as const) {
      expect(
        await codeOf(() => {
          insistOnInspector(expected, of);
        }),
      ).toBe('inspector_unexpected');
    }
  });

  it('for somebody else is refused before the holder is asked for anything', async () => {
    const careful = new HolderOfTests(named);
    const path = newPlace();
    mkdirSync(path);
    const submitted = submitRequest({
      stored: storeRequest(path, careful),
      address: await careful.address(newPlace()),
      inspector: (await generateAgeIdentity()).recipient,
      cache: new TokenSetCache(newPlace()),
      out: newPlace(),
      oprf: createInlineOprf(defaultEngine()),
    });
    await expect(submitted).rejects.toMatchObject({ code: 'inspector_unexpected' });
    expect(careful.rememberedSizes).toEqual([]);
  });
});
