import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cutsOf, DEFINITE, strongestLeakage, SUSPICIOUS, type Leakage } from './leakage.ts';

// Made-up times: 100 and noise that is nearly normal, with now and then an interruption, always the same for a label.
function times(label: string, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const block = createHash('sha512').update(`${label} ${i}`).digest();
    let noise = 0;
    for (let at = 0; at < 24; at += 2) noise += block.readUInt16BE(at) / 65_536;
    const interrupted = block.readUInt16BE(24) < 655;
    return 100 + (noise - 6) + (interrupted ? block.readUInt16BE(26) / 10 : 0);
  });
}

const COUNT = 10_000;
const random = times('random', COUNT);
const quiet = times('fixed', COUNT);
const cuts = cutsOf(times('before', 2000));

function leakageOf(fixed: readonly number[]): Leakage {
  return strongestLeakage({ fixed, random }, cuts);
}

describe('the strongest leakage', () => {
  it('stays below the threshold when both classes take the same time', () => {
    expect(Math.abs(leakageOf(quiet).t)).toBeLessThan(SUSPICIOUS);
  });

  it('is definite for a fixed class that is slower by a part in 400', () => {
    expect(leakageOf(quiet.map((time) => time + 0.25)).t).toBeGreaterThan(DEFINITE);
  });

  it('is negative for a fixed class that is faster', () => {
    expect(leakageOf(quiet.map((time) => time - 0.25)).t).toBeLessThan(-DEFINITE);
  });

  it('is found below a cut where interruptions hide it from the mean of all times', () => {
    const slower = quiet.map((time) => time + 0.25);
    expect(leakageOf(slower).test).toMatch(/below the quantile/);
    // Without cuts the same times tell nothing.
    expect(
      Math.abs(
        strongestLeakage(
          { fixed: slower, random },
          cuts.map(() => -Infinity),
        ).t,
      ),
    ).toBeLessThan(SUSPICIOUS);
  });

  it('is found when only the spread differs', () => {
    const wider = quiet.map((time, i) => (time < 110 ? time + (i % 2 === 0 ? 1 : -1) : time));
    expect(Math.abs(leakageOf(wider).t)).toBeGreaterThan(DEFINITE);
  });

  it('is refused for a class that is too small to tell', () => {
    expect(() => leakageOf(quiet.slice(0, 99))).toThrow(RangeError);
  });
});

describe('the cuts', () => {
  it('rise, and leave out the slowest times at the last', () => {
    const all = Array.from({ length: 10_001 }, (_, i) => i);
    const fractions = cutsOf(all);
    expect(fractions).toHaveLength(100);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions[0]).toBeCloseTo(10_000 * (1 - 0.5 ** 0.1), 6);
    expect(fractions[99]).toBeCloseTo(10_000 * (1 - 0.5 ** 10), 6);
  });
});
