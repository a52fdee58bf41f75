/**
 * The value below which a fraction `q` (0 to 1) of the values lies, between the two nearest by linear
 * interpolation.
 * @throws RangeError for no values
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  if (below === undefined || above === undefined) throw new RangeError('There are no values.');
  return below + (above - below) * (position - Math.floor(position));
}

/** @throws RangeError for no values */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * How far the middle half of the values reaches, as a fraction of the median: 0.02 when they lie within about one
 * per cent on either side of it.
 * @throws RangeError for no values
 */
export function spread(values: readonly number[]): number {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / median(values);
}
