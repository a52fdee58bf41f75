import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HolderConnection,
  HolderRefusal,
  readStoredRequest,
  requestFiles,
  signRequest,
} from '@blindmatch/client';
import { defaultEngine, generateKey } from '@blindmatch/oprf';
import {
  absentCanary,
  digestText,
  encodeEnvelope,
  encodeEpochDescriptor,
  encodeMessage,
  epochIdOf,
  fingerprint,
  generateSigningKey,
  HANDSHAKE_DEADLINE_MS,
  HOLDER_FRAME_MAX,
  parseEnvelope,
  PAYLOAD_TYPES,
  presentCanary,
  signPayload,
  unsignedEnvelope,
  type EpochDescriptor,
  type HolderMessage,
  type LeafOf,
  type LogLeaf,
} from '@blindmatch/protocol';
import { DEFAULT_PROFILE } from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  acceptedLeaf,
  closeFrame,
  epochMessage,
  receiptContents,
  serveFakeEpoch,
  signedDescriptor,
  signedReceipt,
  type Cheat,
  type FakeEpoch,
} from './fake-holder.ts';
import { run } from './programs.ts';
import { codeOf, inAnswer, Submissions, type Attempt, type SubmissionFiles } from './submissions.ts';
import { OPCODE, type Frame } from './websocket-frames.ts';
import { FIRST_SEEN } from '../commands/agencies.ts';

const home = mkdtempSync(join(tmpdir(), 'hostile-holder-'));
const prepared = join(home, 'prepared');
const identity = generateSigningKey().privateKey;
const submissions = new Submissions(home, identity);
const { oprf } = submissions;
let epoch: FakeEpoch;
let keysOnFile: readonly string[];

async function epochOf(
  inputs: readonly string[],
  changes: Partial<EpochDescriptor> = {},
  key: Uint8Array = epoch.key,
): Promise<FakeEpoch> {
  return await submissions.epochOf(key, inputs, changes);
}

async function prepareFor(target: FakeEpoch, out: string): Promise<void> {
  await submissions.prepareFor(target, out);
}

beforeAll(async () => {
  keysOnFile = await submissions.keysOnFile();
  epoch = await epochOf([...keysOnFile, presentCanary(0)], {}, generateKey(defaultEngine()));
  await prepareFor(epoch, prepared);
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Submits a copy of the prepared request to a holder that cheats. */
async function submitTo(cheat?: Cheat, served = epoch, from = prepared): Promise<Attempt> {
  return await submissions.submit(submissions.copyOf(from), served, cheat);
}

async function submitAgain(files: SubmissionFiles, cheat?: Cheat, served = epoch): Promise<Attempt> {
  return await submissions.submit(files, served, cheat);
}

function frame(opcode: number, payload: Uint8Array): Frame {
  return { opcode, payload: Buffer.from(payload) };
}

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[3]! ^= 1;
  writeFileSync(path, bytes);
}

function withElement(elements: Uint8Array, at: number, element: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(elements);
  changed.set(element, 32 * at);
  return changed;
}

it('an honest holder of the same making gives the results', async () => {
  const { account, left, files } = await submitTo();
  expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1, rejected: 0 });
  expect(left).toEqual(['results.csv']);
  const outcomes = readFileSync(files.out, 'utf8')
    .split('\n')
    .map((line) => line.split(',').slice(0, 2).join(' '));
  expect(outcomes).toEqual(['record_id outcome', 'on-file match', 'not-on-file no_match', '']);
});

describe('what lies on the disk of the requester', () => {
  const honest = { match: 1, no_match: 1, rejected: 0 };
  const damages: readonly [string, (path: string) => void][] = [
    ['is whole', () => undefined],
    ['is missing', rmSync],
    [
      'was cut',
      (path) => {
        truncateSync(path, 7);
      },
    ],
    ['was changed', flipByte],
    [
      'is all zeros',
      (path) => {
        writeFileSync(path, new Uint8Array(readFileSync(path).length));
      },
    ],
  ];

  it.each(damages.flatMap((tokens) => damages.map((progress) => ({ tokens, progress }))))(
    'never accuses an honest holder: tokens.bin $tokens.0, progress.bin $progress.0',
    async ({ tokens, progress }) => {
      const { files } = await submitTo();
      const { tokens: tokensPath, progress: progressPath } = requestFiles(files.request).private;
      rmSync(files.out);
      tokens[1](tokensPath);
      progress[1](progressPath);
      const { account, error } = await submitAgain(files);
      expect(error).toBeUndefined();
      expect(account?.outcomes).toMatchObject(honest);
      const whole = tokens[0] === 'is whole' && progress[0] === 'is whole';
      expect(account?.resumedElements).toBe(whole ? account?.elements : 0);
    },
  );

  it.each(damages)('is asked for again where it is the receipt and %s', async (name, damage) => {
    const { files } = await submitTo();
    const { receipt } = requestFiles(files.request);
    const before = readFileSync(receipt);
    rmSync(files.out);
    damage(receipt);
    const { account, error } = await submitAgain(files);
    expect(error).toBeUndefined();
    expect(account?.outcomes).toMatchObject(honest);
    // A whole one is kept as it is, without a word to the holder; the holder signs a new one for any other.
    expect(account?.bytesSent === 0).toBe(name === 'is whole');
    expect(readFileSync(receipt)).toHaveLength(before.length);
  });

  it('is found out when a record was changed, before the holder is asked, and goes on once it is restored', async () => {
    const { files } = await submitTo(inAnswer('evaluated', () => 'reset'));
    const { records } = requestFiles(files.request).private;
    const sound = readFileSync(records);
    writeFileSync(records, Buffer.from(sound.toString().replace('ADA', 'ADB')));
    expect(readFileSync(records).equals(sound)).toBe(false);
    const damaged = await submitAgain(files);
    expect(await codeOf(damaged)).toBe('request_damaged');
    expect(damaged.asked).toEqual([]);
    writeFileSync(records, sound);
    expect((await submitAgain(files)).account?.outcomes).toMatchObject(honest);
  });

  it('is found out when two record ids have changed places after all was evaluated', async () => {
    const { files } = await submitTo();
    rmSync(files.out);
    const { records } = requestFiles(files.request).private;
    const swapped = readFileSync(records, 'utf8')
      .replace('"not-on-file"', '"?"')
      .replace('"on-file"', '"not-on-file"')
      .replace('"?"', '"on-file"');
    writeFileSync(records, swapped);
    expect(await codeOf(submitAgain(files))).toBe('request_damaged');
  });

  it('is found out when the private part is that of another request', async () => {
    const other = join(home, 'other-request');
    await prepareFor(epoch, other);
    const mixed = join(home, 'mixed-request');
    cpSync(prepared, mixed, { recursive: true });
    cpSync(join(other, 'private'), join(mixed, 'private'), { recursive: true });
    expect(await codeOf(submitTo(undefined, epoch, mixed))).toBe('request_damaged');
  });

  it('is found out when the epoch is another than the manifest names, before anybody signs', async () => {
    const next = await epochOf([...keysOnFile, presentCanary(0)], { epoch: 2 }, generateKey(defaultEngine()));
    const mixed = join(home, 'mixed-epoch');
    cpSync(prepared, mixed, { recursive: true });
    writeFileSync(requestFiles(mixed).epoch, next.open.envelopeBytes);
    expect(() => readStoredRequest(requestFiles(mixed))).toThrow(
      expect.objectContaining({ code: 'request_damaged' }),
    );
  });

  it('keeps the roots of its elements, for its owner only, and verifies the answer with them and those of the holder', async () => {
    const { blinded, blindedRoots } = requestFiles(prepared);
    expect(statSync(blindedRoots).mode & 0o777).toBe(0o600);
    expect(defaultEngine().areRoots(readFileSync(blinded), readFileSync(blindedRoots))).toBe(true);
    const finalize = vi.spyOn(oprf, 'finalize');
    await submitTo();
    const jobs = finalize.mock.calls.map(([job]) => job);
    finalize.mockRestore();
    expect(jobs).toHaveLength(1);
    for (const job of jobs) {
      expect(defaultEngine().areRoots(job.blinded, job.blindedRoots)).toBe(true);
      expect(defaultEngine().areRoots(job.evaluated, job.evaluatedRoots)).toBe(true);
    }
  });

  it.each<[string, (path: string) => void]>([
    ['are gone', rmSync],
    [
      'are cut',
      (path) => {
        truncateSync(path, 33);
      },
    ],
    [
      'are more than the elements',
      (path) => {
        appendFileSync(path, new Uint8Array(32));
      },
    ],
    ['are damaged', flipByte],
    [
      'are zeros',
      (path) => {
        writeFileSync(path, new Uint8Array(statSync(path).size));
      },
    ],
    [
      'are a directory',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
    ],
  ])('gives the same results when its roots %s', async (_, damage) => {
    const copy = submissions.path('roots');
    cpSync(prepared, copy, { recursive: true });
    damage(requestFiles(copy).blindedRoots);
    const { account } = await submitTo(undefined, epoch, copy);
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1, rejected: 0 });
  });

  it('is signed only as it was read', () => {
    const copy = join(home, 'signed-by-two');
    cpSync(prepared, copy, { recursive: true });
    const files = requestFiles(copy);
    const seen = readStoredRequest(files);
    expect(signRequest(readStoredRequest(files), generateSigningKey().privateKey)).toBe(2);
    const before = readFileSync(files.manifest);
    expect(() => signRequest(seen, generateSigningKey().privateKey)).toThrow(
      expect.objectContaining({ code: 'request_changed' }),
    );
    expect(readFileSync(files.manifest)).toEqual(before);
  });
});

describe('a holder that evaluates wrongly', () => {
  const evaluatedWith = async (
    key: Uint8Array,
    elements: Uint8Array,
    changes: { chunkIndex?: number; epochId?: Uint8Array } = {},
  ): Promise<HolderMessage> => {
    const other = await epochOf(['x'], {}, key);
    const { evaluated, evaluatedRoots, proof } = await oprf.evaluate(key, elements, {
      publicKey: other.open.descriptor.publicKey,
      epochId: epoch.open.epochId,
      chunkIndex: 0,
      ...changes,
    });
    return { type: 'evaluated', index: 0, elements: evaluated, roots: evaluatedRoots, proof };
  };
  const elementsOf = (asked: Parameters<Cheat>[1]): Uint8Array =>
    'elements' in asked ? asked.elements : new Uint8Array();

  it.each<[string, Cheat]>([
    [
      'under another key, with a proof for it',
      inAnswer('evaluated', (_, asked) => evaluatedWith(generateKey(defaultEngine()), elementsOf(asked))),
    ],
    [
      'one element, behind the honest proof',
      inAnswer('evaluated', (honest) => ({
        ...honest,
        elements: withElement(honest.elements, 2, epoch.open.descriptor.publicKey),
      })),
    ],
    [
      'two elements the other way round',
      inAnswer('evaluated', (honest) => ({
        ...honest,
        elements: withElement(
          withElement(honest.elements, 0, honest.elements.subarray(32, 64)),
          1,
          honest.elements.subarray(0, 32),
        ),
      })),
    ],
    [
      'nothing, and sends the elements back',
      inAnswer('evaluated', (honest, asked) => ({ ...honest, elements: elementsOf(asked) })),
    ],
    [
      'with a proof for another chunk',
      inAnswer('evaluated', (_, asked) => evaluatedWith(epoch.key, elementsOf(asked), { chunkIndex: 1 })),
    ],
    [
      'with a proof for another epoch',
      inAnswer('evaluated', (_, asked) =>
        evaluatedWith(epoch.key, elementsOf(asked), { epochId: new Uint8Array(32) }),
      ),
    ],
    [
      'to the identity',
      inAnswer('evaluated', (honest) => ({
        ...honest,
        elements: withElement(honest.elements, 1, new Uint8Array(32)),
      })),
    ],
    [
      'to what is no element',
      inAnswer('evaluated', (honest) => ({
        ...honest,
        elements: withElement(honest.elements, 1, new Uint8Array(32).fill(0xff)),
      })),
    ],
    ['with a proof of zeros', inAnswer('evaluated', (honest) => ({ ...honest, proof: new Uint8Array(64) }))],
  ])('is found out when it evaluates %s', async (_, cheat) => {
    expect(await codeOf(submitTo(cheat))).toBe('proof_invalid');
  });

  it.each<[string, Cheat]>([
    [
      'cuts the answer at an element',
      inAnswer('evaluated', (honest) => ({
        ...honest,
        elements: honest.elements.subarray(32),
        roots: honest.roots.subarray(32),
      })),
    ],
    ['answers for a chunk that was not sent', inAnswer('evaluated', (honest) => ({ ...honest, index: 1 }))],
    ['answers a chunk twice', inAnswer('evaluated', (honest) => [honest, honest])],
  ])('is found out when it %s', async (_, cheat) => {
    expect(await codeOf(submitTo(cheat))).toBe('message_unexpected');
  });

  it.each<[string, (roots: Uint8Array) => Uint8Array]>([
    ['no roots', () => new Uint8Array()],
    ['roots of zeros', (roots) => roots.map(() => 0)],
    ['roots of ones', (roots) => roots.map(() => 0xff)],
    ['one wrong root', (roots) => roots.with(40, roots[40]! ^ 1)],
    ['the roots in another order', (roots) => withElement(roots, 0, roots.subarray(32, 64))],
  ])('changes nothing when it sends %s', async (_, change) => {
    const { account } = await submitTo(
      inAnswer('evaluated', (honest) => ({ ...honest, roots: change(honest.roots) })),
    );
    expect(account?.outcomes).toMatchObject({ match: 1, no_match: 1, rejected: 0 });
  });

  it.each([31, 64, 4096])('is found out when it sends %i bytes of roots', async (length) => {
    const answerWith = (honest: HolderMessage & { type: 'evaluated' }): Frame => {
      // 0 to 255 have the short form of a length; more have the next one. What surrounds the roots stays.
      const bare = Buffer.from(encodeMessage({ ...honest, roots: new Uint8Array() }));
      const at = bare.length - 64 - 2 - 2;
      const head = length > 255 ? [0xc5, length >> 8, length & 0xff] : [0xc4, length];
      const roots = Buffer.concat([Buffer.from(head), Buffer.alloc(length)]);
      return frame(OPCODE.binary, Buffer.concat([bare.subarray(0, at), roots, bare.subarray(at + 2)]));
    };
    expect(await codeOf(submitTo(inAnswer('evaluated', answerWith)))).toBe('message_malformed');
  });

  it('spoils nothing: the same request goes on with the honest answer', async () => {
    const { files } = await submitTo(
      inAnswer('evaluated', (honest) => ({ ...honest, proof: new Uint8Array(64) })),
    );
    expect((await submitAgain(files)).account?.outcomes).toMatchObject({
      match: 1,
      no_match: 1,
      rejected: 0,
    });
  });
});

describe('a holder that shows another epoch', () => {
  const otherDescriptor = (envelope: Uint8Array): Cheat =>
    inAnswer('epoch', (honest) => ({ ...honest, envelope }));
  /** One whose log names it as the epoch that is served. */
  const loggedDescriptor = (envelope: Uint8Array): Cheat => {
    const epochId = epochIdOf(parseEnvelope(envelope, PAYLOAD_TYPES.epochDescriptor).payload);
    const log = epoch.log.fork((leaf) =>
      leaf.type === 'epoch' ? { ...leaf, epoch_id: digestText(epochId) } : leaf,
    );
    return (_, asked) =>
      epochMessage({ envelopeBytes: envelope }, log, 'logSize' in asked ? asked.logSize : 0);
  };

  /** The code with which a first connection ends, as `prepare` and `match` make it. */
  const codeOnConnecting = async (envelope: Uint8Array): Promise<string> => {
    const holder = await serveFakeEpoch(epoch, loggedDescriptor(envelope));
    try {
      const connection = await HolderConnection.open({
        server: holder.url,
        holder: fingerprint(identity),
        checkpoints: submissions.path('checkpoints'),
      });
      connection.close();
      return 'opened';
    } catch (error) {
      return String((error as { code?: unknown }).code);
    } finally {
      await holder.close();
    }
  };
  const descriptorWith = (changes: Partial<EpochDescriptor>): Uint8Array =>
    encodeEpochDescriptor({ ...epoch.open.descriptor, ...changes });

  it('is known by its own', async () => {
    expect(await codeOnConnecting(epoch.open.envelopeBytes)).toBe('opened');
  });

  it('is refused under another identity', async () => {
    const other = generateSigningKey().privateKey;
    const payload = descriptorWith({
      holder: {
        name: 'Tax Agency',
        key: Buffer.from(generateSigningKey().publicKey.export({ format: 'der', type: 'spki' })),
      },
    });
    expect(await codeOnConnecting(signedDescriptor(payload, other))).toBe('holder_unexpected');
  });

  it('is refused when another key signed the descriptor', async () => {
    const other = generateSigningKey().privateKey;
    expect(await codeOnConnecting(signedDescriptor(descriptorWith({}), other))).toBe('descriptor_invalid');
  });

  it('is refused when nobody signed the descriptor', async () => {
    const unsigned = encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.epochDescriptor, descriptorWith({})));
    expect(await codeOnConnecting(unsigned)).toBe('descriptor_invalid');
  });

  it.each([
    [
      'profile_mismatch',
      { profile: { id: DEFAULT_PROFILE.id, hash: `sha256:${'00'.repeat(32)}`, maxKeys: 2 } },
    ],
    ['profile_unknown', { profile: { id: 'us-name-address/99', hash: DEFAULT_PROFILE.hash, maxKeys: 2 } }],
  ])('is refused with %s under other rules of matching', async (code, changes) => {
    expect(await codeOnConnecting(signedDescriptor(descriptorWith(changes), identity))).toBe(code);
  });

  it.each([
    ['suite_unsupported', '"ristretto255-SHA512"', '"P256-SHA256"'],
    ['descriptor_invalid', '"chunk_elements":4096', '"chunk_elements":1'],
    ['descriptor_invalid', '"epoch":1', '"epoch":1,"epoch":2'],
  ])('is refused with %s for a descriptor that says something else than %s', async (code, from, to) => {
    const payload = Buffer.from(Buffer.from(descriptorWith({})).toString().replace(from, to));
    expect(await codeOnConnecting(signedDescriptor(payload, identity))).toBe(code);
  });

  it('is refused when its token set would be larger than its tokens can make it', async () => {
    const { digest, tokens, bits } = epoch.open.descriptor.tokenSet;
    const envelope = signedDescriptor(
      descriptorWith({ tokenSet: { digest, bytes: 2 ** 40, tokens, bits } }),
      identity,
    );
    expect(await codeOnConnecting(envelope)).toBe('descriptor_invalid');
  });

  it.each<[string, () => Uint8Array]>([
    [
      'payload',
      () => signedDescriptor(Buffer.from(`{"holder":${'['.repeat(20_000)}${']'.repeat(20_000)}}`), identity),
    ],
    ['envelope', () => Buffer.from('['.repeat(60_000))],
  ])('is refused by the program in one sentence when its %s is nested deeply', async (_, make) => {
    const envelope = make();
    const holder = await serveFakeEpoch(epoch, otherDescriptor(envelope));
    const authority = ['--statute', '8 U.S.C. 1253(a)(1)', '--reason', 'Final orders of June'];
    const ended = await run(
      'blindmatch',
      [
        ...['prepare', join(home, 'requests.csv'), '--server', holder.url.href, '--workers', '1', '--json'],
        ...['--holder', fingerprint(identity), ...authority, '-o', submissions.path('nested')],
      ],
      home,
    );
    await holder.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.events.at(-1)?.['code']).toMatch(/^(descriptor_invalid|message_malformed)$/);
  });

  it('is refused at submission, since the request was prepared for the one before', async () => {
    const next = await epochOf([...keysOnFile, presentCanary(0)], { epoch: 2 }, generateKey(defaultEngine()));
    expect(await codeOf(submitTo(undefined, next))).toBe('epoch_changed');
  });
});

describe('a holder that serves another token set', () => {
  const flipped = (at: number): Cheat =>
    inAnswer('setData', (honest) => {
      const bytes = Uint8Array.from(honest.bytes);
      const position = at < 0 ? bytes.length + at : at;
      bytes[position] = bytes[position]! ^ 1;
      return { ...honest, bytes };
    });

  it.each([
    ['in its first byte', 0],
    ['in its header', 40],
    ['in its index', -40],
    ['in its last byte', -1],
  ])('is found out with one bit flipped %s', async (_, at) => {
    expect(await codeOf(submitTo(flipped(at)))).toBe('token_set_invalid');
  });

  it('is found out with the set of another epoch', async () => {
    const other = await epochOf([...keysOnFile, presentCanary(0)], {}, generateKey(defaultEngine()));
    const cheat = inAnswer('setData', (honest, asked) => ({
      ...honest,
      bytes: new Uint8Array(
        Buffer.concat([other.set, Buffer.alloc(4096)]).subarray(
          0,
          asked.type === 'setRead' ? asked.length : 0,
        ),
      ),
    }));
    expect(await codeOf(submitTo(cheat))).toBe('token_set_invalid');
  });

  it('is found out when it sends less than was asked for', async () => {
    const cheat = inAnswer('setData', (honest) => ({ ...honest, bytes: honest.bytes.subarray(0, -1) }));
    expect(await codeOf(submitTo(cheat))).toBe('message_unexpected');
  });

  it('is found out when its signed descriptor promises less of the file than there is', async () => {
    const { digest, bytes, tokens, bits } = epoch.open.descriptor.tokenSet;
    const short = await epochOf([...keysOnFile, presentCanary(0)], {
      tokenSet: { digest, bytes: bytes - 1, tokens, bits },
    });
    const request = join(home, 'request-for-short');
    await prepareFor(short, request);
    expect(await codeOf(submitTo(undefined, short, request))).toBe('token_set_invalid');
  });

  it('spoils nothing: the same request goes on with the right one', async () => {
    const { files } = await submitTo(flipped(-1));
    expect(existsSync(files.out)).toBe(false);
    expect((await submitAgain(files)).account?.outcomes).toMatchObject({
      match: 1,
      no_match: 1,
      rejected: 0,
    });
  });
});

describe('a holder whose set is honest about nothing', () => {
  const codeWithSetOf = async (name: string, inputs: readonly string[]): Promise<string> => {
    const served = await epochOf(inputs);
    const request = join(home, name);
    await prepareFor(served, request);
    return await codeOf(submitTo(undefined, served, request));
  };

  it('is found out when it left the present canaries out', async () => {
    expect(await codeWithSetOf('no-present', keysOnFile)).toBe('canary_failed');
  });

  it('is found out when the absent canaries are in it', async () => {
    expect(await codeWithSetOf('with-absent', [...keysOnFile, presentCanary(0), absentCanary(0)])).toBe(
      'canary_failed',
    );
  });
});

describe('a holder whose receipt is wrong', () => {
  /** A receipt of another acceptance, which stands in a log that continues the one that was shown. */
  const receiptOf = (change: (leaf: LeafOf<'accepted'>) => LogLeaf, key = identity): Cheat =>
    inAnswer('receipt', (_honest, _asked, { request, shownSize }) => {
      const log = epoch.log.fork();
      const index = log.append(change(acceptedLeaf(request!)));
      const envelope = signedReceipt(receiptContents(log, index, request!), key);
      return { type: 'receipt', envelope, consistency: log.consistency(shownSize) };
    });
  const other = digestText(new Uint8Array(32));

  it('is not found out when it is right', async () => {
    expect((await submitTo(receiptOf((leaf) => leaf))).account?.outcomes).toMatchObject({ match: 1 });
  });

  it.each<[string, (leaf: LeafOf<'accepted'>) => LogLeaf]>([
    ['another request', (leaf) => ({ ...leaf, request: other })],
    ['another epoch', (leaf) => ({ ...leaf, epoch_id: other })],
    ['more records', (leaf) => ({ ...leaf, records: leaf.records + 1 })],
    ['fewer elements', (leaf) => ({ ...leaf, elements: leaf.elements - 1 })],
    ['another statute', (leaf) => ({ ...leaf, statute: '1 U.S.C. 1' })],
    ['a purpose that was not named', (leaf) => ({ ...leaf, purpose: 'Curiosity' })],
    ['investigators whom nobody named', (leaf) => ({ ...leaf, investigators: 1 })],
    ['an official who did not sign', (leaf) => ({ ...leaf, officials: [fingerprint(identity)] })],
    ['a certifier who did not sign', (leaf) => ({ ...leaf, certifiers: [fingerprint(identity)] })],
    ['a time after it was completed', (leaf) => ({ ...leaf, time: '2100-01-01T00:00:00.000Z' })],
    ['a finish', ({ time, request }) => ({ type: 'finished', time, request })],
  ])('is found out when it is for %s', async (_, change) => {
    expect(await codeOf(submitTo(receiptOf(change)))).toBe('receipt_invalid');
  });

  it('is found out when it names a policy that is no leaf of its log', async () => {
    const cheat = receiptOf((leaf) => ({ ...leaf, policy: other }));
    expect(await codeOf(submitTo(cheat))).toBe('log_invalid');
  });

  it.each<[string, string, (honest: Uint8Array) => Uint8Array]>([
    [
      'receipt_invalid',
      'not signed',
      (honest) => encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.receipt, payloadOf(honest))),
    ],
    [
      'receipt_invalid',
      'signed by another',
      (honest) =>
        encodeEnvelope(
          signPayload(PAYLOAD_TYPES.receipt, payloadOf(honest), generateSigningKey().privateKey),
        ),
    ],
    ['receipt_invalid', 'no receipt', () => epoch.open.envelopeBytes],
  ])('is found out with %s when it is %s', async (code, _, envelopeOf) => {
    const cheat = inAnswer('receipt', (honest) => ({ ...honest, envelope: envelopeOf(honest.envelope) }));
    expect(await codeOf(submitTo(cheat))).toBe(code);
  });

  it('is found out when another holder gives it', async () => {
    const cheat = receiptOf((leaf) => leaf, generateSigningKey().privateKey);
    expect(await codeOf(submitTo(cheat))).toBe('holder_unexpected');
  });

  const payloadOf = (envelope: Uint8Array): Uint8Array =>
    parseEnvelope(envelope, PAYLOAD_TYPES.receipt).payload;
});

describe('a holder that does not speak the protocol', () => {
  it.each<[string, string, Cheat]>([
    ['message_malformed', 'text', inAnswer('accepted', () => frame(OPCODE.text, Buffer.from('accepted')))],
    [
      'message_malformed',
      'bytes that are no message',
      inAnswer('evaluated', () => frame(OPCODE.binary, Buffer.from('deadbeef', 'hex'))),
    ],
    ['message_malformed', 'an empty frame', inAnswer('receipt', () => frame(OPCODE.binary, Buffer.alloc(0)))],
    ['message_malformed', 'a reserved opcode', inAnswer('receipt', () => frame(3, Buffer.alloc(1)))],
    [
      'message_malformed',
      'a refusal with an unknown code',
      inAnswer('accepted', () => ({ type: 'refused', code: 'because' as 'key_invalid', sentence: 'No.' })),
    ],
    [
      'frame_too_large',
      'a frame larger than any message',
      inAnswer('setData', () => frame(OPCODE.binary, Buffer.alloc(HOLDER_FRAME_MAX + 1))),
    ],
    [
      'message_unexpected',
      'acceptance of another request',
      inAnswer('accepted', () => ({ type: 'accepted', requestId: new Uint8Array(32) })),
    ],
    [
      'message_unexpected',
      'a second epoch',
      inAnswer('accepted', () => epochMessage(epoch.open, epoch.log, 0)),
    ],
    [
      'message_unexpected',
      'set data that was not asked for',
      inAnswer('receipt', () => ({ type: 'setData', offset: 0, bytes: new Uint8Array(9) })),
    ],
    [
      'message_unexpected',
      'an acceptance in place of a receipt',
      inAnswer('receipt', (_honest, _asked, { request }) => ({
        type: 'accepted',
        requestId: request!.requestId,
      })),
    ],
  ])('is refused with %s when it sends %s', async (code, _, cheat) => {
    expect(await codeOf(submitTo(cheat))).toBe(code);
  });

  it('is told why the requester hangs up', async () => {
    const holder = await serveFakeEpoch(epoch, () => ({ type: 'accepted', requestId: new Uint8Array(32) }));
    const opening = HolderConnection.open({
      server: holder.url,
      holder: fingerprint(identity),
      checkpoints: join(home, 'checkpoints-of-hung-up'),
    });
    await expect(opening).rejects.toMatchObject({ code: 'message_unexpected' });
    expect(await holder.closeCode).toBe(1002);
    await holder.close();
  });
});

describe('a holder that goes away', () => {
  const stages = ['epoch', 'accepted', 'evaluated', 'receipt', 'setData'] as const;

  it.each(stages)(
    'by cutting the connection in place of "%s" leaves a request to go on with',
    async (stage) => {
      expect(await codeOf(submitTo(inAnswer(stage, () => 'reset')))).toBe('holder_gone');
    },
  );

  it.each(stages)('by closing in place of "%s" leaves a request to go on with', async (stage) => {
    const attempt = await submitTo(inAnswer(stage, () => closeFrame(1001)));
    expect(attempt.error).toMatchObject({ code: 'holder_gone', exit: 3 });
    expect((await submitAgain(attempt.files)).account?.outcomes).toMatchObject({
      match: 1,
      no_match: 1,
      rejected: 0,
    });
  });

  it('by saying nothing is given up after the deadline', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    try {
      const asked = Promise.withResolvers<undefined>();
      const submission = submitTo(
        inAnswer('epoch', () => {
          asked.resolve(undefined);
          return 'silence';
        }),
      );
      await asked.promise;
      await vi.advanceTimersByTimeAsync(HANDSHAKE_DEADLINE_MS + 2000);
      expect(await codeOf(submission)).toBe('deadline_exceeded');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what a refusal says', () => {
  it("is given on as the holder's word", async () => {
    const { error } = await submitTo(
      inAnswer('accepted', () => ({ type: 'refused', code: 'records_over_cap', sentence: 'Ask for fewer.' })),
    );
    expect(error).toBeInstanceOf(HolderRefusal);
    expect(error).toMatchObject({ code: 'records_over_cap', message: 'The holder refuses: Ask for fewer.' });
  });

  it.each([
    ['an escape sequence', '\u001b[2Jcleared'],
    ['a second line', 'No.\nblindmatch: all records match.'],
    ['a carriage return', 'No.\rYes.'],
    ['text that runs the other way', 'No \u202etxet'],
    ['a bell of the second half of latin1', 'No\u0085'],
  ])('does not reach the terminal with %s', async (_, sentence) => {
    const holder = await serveFakeEpoch(
      epoch,
      inAnswer('accepted', () => ({ type: 'refused', code: 'records_over_cap', sentence })),
    );
    const request = submissions.path('refused');
    cpSync(prepared, request, { recursive: true });
    const out = submissions.path('refused.csv');
    const ended = await run(
      'blindmatch',
      ['submit', request, '--server', holder.url.href, '--out', out, '--workers', '1'],
      home,
    );
    await holder.close();
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr.replace(FIRST_SEEN, '')).toMatch(
      /^blindmatch: A message is not well-formed; [ -~]+\.\n$/,
    );
    expect(existsSync(out)).toBe(false);
  });
});
