import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaneQueue } from '../src/lane-queue.ts';

type Step = { readonly push: number } | { readonly remove: number } | 'shift';

const steps = fc.array(
  fc.oneof(fc.record({ push: fc.nat(4) }), fc.record({ remove: fc.nat(60) }), fc.constant<Step>('shift')),
  { maxLength: 80 },
);

interface Entry {
  readonly lane: number;
  readonly id: number;
}

/** The obvious twin: of those that wait, the one whose lane has waited longest for a turn, the oldest of it. */
class ObviousQueue {
  waiting: Entry[] = [];
  readonly #turns = new Map<number, number>();
  #clock = 0;

  push(entry: Entry): void {
    if (!this.waiting.some(({ lane }) => lane === entry.lane)) this.#turns.set(entry.lane, this.#clock++);
    this.waiting.push(entry);
  }

  shift(): Entry | undefined {
    const turn = ({ lane }: Entry): number => this.#turns.get(lane)!;
    const next = this.waiting.toSorted((a, b) => turn(a) - turn(b) || a.id - b.id)[0];
    if (next === undefined) return undefined;
    this.#turns.set(next.lane, this.#clock++);
    this.waiting = this.waiting.filter((entry) => entry !== next);
    return next;
  }

  remove(id: number): boolean {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((entry) => entry.id !== id);
    return this.waiting.length < before;
  }
}

describe('LaneQueue', () => {
  it('agrees with its obvious twin over any sequence of steps', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const queue = new LaneQueue<Entry>();
        const twin = new ObviousQueue();
        const entries: Entry[] = [];
        for (const step of sequence) {
          if (step === 'shift') {
            expect(queue.shift()).toBe(twin.shift());
          } else if ('push' in step) {
            const entry = { lane: step.push, id: entries.length };
            entries.push(entry);
            queue.push(entry.lane, entry);
            twin.push(entry);
          } else {
            const entry = entries[step.remove];
            if (entry !== undefined) expect(queue.remove(entry.lane, entry)).toBe(twin.remove(entry.id));
          }
        }
        expect(queue.drain().map(({ id }) => id)).toEqual(
          expect.arrayContaining(twin.waiting.map(({ id }) => id)),
        );
        expect(queue.shift()).toBeUndefined();
      }),
    );
  });

  it('serves a lane at most once while another waits for one turn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 60 }), (lanes) => {
        const queue = new LaneQueue<number>();
        for (const lane of lanes) queue.push(lane, lane);
        const left = new Map<number, number>();
        for (const lane of lanes) left.set(lane, (left.get(lane) ?? 0) + 1);
        const since = new Map<number, number[]>();
        for (let lane = queue.shift(); lane !== undefined; lane = queue.shift()) {
          left.set(lane, left.get(lane)! - 1);
          since.set(lane, []);
          for (const [other, served] of since) if (other !== lane && left.get(other)! > 0) served.push(lane);
          for (const served of since.values()) expect(new Set(served).size).toBe(served.length);
        }
        expect([...left.values()].every((count) => count === 0)).toBe(true);
      }),
    );
  });
});
