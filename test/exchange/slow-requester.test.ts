import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultEngine, publicKeyOf } from '@blindmatch/oprf';
import {
  encodeEnvelope,
  encodeEpochDescriptor,
  MAX_ELEMENTS_DEFAULT,
  openEpochDescriptor,
  PAYLOAD_TYPES,
  privateKeyFromPem,
  publicKeyToSpki,
  SET_READ_MAX,
  signPayload,
  SUITE,
  type OpenEpoch,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { DEFAULT_PROFILE, TIERS } from '@blindmatch/records';
import { writePublicFile } from '@blindmatch/terminal';
import { openTokenSetBuild } from '@blindmatch/tokenset';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type RunningDaemon } from './programs.ts';
import { RawRequester } from './raw-requester.ts';
import { blindedElements, handmadeRequest, makeHolder, type SmallHolder } from './small-holder.ts';

/** Large enough that many reads of the largest size lie in it. */
const TOKENS = 100_000;
/** 75 MB of answers: far more than the system's socket buffers and the daemon's bound together. */
const READS = 300;
const GROWTH_MAX_BYTES = 50e6;

const home = mkdtempSync(join(tmpdir(), 'slow-requester-'));
let holder: SmallHolder;
let epoch: OpenEpoch;
let daemon: RunningDaemon;

/** An epoch whose token set holds made-up tokens, since its content does not matter to who reads slowly. */
async function publishEpoch(): Promise<OpenEpoch> {
  const directory = join(holder.path, 'epochs/1');
  const publicKey = publicKeyOf(
    defaultEngine(),
    Buffer.from(readFileSync(join(directory, 'oprf.key'), 'latin1').trim(), 'hex'),
  );
  const identity = privateKeyFromPem(readFileSync(join(holder.path, 'identity.pem'), 'utf8'));
  const build = await openTokenSetBuild(join(home, 'build'), { source: 'made up' });
  await build.add(new Uint8Array(randomBytes(64 * TOKENS)), new Uint8Array(8 * TOKENS), 1);
  const set = await build.finish(join(directory, 'token-set.bmts'), {
    publicKey,
    epoch: 1,
    maxElements: MAX_ELEMENTS_DEFAULT,
  });
  await build.close();
  const descriptor = encodeEpochDescriptor({
    holder: { name: 'Tax Agency', key: publicKeyToSpki(identity) },
    epoch: 1,
    created: new Date(),
    suite: SUITE,
    publicKey,
    profile: {
      id: DEFAULT_PROFILE.id,
      hash: DEFAULT_PROFILE.hash,
      maxKeys: DEFAULT_PROFILE.maxKeysPerRequest,
    },
    tiers: TIERS,
    minimumOrderAgeDays: 0,
    evidenceReaders: [],
    inspector: null,
    tokenSet: { digest: set.digest, bytes: set.length, tokens: set.tokens, bits: set.header.bits },
    maxElements: MAX_ELEMENTS_DEFAULT,
    chunkElements: 4096,
    canaries: { present: 64, absent: 64 },
  });
  const envelope = encodeEnvelope(signPayload(PAYLOAD_TYPES.epochDescriptor, descriptor, identity));
  writePublicFile(join(directory, 'epoch.dsse.json'), envelope);
  return openEpochDescriptor(envelope, { holder: holder.fingerprint });
}

async function accepted(): Promise<RawRequester> {
  const { envelope } = handmadeRequest(epoch, holder.fingerprint, await blindedElements(3), [
    holder.official,
  ]);
  const requester = await RawRequester.connect(daemon.url);
  requester.send({ type: 'hello', version: 1, logSize: 0 });
  expect(await requester.next()).toMatchObject({ type: 'epoch' });
  requester.send({ type: 'request', envelope });
  expect(await requester.next()).toMatchObject({ type: 'accepted' });
  return requester;
}

/** Bytes of memory that the daemon's process holds. */
function residentBytes(): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))!;
  return 1024 * Number(kilobytes);
}

beforeAll(async () => {
  holder = await makeHolder(home, 10);
  epoch = await publishEpoch();
  daemon = await startDaemon(holder.path, home);
});

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
  rmSync(home, { recursive: true, force: true });
});

it.skipIf(process.platform !== 'linux')(
  'a requester that never reads makes the daemon stop reading, not hold more and more for it',
  async () => {
    const prompt = await accepted();
    const slow = await accepted();
    const readAt = (offset: number): RequesterMessage => ({ type: 'setRead', offset, length: SET_READ_MAX });
    /** One answer to the prompt requester: the daemon has gone round its loop. */
    const roundTrip = async (): Promise<void> => {
      prompt.send(readAt(0));
      expect(await prompt.next()).toMatchObject({ type: 'setData' });
    };
    // What an exchange costs at first is not what is measured.
    for (let read = 0; read < 50; read++) await roundTrip();
    const before = residentBytes();

    slow.pause();
    let largest = before;
    for (let read = 0; read < READS; read++) {
      slow.send(readAt(read));
      await roundTrip();
      largest = Math.max(largest, residentBytes());
    }
    expect(largest - before).toBeLessThan(GROWTH_MAX_BYTES);

    // It was not cut off meanwhile: once it reads, it gets what was answered, in order. That it has asked for far more
    // than may be under way is found only now, when the daemon reads on.
    slow.resume();
    let answers = 0;
    let message = await slow.next();
    for (; message.type === 'setData'; message = await slow.next()) expect(message.offset).toBe(answers++);
    expect(message).toMatchObject({ type: 'refused', code: 'too_many_in_flight' });
    expect(answers).toBeGreaterThan(4);
    expect(answers).toBeLessThan(READS / 2);
    slow.close();
    await roundTrip();
    prompt.close();
  },
);
