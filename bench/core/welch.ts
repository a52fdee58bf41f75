/** Count, mean and variance of a class of samples, taken up one by one (Welford's recurrence). */
export class Moments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  push(value: number): void {
    this.#count += 1;
    const distance = value - this.#mean;
    this.#mean += distance / this.#count;
    this.#squares += distance * (value - this.#mean);
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return this.#mean;
  }

  /** The unbiased estimate; at least two samples are needed. */
  get variance(): number {
    return this.#squares / (this.#count - 1);
  }
}

export function momentsOf(values: Iterable<number>): Moments {
  const moments = new Moments();
  for (const value of values) moments.push(value);
  return moments;
}

/**
 * Welch's t of two classes of samples, which may have different variances and sizes: the difference of their means
 * in units of its standard error. Without a difference it lies beyond ±4.5 once in 150,000 times.
 * @throws RangeError when a class has fewer than two samples
 */
export function welchT(a: Moments, b: Moments): number {
  if (a.count < 2 || b.count < 2) throw new RangeError('Each class needs two samples at least.');
  const difference = a.mean - b.mean;
  // Two classes without any variance: equal, or as different as can be.
  if (difference === 0) return 0;
  return difference / Math.sqrt(a.variance / a.count + b.variance / b.count);
}
