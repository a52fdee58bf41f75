import { randomInt } from 'node:crypto';

/** Whether a measurement has the fixed scalar or one of the random ones. */
export type SampleClass = 'fixed' | 'random';

/** `count` of each class, every order equally likely (Fisher and Yates). */
export function shuffledClasses(count: number): SampleClass[] {
  const classes = Array.from({ length: 2 * count }, (_, i): SampleClass => (i < count ? 'fixed' : 'random'));
  for (let last = classes.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    const [a, b] = [classes[last], classes[other]];
    if (a === undefined || b === undefined) throw new RangeError('the places lie in the list');
    classes[last] = b;
    classes[other] = a;
  }
  return classes;
}
