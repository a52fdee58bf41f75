import { emptyRoot } from '@blindmatch/merkle';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestText } from '../src/digest.ts';
import type { LogLeaf } from '../src/log-leaf.ts';
import { openLogView, requireGrowth } from '../src/log-view.ts';
import type { ShownLog } from '../src/log-view.ts';
import { codeOf, descriptor, epochLeaf, epochOf, policyLeaf, strangerKey, TestLog } from './setting.ts';

const epoch = epochOf();
const refusals = (count: number): LogLeaf[] =>
  Array.from({ length: count }, (_, hour) => ({
    type: 'unidentified',
    time: '2026-11-21T12:00:00.000Z',
    hour: `2026-11-20T${String(hour % 24).padStart(2, '0')}:00:00.000Z`,
    requests: hour + 1,
  }));
const log = new TestLog([policyLeaf, epochLeaf(epoch), ...refusals(9)]);
/** The same log up to the epoch's leaf, and another one from there on. */
const fork = new TestLog([policyLeaf, epochLeaf(epoch), ...refusals(10).slice(1)]);

const shownBy = (of: TestLog, remembered = 0, size = of.size): ShownLog => {
  const view = of.view(1, remembered, size);
  return { ...view, checkpoint: new Uint8Array(Buffer.from(view.checkpoint)) };
};
const shown = shownBy(log);

describe('a log as it is shown', () => {
  it('with the epoch in it gives its checkpoint', () => {
    expect(openLogView(shown, epoch, undefined)).toEqual(log.checkpoint());
  });

  it('that has grown, or is the same, since it was last seen is taken', () => {
    for (const size of [2, 3, 4, 7, 8, 11]) {
      expect(openLogView(shownBy(log, size), epoch, log.checkpoint(size)).size).toBe(11);
    }
  });

  it.each<[string, ShownLog]>([
    ['with a checkpoint that is no note', { ...shown, checkpoint: Uint8Array.of(0x78) }],
    [
      'with a checkpoint by a stranger',
      { ...shown, checkpoint: bytesOf(new TestLog([policyLeaf, epochLeaf(epoch)], strangerKey)) },
    ],
    ['with a checkpoint that is not UTF-8', { ...shown, checkpoint: notUtf8() }],
    [
      'with a leaf that is not in it',
      { ...shown, leaf: new TestLog([epochLeaf(epoch, { epoch: 2 })]).logged(0).leaf },
    ],
    ['with the leaf at another place', { ...shown, leafIndex: 0 }],
    ['with a path that is cut', { ...shown, path: shown.path.subarray(32) }],
    ['with a proof of growth that nobody asked for', { ...shown, consistency: new Uint8Array(32) }],
  ])('%s is log_invalid', (_, wrong) => {
    expect(codeOf(() => openLogView(wrong, epoch, undefined))).toBe('log_invalid');
  });

  it.each<[string, LogLeaf]>([
    ['another epoch number', epochLeaf(epoch, { epoch: 2 })],
    ['another epoch id', epochLeaf(epoch, { epoch_id: digestText(new Uint8Array(32)) })],
    ['a policy', policyLeaf],
  ])('that names %s where the epoch should be is log_invalid', (_, leaf) => {
    expect(codeOf(() => openLogView(shownBy(new TestLog([policyLeaf, leaf])), epoch, undefined))).toBe(
      'log_invalid',
    );
  });

  it('does not name the epoch of another descriptor with the same number', () => {
    const other = epochOf({ ...descriptor, maxElements: 4096 });
    expect(codeOf(() => openLogView(shown, other, undefined))).toBe('log_invalid');
  });

  it('that has shrunk is log_forked, even where its shorter self was true', () => {
    const shorter = shownBy(log, 0, 5);
    expect(codeOf(() => openLogView(shorter, epoch, log.checkpoint(6)))).toBe('log_forked');
  });

  it('that has become another one is log_forked, whatever proof comes with it', () => {
    for (const size of [3, 5, 8, 11]) {
      const remembered = log.checkpoint(size);
      for (const consistency of [
        fork.consistency(size),
        log.consistency(size, 11),
        new Uint8Array(0),
        new Uint8Array(64),
      ]) {
        const forked = { ...shownBy(fork), consistency };
        expect(codeOf(() => openLogView(forked, epoch, remembered))).toBe('log_forked');
      }
    }
  });

  it('may be another one beyond what was seen of it, which only others can notice', () => {
    expect(codeOf(() => openLogView(shownBy(fork, 2), epoch, log.checkpoint(2)))).toBeUndefined();
  });
});

describe('growth', () => {
  const grows = (first: number, second: number, proof = log.consistency(first, second)) =>
    codeOf(() => {
      requireGrowth(log.checkpoint(first), log.checkpoint(second), proof);
    });

  it('is proved from every size to every later one', () => {
    for (let second = 0; second <= log.size; second++) {
      for (let first = 0; first <= second; first++)
        expect([first, second, grows(first, second)]).toEqual([first, second, undefined]);
    }
  });

  it('is never proved backwards, nor by another proof', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 1, max: 11 }));
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 5 }),
        ([a, b], nodes) => {
          const [first, second] = a <= b ? [a, b] : [b, a];
          const random = new Uint8Array(Buffer.concat(nodes));
          if (Buffer.compare(random, log.consistency(first, second)) !== 0)
            expect(grows(first, second, random)).toBe('log_forked');
          if (first < second) expect(grows(second, first, log.consistency(first, second))).toBe('log_forked');
        },
      ),
    );
  });

  it('from nothing is growth from the root of nothing only', () => {
    const nothing = (root: Uint8Array) =>
      codeOf(() => {
        requireGrowth({ size: 0, root }, log.checkpoint(), new Uint8Array(0));
      });
    expect(nothing(emptyRoot())).toBeUndefined();
    expect(nothing(new Uint8Array(32))).toBe('log_forked');
  });
});

function bytesOf(other: TestLog): Uint8Array {
  return new Uint8Array(Buffer.from(other.checkpoint().note));
}

/** The note with a line by an unknown key, whose name is not UTF-8: a reader that put something else there would take it. */
function notUtf8(): Uint8Array {
  const line = Buffer.from('\u2014 x AAAAAAAA\n');
  line.writeUInt8(0xff, line.indexOf('x'));
  return new Uint8Array(Buffer.concat([shown.checkpoint, line]));
}
