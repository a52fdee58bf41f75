/** A requester that prepares and submits as the program does, in this process, to holders of the test's making. */

import type { KeyObject } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  prepareRequest,
  readStoredRequest,
  requestFiles,
  signRequest,
  submitRequest,
  TokenSetCache,
  type SubmitAccount,
  type SubmitInput,
} from '@blindmatch/client';
import { createInlineOprf, defaultEngine, type Oprf } from '@blindmatch/oprf';
import {
  fingerprint,
  generateSigningKey,
  type EpochDescriptor,
  type HolderMessage,
  type RequesterMessage,
} from '@blindmatch/protocol';
import {
  calendarDateOf,
  DEFAULT_PROFILE,
  readPeople,
  REQUEST_COLUMNS,
  TIERS,
  understandPerson,
} from '@blindmatch/records';
import { expect } from 'vitest';
import { buildFakeEpoch, serveFakeEpoch, type Cheat, type FakeEpoch } from './fake-holder.ts';
import { writeCsv } from './programs.ts';
import { personOnFile } from './small-holder.ts';

/** What lies where for one submission; several may share one of them. */
export interface SubmissionFiles {
  readonly out: string;
  readonly cache: string;
  readonly request: string;
  readonly checkpoints: string;
}

export interface Attempt {
  readonly account?: SubmitAccount;
  readonly error?: unknown;
  /** The directory of the results, with everything that was left in it. */
  readonly left: readonly string[];
  /** What the requester sent, by type. */
  readonly asked: readonly RequesterMessage['type'][];
  readonly files: SubmissionFiles;
}

/** How a submission is made beside where everything lies. */
export type SubmissionOptions = Pick<SubmitInput, 'inspector' | 'wait'>;

export class Submissions {
  readonly oprf: Oprf = createInlineOprf(defaultEngine());
  readonly #home: string;
  readonly #identity: KeyObject;
  #cases = 0;

  /** @param identity that of all its holders */
  constructor(home: string, identity: KeyObject) {
    this.#home = home;
    this.#identity = identity;
    const order = { order_number: 'A1', order_date: '2024-01-02' };
    writeCsv(join(home, 'requests.csv'), REQUEST_COLUMNS, [
      { record_id: 'on-file', ...personOnFile, ...order },
      { record_id: 'not-on-file', ...personOnFile, ...order, given_name: 'Bea' },
    ]);
  }

  /** A path that nothing has yet. */
  path(name: string): string {
    return join(this.#home, `${name}-${++this.#cases}`);
  }

  /** The match keys of the one person on file. */
  async keysOnFile(): Promise<readonly string[]> {
    const path = this.path('people.csv');
    writeCsv(path, REQUEST_COLUMNS, [personOnFile]);
    const found: string[] = [];
    for await (const person of readPeople(path)) {
      const rules = { profile: DEFAULT_PROFILE, tiers: TIERS, today: calendarDateOf(new Date()) };
      const understood = understandPerson(person, rules);
      if (understood.kind === 'keys') found.push(...understood.keys.map(({ value }) => value));
    }
    return found;
  }

  async epochOf(
    key: Uint8Array,
    inputs: readonly string[],
    changes: Partial<EpochDescriptor> = {},
  ): Promise<FakeEpoch> {
    const directory = this.path('epoch');
    mkdirSync(directory);
    return await buildFakeEpoch(directory, this.#identity, key, inputs, changes);
  }

  /** Prepares and signs a request for an epoch: one person who is on file, one who is not. */
  async prepareFor(target: FakeEpoch, out: string): Promise<void> {
    await prepareRequest({
      source: join(this.#home, 'requests.csv'),
      out,
      epoch: target.open,
      authority: {
        statute: '8 U.S.C. 1253(a)(1)',
        purpose: null,
        reason: 'Final orders of June',
        taxPeriods: [],
        attestation: null,
        investigators: [],
      },
      validDays: 1,
      oprf: this.oprf,
      now: new Date(),
    });
    signRequest(readStoredRequest(requestFiles(out)), generateSigningKey().privateKey);
  }

  /** Files of a submission of its own, with a copy of the prepared request at `from`. */
  copyOf(from: string, shared: Partial<SubmissionFiles> = {}): SubmissionFiles {
    const directory = this.path('case');
    mkdirSync(join(directory, 'out'), { recursive: true });
    const files = {
      out: join(directory, 'out/results.csv'),
      cache: join(directory, 'cache'),
      request: join(directory, 'request'),
      checkpoints: join(directory, 'checkpoints'),
      ...shared,
    };
    cpSync(from, files.request, { recursive: true });
    return files;
  }

  /** Submits to a holder that cheats. */
  async submit(
    files: SubmissionFiles,
    served: FakeEpoch,
    cheat: Cheat = (honest) => honest,
    options: SubmissionOptions = {},
  ): Promise<Attempt> {
    const asked: RequesterMessage['type'][] = [];
    const holder = await serveFakeEpoch(served, (honest, message, asking) => {
      asked.push(message.type);
      return cheat(honest, message, asking);
    });
    const left = (): string[] => readdirSync(join(files.out, '..'));
    try {
      const account = await submitRequest({
        stored: readStoredRequest(requestFiles(files.request)),
        address: {
          server: holder.url,
          holder: fingerprint(this.#identity),
          checkpoints: files.checkpoints,
        },
        cache: new TokenSetCache(files.cache),
        out: files.out,
        oprf: this.oprf,
        ...options,
      });
      return { account, left: left(), asked, files };
    } catch (error) {
      return { error, left: left(), asked, files };
    } finally {
      await holder.close();
    }
  }

  /** What is remembered of the holder's log; undefined where nothing is. */
  remembered({ checkpoints }: Pick<SubmissionFiles, 'checkpoints'>): string | undefined {
    const name = fingerprint(this.#identity).slice('sha256:'.length);
    const path = join(checkpoints, `${name}.checkpoint`);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }
}

/** The code with which a submission to a cheating holder ends; it must leave no results. */
export async function codeOf(attempt: Attempt | Promise<Attempt>): Promise<string> {
  const { error, left } = await attempt;
  expect(left).toEqual([]);
  expect(error).toBeInstanceOf(Error);
  return String((error as { code?: unknown }).code);
}

/** A cheat in the answer of one kind only. */
export function inAnswer<Type extends HolderMessage['type']>(
  type: Type,
  change: (
    honest: HolderMessage & { readonly type: Type },
    ...rest: Parameters<Cheat> extends [unknown, ...infer Rest] ? Rest : never
  ) => ReturnType<Cheat>,
): Cheat {
  return (honest, ...rest) =>
    honest.type === type ? change(honest as HolderMessage & { readonly type: Type }, ...rest) : honest;
}
