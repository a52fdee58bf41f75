/** Every message of a requester in every state of a holder session, against a model of the specification's table. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../src/codec.ts';
import { HolderSession } from '../src/holder-session.ts';
import type { HolderEvent } from '../src/holder-session.ts';
import type { RequesterMessage } from '../src/messages.ts';
import type { ProblemCode } from '../src/problem.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  epochLeaf,
  epochOf,
  patternElements,
  policyLeaf,
  requestOf,
  signedAccountingReceipt,
  signedReceipt,
  TestClock,
  TestLog,
} from './setting.ts';

const epoch = epochOf();
const request = requestOf(patternElements(5 * 4096 + 3), { epoch });
/** Two pieces, the first of them full. */
const sealed = new Uint8Array(131_072 + 7).fill(5);
const log = new TestLog([
  policyLeaf,
  epochLeaf(epoch),
  acceptedLeaf(request.open),
  accountingLeaf(request.open, sealed),
]);

type Phase =
  | 'hello'
  | 'opening'
  | 'request'
  | 'authorising'
  | 'accepted'
  | 'finishing'
  | 'finished'
  | 'accounting'
  | 'accounted';

/** One step of the model: something the requester says or the holder's program answers. */
type Step =
  | {
      readonly do:
        | 'hello'
        | 'openLog'
        | 'request'
        | 'decide'
        | 'finish'
        | 'makeReceipt'
        | 'firstPiece'
        | 'lastPiece'
        | 'keepAccounting';
    }
  | { readonly do: 'chunk' | 'answerChunk'; readonly index: number }
  | { readonly do: 'setRead' | 'answerRead'; readonly offset: number };

const WITH_SET: readonly Phase[] = ['accepted', 'finishing', 'finished', 'accounting', 'accounted'];

class Model {
  phase: Phase = 'hello';
  /** Whether the first piece of the accounting is there. */
  begun: boolean = false;
  readonly chunks = new Set<number>();
  readonly reads = new Set<number>();

  /** Whether the holder's program can do this now; what a requester says it can always say. */
  possible(step: Step): boolean {
    if (step.do === 'openLog') return this.phase === 'opening';
    if (step.do === 'decide') return this.phase === 'authorising';
    if (step.do === 'makeReceipt') return this.phase === 'finishing';
    if (step.do === 'keepAccounting') return this.phase === 'accounting';
    if (step.do === 'answerChunk') return this.chunks.has(step.index);
    if (step.do === 'answerRead') return this.reads.has(step.offset);
    return true;
  }

  /** The refusal that must follow; undefined when the step is legal, which is then done. */
  expect(step: Step): ProblemCode | undefined {
    switch (step.do) {
      case 'hello':
        return this.#move('hello', 'opening');
      case 'openLog':
        return this.#move('opening', 'request');
      case 'request':
        return this.#move('request', 'authorising');
      case 'decide':
        return this.#move('authorising', 'accepted');
      case 'finish':
        return this.chunks.size > 0 ? 'message_unexpected' : this.#move('accepted', 'finishing');
      case 'makeReceipt':
        return this.#move('finishing', 'finished');
      case 'firstPiece':
        if (this.phase !== 'finished' || this.begun) return 'message_unexpected';
        this.begun = true;
        return undefined;
      case 'lastPiece':
        return this.begun ? this.#move('finished', 'accounting') : 'message_unexpected';
      case 'keepAccounting':
        return this.#move('accounting', 'accounted');
      case 'chunk':
        if (this.phase !== 'accepted' || this.chunks.has(step.index)) return 'message_unexpected';
        if (this.chunks.size === 4) return 'too_many_in_flight';
        this.chunks.add(step.index);
        return undefined;
      case 'answerChunk':
        this.chunks.delete(step.index);
        return undefined;
      case 'setRead':
        if (!WITH_SET.includes(this.phase) || this.reads.has(step.offset)) return 'message_unexpected';
        if (this.reads.size === 4) return 'too_many_in_flight';
        this.reads.add(step.offset);
        return undefined;
      case 'answerRead':
        this.reads.delete(step.offset);
        return undefined;
    }
  }

  #move(from: Phase, to: Phase): ProblemCode | undefined {
    if (this.phase !== from) return 'message_unexpected';
    this.phase = to;
    return undefined;
  }
}

function perform(session: HolderSession, step: Step): HolderEvent[] {
  const say = (message: RequesterMessage) => session.receive(encodeMessage(message));
  const piece = (offset: number) => {
    const bytes = sealed.subarray(offset, offset + 131_072);
    return say({ type: 'accounting', total: sealed.length, offset, bytes });
  };
  switch (step.do) {
    case 'hello':
      return say({ type: 'hello', version: 1, logSize: 0 });
    case 'openLog':
      return session.logOpened(log.view(1, 0, 2));
    case 'request':
      return say({ type: 'request', envelope: request.envelopeBytes });
    case 'decide':
      return session.authorised({ outcome: 'accepted' });
    case 'finish':
      return say({ type: 'finish' });
    case 'makeReceipt':
      return session.receipt({
        envelopeBytes: signedReceipt(log.acceptance(2, 3)),
        consistency: log.consistency(2, 3),
      });
    case 'firstPiece':
      return piece(0);
    case 'lastPiece':
      return piece(131_072);
    case 'keepAccounting':
      return session.accounted({
        envelopeBytes: signedAccountingReceipt(log.logged(3)),
        consistency: log.consistency(3),
      });
    case 'chunk':
      return say({ type: 'chunk', ...request.chunk(step.index) });
    case 'answerChunk': {
      const { elements } = request.chunk(step.index);
      return session.evaluated(step.index, elements, elements, new Uint8Array(64));
    }
    case 'setRead':
      return say({ type: 'setRead', offset: step.offset, length: 8 });
    case 'answerRead':
      return session.setData(step.offset, new Uint8Array(8));
  }
}

/** The code that a step closes the session with; undefined when it goes on. */
function refusal(events: readonly HolderEvent[]): ProblemCode | undefined {
  const last = events.at(-1);
  return last?.kind === 'close' ? last.problem?.code : undefined;
}

/** The refusal that ends the steps, each of which does what the model says. */
function run(steps: readonly Step[]): ProblemCode | undefined {
  const session = new HolderSession({ epoch, now: new TestClock().now });
  const model = new Model();
  for (const next of steps) {
    if (!model.possible(next)) continue;
    const expected = model.expect(next);
    expect(refusal(perform(session, next))).toBe(expected);
    if (expected !== undefined) return expected;
  }
  return undefined;
}

const opening: readonly Step[] = [{ do: 'hello' }, { do: 'openLog' }, { do: 'request' }, { do: 'decide' }];
const finished: readonly Step[] = [...opening, { do: 'finish' }, { do: 'makeReceipt' }];
const straight: readonly Step[] = [
  ...finished,
  { do: 'firstPiece' },
  { do: 'lastPiece' },
  { do: 'keepAccounting' },
];

describe('every message in every state of a holder', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom('hello', 'openLog', 'request', 'decide', 'finish', 'makeReceipt'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('firstPiece', 'lastPiece', 'keepAccounting') }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('chunk', 'answerChunk'), index: fc.nat(5) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('setRead', 'answerRead'), offset: fc.nat(5) }) },
  );

  it('is taken where it belongs and refused everywhere else', () => {
    const every: readonly Step[] = [
      { do: 'hello' },
      { do: 'request' },
      { do: 'chunk', index: 0 },
      { do: 'finish' },
      { do: 'setRead', offset: 0 },
      { do: 'firstPiece' },
      { do: 'lastPiece' },
    ];
    const taken = Array.from({ length: straight.length + 1 }, (_, length) => straight.slice(0, length));
    const table = taken.map((prefix) => every.map((next) => run([...prefix, next]) ?? 'taken'));
    const no = 'message_unexpected';
    expect(table).toEqual([
      // hello, request, chunk, finish, set_read, accounting from its beginning, accounting from its middle
      ['taken', no, no, no, no, no, no], // connected
      [no, no, no, no, no, no, no], // opening
      [no, 'taken', no, no, no, no, no], // greeted
      [no, no, no, no, no, no, no], // deciding
      [no, no, 'taken', 'taken', 'taken', no, no], // open
      [no, no, no, no, 'taken', no, no], // closing
      [no, no, no, no, 'taken', 'taken', no], // finished
      [no, no, no, no, 'taken', no, 'taken'], // finished, with a piece of the accounting
      [no, no, no, no, 'taken', no, no], // accounting
      [no, no, no, no, 'taken', no, no], // accounted
    ]);
  });

  it('is taken or refused as the model says after any steps', () => {
    fc.assert(
      fc.property(fc.nat(straight.length), fc.array(step, { maxLength: 30 }), (opened, steps) => {
        run([...straight.slice(0, opened), ...steps]);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[ProblemCode, readonly Step[]]>([
    ['message_unexpected', [...opening, { do: 'chunk', index: 0 }, { do: 'finish' }]],
    ['message_unexpected', [...opening, { do: 'chunk', index: 0 }, { do: 'chunk', index: 0 }]],
    ['message_unexpected', [...opening, { do: 'finish' }, { do: 'finish' }]],
    ['message_unexpected', [...finished, { do: 'chunk', index: 0 }]],
    ['message_unexpected', [...straight, { do: 'firstPiece' }]],
    ['too_many_in_flight', [...opening, ...[0, 1, 2, 3, 4].map((index): Step => ({ do: 'chunk', index }))]],
    [
      'too_many_in_flight',
      [...straight, ...[0, 1, 2, 3, 4].map((offset): Step => ({ do: 'setRead', offset }))],
    ],
  ])('gives %s after a known sequence', (code, steps) => {
    const session = new HolderSession({ epoch, now: new TestClock().now });
    const results = steps.map((next) => refusal(perform(session, next)));
    expect(results.at(-1)).toBe(code);
    expect(results.slice(0, -1).every((result) => result === undefined)).toBe(true);
  });
});
