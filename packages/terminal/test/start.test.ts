import { describe, expect, it } from 'vitest';
import { isNewEnough } from '../src/start.ts';

describe('the oldest Node.js', () => {
  it.each(['22.18.0', '22.19.1', '24.0.0', '26.10.0'])('runs on %s', (version) => {
    expect(isNewEnough(version)).toBe(true);
  });

  it.each(['18.20.0', '20.19.5', '22.17.9', '21.99.0'])('does not run on %s', (version) => {
    expect(isNewEnough(version)).toBe(false);
  });
});
