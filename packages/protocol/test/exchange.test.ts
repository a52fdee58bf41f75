import { createInlineOprf, defaultEngine, deriveKeyPair, packByteStrings } from '@blindmatch/oprf';
import { describe, expect, it } from 'vitest';
import { absentCanary, presentCanary } from '../src/canaries.ts';
import { digestText } from '../src/digest.ts';
import { fingerprint } from '../src/keys.ts';
import { HolderSession } from '../src/holder-session.ts';
import type { Decision, HolderEvent } from '../src/holder-session.ts';
import type { TreeHead } from '../src/checkpoint.ts';
import { RequesterSession } from '../src/requester-session.ts';
import type { RequesterEvent } from '../src/requester-session.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  descriptor,
  epochLeaf,
  epochOf,
  holderFingerprint,
  NOON,
  officialKey,
  policyLeaf,
  PROFILE_HASH,
  requestOf,
  signedAccountingReceipt,
  signedReceipt,
  TestClock,
  TestLog,
} from './setting.ts';

const seed = new Uint8Array(32).fill(11);
const people = ['ANA MARIA|1 ELM ST|10001', 'BO LI|2 OAK AVE|10002'];
const wanted = ['BO LI|2 OAK AVE|10002', 'CY NO|3 ASH RD|10003'];

describe('a whole exchange through memory', () => {
  it('waits for approval, gives the tokens of its own match keys, receipts and the token set, and resumes', async () => {
    const oprf = createInlineOprf(defaultEngine());
    const key = deriveKeyPair(defaultEngine(), new Uint8Array(32).fill(1), new Uint8Array(0));
    const setBytes = Buffer.from('not a real token set, but bytes of one');
    const epoch = epochOf({
      ...descriptor,
      publicKey: key.publicKey,
      tokenSet: { ...descriptor.tokenSet, bytes: setBytes.length },
    });
    const inputs = packByteStrings([wanted[0]!, presentCanary(0), wanted[1]!, absentCanary(0)]);
    const context = { publicKey: key.publicKey, epochId: epoch.epochId, chunkIndex: 0 };
    const { blinded, blindedRoots } = await oprf.blind(inputs, seed, 0);
    const request = requestOf(blinded, { epoch, records: 2 });
    const clock = new TestClock();
    const log = new TestLog([policyLeaf, epochLeaf(epoch)]);
    let acceptedAt: number | undefined;
    /** What the holder decides about each connection's request, and logs with it. */
    const decisions: Decision[] = [
      { outcome: 'pending', retryAfter: 30 },
      { outcome: 'accepted' },
      { outcome: 'accepted' },
    ];

    /** The holder's program for one connection: it does what each event asks, and gives what is to be sent. */
    const serverOf = (session: HolderSession) => {
      /** How far the log goes that this connection was shown last. */
      let shown = 0;
      const grown = () => {
        const consistency = log.consistency(shown);
        shown = log.size;
        return consistency;
      };
      const decide = (): Decision => {
        const decision = decisions.shift() ?? { outcome: 'refused', code: 'internal_error' };
        if (decision.outcome === 'accepted') acceptedAt ??= log.append(acceptedLeaf(request.open));
        return decision;
      };
      const react = async (event: HolderEvent): Promise<HolderEvent[]> => {
        switch (event.kind) {
          case 'openLog':
            shown = log.size;
            return session.logOpened(log.view(1, event.rememberedSize));
          case 'authorise':
            return session.authorised(decide());
          case 'evaluate': {
            const at = { ...context, chunkIndex: event.index };
            const { evaluated, evaluatedRoots, proof } = await oprf.evaluate(key.key, event.elements, at);
            return session.evaluated(event.index, evaluated, evaluatedRoots, proof);
          }
          case 'readSet': {
            const piece = new Uint8Array(setBytes.subarray(event.offset, event.offset + event.length));
            return session.setData(event.offset, piece);
          }
          case 'finish': {
            log.append({
              type: 'finished',
              time: NOON.toISOString(),
              request: digestText(request.open.requestId),
            });
            const envelopeBytes = signedReceipt(log.acceptance(acceptedAt!));
            return session.receipt({ envelopeBytes, consistency: grown() });
          }
          case 'account': {
            const index = log.append(accountingLeaf(event.request, event.accounting));
            const envelopeBytes = signedAccountingReceipt(log.logged(index));
            return session.accounted({ envelopeBytes, consistency: grown() });
          }
          case 'send':
            return [];
          case 'close':
            if (event.problem !== undefined) throw event.problem;
            return [];
        }
      };
      const serve = async (events: readonly HolderEvent[]): Promise<Uint8Array[]> => {
        const frames: Uint8Array[] = [];
        for (const event of events) {
          if (event.kind === 'send') frames.push(event.frame);
          else frames.push(...(await serve(await react(event))));
        }
        return frames;
      };
      return (frame: Uint8Array) => serve(session.receive(frame));
    };
    const connect = (remembered?: TreeHead) => {
      const holder = new HolderSession({ epoch, now: clock.now, monotonic: clock.monotonic });
      const requester = new RequesterSession({
        holder: holderFingerprint,
        profiles: (id) => (id === 'us-name-address/2' ? PROFILE_HASH : undefined),
        now: clock.now,
        monotonic: clock.monotonic,
        epochId: epoch.epochId,
        ...(remembered === undefined ? {} : { remembered }),
      });
      const serve = serverOf(holder);
      const ask = async (frame: Uint8Array): Promise<RequesterEvent[]> => {
        const frames = await serve(frame);
        return frames.flatMap((answer) => requester.receive(answer));
      };
      return { requester, ask };
    };

    /** The log as the requester saw it last, over all its connections. */
    let remembered: TreeHead | undefined;
    const outputs: Uint8Array[] = [];
    // On the first connection the request waits; the third takes the same request and the same chunk up again.
    for (let connection = 0; connection < 3; connection += 1) {
      const { requester, ask } = connect(remembered);
      const [greeting] = await ask(requester.start());
      if (greeting?.kind !== 'epoch') throw new Error('the hello has no answer');
      expect(greeting.checkpoint).toEqual(log.checkpoint());
      remembered = greeting.checkpoint;
      const [decision] = await ask(requester.request(request.envelopeBytes));
      if (connection === 0) {
        expect(decision).toEqual({ kind: 'pending', retryAfter: 30 });
        expect(requester.closed).toBe(true);
        continue;
      }
      expect(decision).toEqual({ kind: 'accepted', requestId: request.open.requestId });
      const { index, elements, path } = request.chunk(0);
      const [answer] = await ask(requester.chunk(index, elements, path));
      if (answer?.kind !== 'evaluated') throw new Error('the chunk has no answer');
      outputs.push(
        await oprf.finalize({
          inputs,
          seed,
          blinded,
          blindedRoots,
          evaluated: answer.elements,
          evaluatedRoots: answer.roots,
          proof: answer.proof,
          context,
        }),
      );
      if (connection === 1) continue;
      const [piece] = await ask(requester.readSet(4, 10));
      expect(piece).toEqual({ kind: 'setData', offset: 4, bytes: new Uint8Array(setBytes.subarray(4, 14)) });
      const [finished] = await ask(requester.finish());
      expect(finished).toMatchObject({
        kind: 'receipt',
        receipt: {
          accepted: {
            requester: 'Requesting Agency',
            officials: [fingerprint(officialKey)],
            records: 2,
            elements: 4,
          },
        },
      });
      expect(await ask(requester.readSet(0, 4))).toHaveLength(1);
      const sealed = new Uint8Array(200_000).fill(4);
      const accounted: RequesterEvent[] = [];
      for (const frame of requester.account(sealed)) accounted.push(...(await ask(frame)));
      expect(accounted).toMatchObject([
        { kind: 'accounted', receipt: { accounting: { bytes: 200_000 }, checkpoint: log.checkpoint() } },
      ]);
      expect(await ask(requester.readSet(0, 4))).toHaveLength(1);
    }

    expect(outputs[1]).toEqual(outputs[0]);
    const set = await oprf.tokens(key.key, packByteStrings([...people, presentCanary(0)]));
    const tokens = new Set(Array.from({ length: 3 }, (_, index) => hexAt(set, index)));
    const found = Array.from({ length: 4 }, (_, index) => tokens.has(hexAt(outputs[0]!, index)));
    expect(found).toEqual([true, true, false, false]);
  });
});

function hexAt(outputs: Uint8Array, index: number): string {
  return Buffer.from(outputs.subarray(64 * index, 64 * index + 64)).toString('hex');
}
