/** From and to, both within. */
export type Interval = readonly [number, number];

const LEAST_TERM = 1e-18;

/**
 * The exact interval of Clopper and Pearson for the probability of an event that was seen `count` times in `trials`: on each
 * side, a probability beyond it would give so many, or so few, with at most (1 − confidence)/2.
 * (C. J. Clopper, E. S. Pearson, Biometrika 26, 1934.)
 * @throws RangeError when `count` is not between 0 and `trials`
 */
export function clopperPearson(count: number, trials: number, confidence = 0.95): Interval {
  if (count < 0 || count > trials)
    throw new RangeError('The count must lie between 0 and the number of trials.');
  if (trials === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  return [
    count === 0 ? 0 : rootOf((p) => 1 - binomialAtMost(count - 1, trials, p) - tail, 0, count / trials),
    count === trials ? 1 : rootOf((p) => tail - binomialAtMost(count, trials, p), count / trials, 1),
  ];
}

/**
 * The exact upper bound of Garwood for the mean of a Poisson variable that was `count`: a larger mean would give so few with a
 * probability of at most 1 − confidence. 3.00 for none seen, at 0.95. (F. Garwood, Biometrika 28, 1936.)
 */
export function poissonUpper(count: number, confidence = 0.95): number {
  const far = count + 12 * Math.sqrt(count + 1) + 30;
  return rootOf((mean) => 1 - confidence - poissonAtMost(count, mean), count, far);
}

/** Where an increasing function is zero between two places, to the last bits. */
function rootOf(increasing: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < 100 && low < high; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (increasing(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function binomialAtMost(count: number, trials: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return count >= trials ? 1 : 0;
  const odds = (1 - p) / p;
  const first =
    logFactorial(trials) -
    logFactorial(count) -
    logFactorial(trials - count) +
    count * Math.log(p) +
    (trials - count) * Math.log1p(-p);
  return sumDownwards(count, p * trials, first, (i) => (odds * i) / (trials - i + 1));
}

function poissonAtMost(count: number, mean: number): number {
  if (mean <= 0) return 1;
  return sumDownwards(count, mean, count * Math.log(mean) - mean - logFactorial(count), (i) => i / mean);
}

/**
 * The sum of the terms 0 to `last` of a distribution with one peak.
 * @param ratio the term before the i-th, in parts of the i-th
 */
function sumDownwards(last: number, peak: number, logOfLast: number, ratio: (i: number) => number): number {
  let [sum, term] = [0, 1];
  // Relative to the last term, and scaled at the end: from far above the peak the terms grow before they vanish.
  let scale = logOfLast;
  for (let i = last; i >= 0; i--) {
    sum += term;
    term *= ratio(i);
    if (i < peak && term < LEAST_TERM * sum) break;
    if (sum > 1e200) {
      sum /= 1e200;
      term /= 1e200;
      scale += 200 * Math.LN10;
    }
  }
  return Math.min(1, Math.exp(scale + Math.log(sum)));
}

const TABLE = [0];
for (let n = 1; n < 256; n++) TABLE.push((TABLE[n - 1] ?? 0) + Math.log(n));

/** ln n!, by Stirling's series where the table ends; its error is below the rounding there. */
function logFactorial(n: number): number {
  const known = TABLE[n];
  if (known !== undefined) return known;
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series;
}
