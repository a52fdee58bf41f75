/** A holder whose policy a test changes at will, everybody who has a key there, and requests; no real person. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { openSqliteLedger } from '@blindmatch/ledger';
import {
  encodeEnvelope,
  fingerprint,
  generateSigningKey,
  parseEnvelope,
  parseLeaf,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  privateKeyToPem,
  signPayload,
  type LogLeaf,
} from '@blindmatch/protocol';
import { policyText, spki, type Entries } from '../../packages/server/test/policy-text.ts';
import { initialise, PEOPLE_CSV, REQUESTS_CSV } from './agencies.ts';
import {
  run,
  startDaemon,
  succeed,
  temporaryDirectory,
  type Daemon,
  type Ended,
  type RunOptions,
} from '../running-program.ts';

export const STATUTE = '8 U.S.C. 1253(a)(1)';
export const REQUESTER = 'Requesting Agency';

/** A key to sign with: its private half in a file, and what stands of it in a policy. */
export interface Signer {
  readonly key: string;
  readonly fingerprint: string;
  readonly entry: { readonly name: string; readonly public_key: string };
}

/** Somebody for whom things are sealed: the identity in a file, and what stands of it in a policy. */
export interface Reader {
  readonly identity: string;
  readonly entry: { readonly name: string; readonly recipient: string };
}

/** A new key of somebody. */
export function makeSigner(home: string, name: string): Signer {
  const { privateKey, publicKey } = generateSigningKey();
  const key = join(home, `${name.toLowerCase().replaceAll(' ', '-')}.pem`);
  writeFileSync(key, privateKeyToPem(privateKey), { mode: 0o600 });
  return { key, fingerprint: fingerprint(publicKey), entry: { name, public_key: spki(publicKey) } };
}

/** A new age identity of somebody. */
async function makeReader(home: string, name: string): Promise<Reader> {
  const secret = await generateIdentity();
  const identity = join(home, `${name.toLowerCase().replaceAll(' ', '-')}.age`);
  writeFileSync(identity, `${secret}\n`, { mode: 0o600 });
  return { identity, entry: { name, recipient: await identityToRecipient(secret) } };
}

/** Everybody of these tests; what they may do is for the terms of a test to say. */
export interface Cast {
  readonly alice: Signer;
  readonly bob: Signer;
  readonly chief: Signer;
  readonly operator: Signer;
  readonly certifier: Signer;
  readonly stranger: Signer;
  readonly certifierReads: Reader;
  readonly auditor: Reader;
  readonly inspector: Reader;
}

async function makeCast(home: string): Promise<Cast> {
  const [certifierReads, auditor, inspector] = await Promise.all([
    makeReader(home, 'Registry of Orders'),
    makeReader(home, 'Court Auditor'),
    makeReader(home, 'Inspector General'),
  ]);
  return {
    alice: makeSigner(home, 'Alice Roe'),
    bob: makeSigner(home, 'Bob Doe'),
    chief: makeSigner(home, 'Carol Chief'),
    operator: makeSigner(home, 'Ann Operator'),
    certifier: makeSigner(home, 'Registry'),
    stranger: makeSigner(home, 'Stranger'),
    ...{ certifierReads, auditor, inspector },
  };
}

/** How a request is asked for; what is left out is not said. */
export interface Asking {
  readonly records?: string;
  readonly signers?: readonly Signer[];
  readonly options?: readonly string[];
}

/** A holder with an epoch and a daemon, and where its requesters have their files. */
export class PolicedHolder {
  /** Everything lies below this. */
  readonly home: string;
  readonly directory: string;
  readonly fingerprint: string;
  readonly cast: Cast;
  /** The requester's records, CSV. */
  readonly records: string;
  #daemon: Daemon | undefined;

  private constructor(home: string, fingerprint: string, cast: Cast) {
    this.home = home;
    this.directory = join(home, 'holder');
    this.fingerprint = fingerprint;
    this.cast = cast;
    this.records = join(home, 'requests.csv');
    writeFileSync(this.records, REQUESTS_CSV);
    writeFileSync(join(home, 'people.csv'), PEOPLE_CSV);
  }

  /** A holder with these terms, whose epoch is built under them and served. */
  static async serving(terms: (cast: Cast) => Entries = () => ({})): Promise<PolicedHolder> {
    const home = temporaryDirectory();
    const cast = await makeCast(home);
    const made = new PolicedHolder(home, await initialise(join(home, 'holder')), cast);
    made.write(terms(cast));
    await succeed('blindmatchd', [
      'build',
      made.directory,
      ...['--source', made.at('people.csv'), '--workers', '1'],
    ]);
    await made.serve();
    return made;
  }

  at(name: string): string {
    return join(this.home, name);
  }

  get daemon(): Daemon {
    if (this.#daemon === undefined) throw new Error('the daemon does not run');
    return this.#daemon;
  }

  /** Starts the daemon; one that runs is stopped first. */
  async serve(options: RunOptions = {}): Promise<void> {
    await this.stop();
    this.#daemon = await startDaemon(this.directory, [], options);
  }

  /** Stops the daemon; gives what it wrote to its log. */
  async stop(): Promise<string> {
    const daemon = this.#daemon;
    this.#daemon = undefined;
    return daemon === undefined ? '' : (await daemon.program.stop('SIGTERM')).stderr;
  }

  /** Writes `holder.yaml` with these terms in place of those that allow Alice and Bob to ask for anything. */
  write(terms: Entries): void {
    const { alice, bob } = this.cast;
    const requesters = [requesterOf([alice.entry, bob.entry])];
    const text = policyText({ max_elements: 8_388_608, requesters, ...terms });
    writeFileSync(join(this.directory, 'holder.yaml'), text);
  }

  /** Puts these terms in force while the daemon runs; gives the policy's digest. */
  async reload(terms: Entries): Promise<string> {
    this.write(terms);
    const { events } = await succeed('blindmatchd', ['policy', 'reload', this.directory, '--json']);
    return String(events.find(({ event }) => event === 'policy_reloaded')?.['digest']);
  }

  /** Prepares a request and has it signed, by Alice unless others are named; gives its directory. */
  async request(name: string, { records, signers, options = [] }: Asking = {}): Promise<string> {
    const request = this.at(name);
    const to = ['--server', this.daemon.url, '--holder', this.fingerprint, '--workers', '1'];
    const law = ['--statute', STATUTE, '--reason', 'Final orders of May'];
    const prepare = ['prepare', records ?? this.records, ...to, ...law, ...options, '-o', request];
    await succeed('blindmatch', prepare);
    for (const signer of signers ?? [this.cast.alice]) addSignature(request, signer);
    return request;
  }

  /** The command that submits a request to the daemon, without waiting for anybody. */
  submission(request: string): string[] {
    const files = ['--cache', this.at('cache'), '--out', `${request}.csv`];
    return ['submit', request, '--server', this.daemon.url, ...files, '--workers', '1'];
  }

  async submit(request: string, ...more: readonly string[]): Promise<Ended> {
    return await run('blindmatch', [...this.submission(request), '--no-wait', '--json', ...more]);
  }

  /** All leaves of the log. */
  async leaves(): Promise<readonly LogLeaf[]> {
    const ledger = openSqliteLedger(join(this.directory, 'ledger.sqlite'));
    try {
      const leaves: LogLeaf[] = [];
      for await (const { leaf } of ledger.log.leaves()) leaves.push(parseLeaf(leaf));
      return leaves;
    } finally {
      await ledger.close();
    }
  }

  /** The daemon's answer to a request that it refuses: the code and the exit code, with the sentence. */
  async refusal(request: string): Promise<{ code: unknown; exit: number | null; message: string }> {
    const { code: exit, events } = await this.submit(request);
    const error = events.find(({ event }) => event === 'error');
    return { code: error?.['code'], exit, message: String(error?.['message']) };
  }
}

/** Signs a request as `blindmatch sign` does, without a process of its own. */
export function addSignature(request: string, { key }: Signer): void {
  const path = join(request, 'manifest.dsse.json');
  const { payloadType, payload, signatures } = parseEnvelope(
    readFileSync(path),
    PAYLOAD_TYPES.requestManifest,
  );
  const signed = signPayload(payloadType, payload, privateKeyFromPem(readFileSync(key, 'utf8')));
  writeFileSync(path, encodeEnvelope({ ...signed, signatures: [...signatures, ...signed.signatures] }));
}

/** A requester in a policy with these officials, and with what else a test says of it. */
export function requesterOf(officials: readonly Entries[], terms: Entries = {}): Entries {
  return {
    name: REQUESTER,
    required_signatures: '1 of role official',
    caps: { records_per_request: 100 },
    officials,
    ...terms,
  };
}
