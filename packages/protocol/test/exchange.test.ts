import { createInlineOprf, defaultEngine, deriveKeyPair, packByteStrings } from '@blindmatch/oprf';
import { describe, expect, it } from 'vitest';
import { absentCanary, presentCanary } from '../src/canaries.ts';
import { fingerprint } from '../src/keys.ts';
import { HolderSession } from '../src/holder-session.ts';
import type { HolderEvent } from '../src/holder-session.ts';
import { RequesterSession } from '../src/requester-session.ts';
import type { RequesterEvent } from '../src/requester-session.ts';
import {
  descriptor,
  epochOf,
  holderFingerprint,
  officialKey,
  PROFILE_HASH,
  receiptOf,
  requestOf,
  signedReceipt,
  TestClock,
} from './setting.ts';

const seed = new Uint8Array(32).fill(11);
const people = ['ANA MARIA|1 ELM ST|10001', 'BO LI|2 OAK AVE|10002'];
const wanted = ['BO LI|2 OAK AVE|10002', 'CY NO|3 ASH RD|10003'];

describe('a whole exchange through memory', () => {
  it('gives the requester the tokens of its own match keys, a receipt and the token set, and resumes', async () => {
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

    /** The holder's program: it does what each event asks, and gives what is to be sent. */
    const serve = async (session: HolderSession, events: readonly HolderEvent[]): Promise<Uint8Array[]> => {
      const frames: Uint8Array[] = [];
      for (const event of events) {
        switch (event.kind) {
          case 'send':
            frames.push(event.frame);
            break;
          case 'authorise':
            frames.push(...(await serve(session, session.authorised({ accepted: true }))));
            break;
          case 'evaluate': {
            const { evaluated, evaluatedRoots, proof } = await oprf.evaluate(key.key, event.elements, {
              ...context,
              chunkIndex: event.index,
            });
            frames.push(
              ...(await serve(session, session.evaluated(event.index, evaluated, evaluatedRoots, proof))),
            );
            break;
          }
          case 'readSet': {
            const piece = new Uint8Array(setBytes.subarray(event.offset, event.offset + event.length));
            frames.push(...(await serve(session, session.setData(event.offset, piece))));
            break;
          }
          case 'finish':
            frames.push(...(await serve(session, session.receipt(signedReceipt(receiptOf(event.request))))));
            break;
          case 'close':
            throw event.problem;
        }
      }
      return frames;
    };
    const connect = () => {
      const holder = new HolderSession({ epoch, now: clock.now, monotonic: clock.monotonic });
      const requester = new RequesterSession({
        holder: holderFingerprint,
        profiles: (id) => (id === 'us-name-address/2' ? PROFILE_HASH : undefined),
        now: clock.now,
        monotonic: clock.monotonic,
        epochId: epoch.epochId,
      });
      const ask = async (frame: Uint8Array): Promise<RequesterEvent[]> => {
        const frames = await serve(holder, holder.receive(frame));
        return frames.flatMap((answer) => requester.receive(answer));
      };
      return { requester, ask };
    };

    const outputs: Uint8Array[] = [];
    // The second connection takes the same request and the same chunk up again.
    for (let connection = 0; connection < 2; connection += 1) {
      const { requester, ask } = connect();
      expect(await ask(requester.start())).toMatchObject([{ kind: 'epoch' }]);
      expect(await ask(requester.request(request.envelopeBytes))).toEqual([
        { kind: 'accepted', requestId: request.open.requestId },
      ]);
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
      if (connection === 0) continue;
      const [piece] = await ask(requester.readSet(4, 10));
      expect(piece).toEqual({ kind: 'setData', offset: 4, bytes: new Uint8Array(setBytes.subarray(4, 14)) });
      const [finished] = await ask(requester.finish());
      expect(finished).toMatchObject({
        kind: 'receipt',
        receipt: {
          requester: 'Requesting Agency',
          officials: [fingerprint(officialKey)],
          records: 2,
          elements: 4,
        },
      });
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
