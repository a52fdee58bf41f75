import { quantile } from './median.ts';
import { momentsOf, welchT, type Moments } from './welch.ts';

// The statistics of Reparaz, Balasch and Verbauwhede, "Dude, is my code constant time?" (DATE 2017): Welch's t over
// the times themselves, over those below each of many cuts (what interrupts a measurement only ever makes it
// longer), and over the squared distances from the mean.

/** From here on a test counts: the paper's threshold. */
export const SUSPICIOUS = 4.5;
/** From here on there is no doubt left. */
export const DEFINITE = 10;

const CUTS = 100;
/** A class of fewer samples is too small to tell anything. */
export const LEAST_SAMPLES = 100;

/** Times of the two classes of inputs. */
export interface Samples {
  readonly fixed: readonly number[];
  readonly random: readonly number[];
}

/** The strongest sign of a difference between the classes. */
export interface Leakage {
  readonly t: number;
  /** Which test gave it: of all times, of those below a cut, or of the squared distances. */
  readonly test: string;
}

/** The quantiles below which times are looked at: close together where most times are. */
function cutFractions(): number[] {
  return Array.from({ length: CUTS }, (_, i) => 1 - 0.5 ** ((10 * (i + 1)) / CUTS));
}

/** @param times of both classes, from measurements that are not tested themselves */
export function cutsOf(times: readonly number[]): number[] {
  return cutFractions().map((fraction) => quantile(times, fraction));
}

/**
 * The t that is farthest from zero.
 * @param cuts from `cutsOf`
 * @throws RangeError when a class has fewer than 100 samples
 */
export function strongestLeakage({ fixed, random }: Samples, cuts: readonly number[]): Leakage {
  if (Math.min(fixed.length, random.length) < LEAST_SAMPLES) {
    throw new RangeError(`Each class needs ${LEAST_SAMPLES} samples at least.`);
  }
  const [allFixed, allRandom] = [momentsOf(fixed), momentsOf(random)];
  const found: Leakage[] = [
    { t: welchT(allFixed, allRandom), test: 'all times' },
    { t: welchT(squares(fixed, allFixed), squares(random, allRandom)), test: 'squared distances' },
  ];
  cutFractions().forEach((fraction, i) => {
    const below = (times: readonly number[]): Moments =>
      momentsOf(times.filter((time) => time < (cuts[i] ?? Infinity)));
    const [fixedBelow, randomBelow] = [below(fixed), below(random)];
    if (Math.min(fixedBelow.count, randomBelow.count) < LEAST_SAMPLES) return;
    const test = `times below the quantile ${fraction.toFixed(3)}`;
    found.push({ t: welchT(fixedBelow, randomBelow), test });
  });
  return found.reduce((most, other) => (Math.abs(other.t) > Math.abs(most.t) ? other : most));
}

/** The squared distances from the class's own mean: they tell classes apart that differ in their spread only. */
function squares(times: readonly number[], { mean }: Moments): Moments {
  return momentsOf(times.map((time) => (time - mean) ** 2));
}
