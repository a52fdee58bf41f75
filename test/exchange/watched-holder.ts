/** A holder with the policy of a test, its real daemon, and what it remembers, read beside the daemon. */

import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLedger, type KnownRequest, type Ledger } from '@blindmatch/ledger';
import {
  digestText,
  openEpochDescriptor,
  openRequest,
  parseLeaf,
  type HolderMessage,
  type LogLeaf,
  type OpenEpoch,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { expect } from 'vitest';
import { policyText, spki, type Entries } from '../../packages/server/test/policy-text.ts';
import { run, startDaemon, succeed, type RunningDaemon } from './programs.ts';
import { RawRequester } from './raw-requester.ts';
import { buildSet, initHolder, type HandmadeRequest, type NewHolder } from './small-holder.ts';

/** An entry of a key in `holder.yaml`. */
export function keyEntry(key: KeyObject, more: Entries = {}): Entries {
  return { public_key: spki(key), ...more };
}

export class WatchedHolder {
  readonly path: string;
  readonly fingerprint: string;
  readonly epoch: OpenEpoch;
  readonly #home: string;
  #daemon: RunningDaemon;
  #ledger: Ledger | undefined;

  private constructor(holder: NewHolder, home: string, daemon: RunningDaemon) {
    this.path = holder.path;
    this.fingerprint = holder.fingerprint;
    this.#home = home;
    this.#daemon = daemon;
    this.epoch = openEpochDescriptor(readFileSync(join(holder.path, 'epochs/1/epoch.dsse.json')), {
      holder: holder.fingerprint,
    });
  }

  /** Makes the holder, builds the set of one person and starts the daemon. */
  static async start(
    home: string,
    policy: Entries,
    options: Parameters<typeof startDaemon>[3] = {},
  ): Promise<WatchedHolder> {
    const holder = await initHolder(home);
    writePolicy(holder.path, policy);
    await buildSet(holder, home);
    return new WatchedHolder(holder, home, await startDaemon(holder.path, home, 1, options));
  }

  get url(): URL {
    return this.#daemon.url;
  }

  get pid(): number {
    return this.#daemon.pid;
  }

  /** What the daemon has written to its log since it was started. */
  get said(): string {
    return this.#daemon.output.stderr;
  }

  /** Opened by the test beside the daemon, as every command of the holder does, when it is first asked for. */
  get ledger(): Ledger {
    this.#ledger ??= openSqliteLedger(join(this.path, 'ledger.sqlite'));
    return this.#ledger;
  }

  /** Puts another policy in force while the daemon runs. */
  async reload(policy: Entries): Promise<void> {
    writePolicy(this.path, policy);
    await succeed('blindmatchd', ['policy', 'reload', this.path], this.#home);
  }

  /** Kills the daemon without a warning and starts it again. */
  async killAndRestart(): Promise<void> {
    await this.#daemon.kill();
    this.#daemon = await startDaemon(this.path, this.#home);
  }

  async stop(): Promise<void> {
    await this.#ledger?.close();
    expect(await this.#daemon.stop()).toBe(0);
  }

  /** What `log verify` finds wrong, by its codes. */
  async findings(): Promise<readonly string[]> {
    const { code, events } = await run('blindmatchd', ['log', 'verify', this.path, '--json'], this.#home);
    const found = events.filter(({ event }) => event === 'finding');
    expect(code).toBe(found.length > 0 ? 1 : 0);
    return found.map((finding) => String(finding['code']));
  }

  async leaves(begin: number = 0): Promise<readonly LogLeaf[]> {
    const leaves: LogLeaf[] = [];
    for await (const { leaf } of this.ledger.log.leaves(begin)) leaves.push(parseLeaf(leaf));
    return leaves;
  }

  /** The leaves about a request. */
  async leavesAbout(made: HandmadeRequest): Promise<readonly LogLeaf[]> {
    const id = digestText(idOf(made));
    return (await this.leaves()).filter((leaf) => 'request' in leaf && leaf.request === id);
  }

  /** What is remembered of a request. */
  async find(made: HandmadeRequest): Promise<KnownRequest | undefined> {
    return await this.ledger.find(idOf(made));
  }

  /** The records with which a requester was charged in the epoch. */
  async charged(requester: string): Promise<number> {
    const charge = { requester, epoch: 1, day: '', statute: '', records: 0, investigators: new Map() };
    return await this.ledger.charged(charge, 'epoch');
  }

  /** A connection that is past `hello`. */
  async greeted(): Promise<RawRequester> {
    const requester = await RawRequester.connect(this.url);
    requester.send({ type: 'hello', version: 1, logSize: 0 });
    expect(await requester.next()).toMatchObject({ type: 'epoch' });
    return requester;
  }

  /** A connection whose request was accepted. */
  async accepted({ envelope }: Pick<HandmadeRequest, 'envelope'>): Promise<RawRequester> {
    const requester = await this.greeted();
    requester.send({ type: 'request', envelope });
    expect(await requester.next()).toMatchObject({ type: 'accepted' });
    return requester;
  }

  /** Everything that the daemon says to a request, and then to other messages once it has accepted it, until it closes. */
  async answersTo(
    { envelope }: Pick<HandmadeRequest, 'envelope'>,
    ...messages: readonly RequesterMessage[]
  ): Promise<readonly HolderMessage[]> {
    const requester = await this.greeted();
    requester.send({ type: 'request', envelope });
    if (messages.length === 0) return await requester.rest();
    const first = await requester.next();
    if (first.type === 'accepted') requester.send(...messages);
    return [first, ...(await requester.rest())];
  }

  /** A whole exchange of a request of one chunk; the connection stays open behind the receipt. */
  async finished(made: HandmadeRequest): Promise<RawRequester> {
    const requester = await this.accepted(made);
    requester.send(made.chunk);
    expect(await requester.next()).toMatchObject({ type: 'evaluated', index: 0 });
    requester.send({ type: 'finish' });
    expect(await requester.next()).toMatchObject({ type: 'receipt' });
    return requester;
  }

  /**
   * Asks with a request that must be refused: nothing else is said, nothing of it is remembered or charged, and the one new
   * leaf is that of the refusal, in the name of `requester` or in nobody's.
   */
  async expectRefusal(
    made: Pick<HandmadeRequest, 'envelope'>,
    code: string,
    requester: string | null,
  ): Promise<void> {
    const { requestId, manifest } = openRequest(made.envelope);
    const known = await this.ledger.find(requestId);
    const { size } = await this.ledger.log.head();
    expect(await this.answersTo(made)).toMatchObject([{ type: 'refused', code }]);
    const { records, elements } = manifest;
    const request = digestText(requestId);
    expect(await this.leaves(size)).toMatchObject([
      { type: 'refused', code, requester, request, records, elements },
    ]);
    expect(await this.ledger.find(requestId)).toEqual(known);
  }
}

function writePolicy(path: string, policy: Entries): void {
  writeFileSync(join(path, 'holder.yaml'), policyText({ max_elements: 8_388_608, ...policy }));
}

/** The id of a request. */
export function idOf({ envelope }: Pick<HandmadeRequest, 'envelope'>): Uint8Array {
  return openRequest(envelope).requestId;
}
