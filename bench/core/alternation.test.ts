import { describe, expect, it } from 'vitest';
import { alternate, timedBeyond, type Candidate } from './alternation.ts';

const schedule = { repetitions: 3, windowMillis: 0, warmUpMillis: 0 };

/** A candidate whose calls are told to take so many microseconds, one value for each window. */
function scripted(engine: string, batch: number, windows: readonly number[], log: string[] = []): Candidate {
  let window = 0;
  const elapsed = (calls: number): Promise<number> => {
    log.push(engine);
    return Promise.resolve(calls * (windows[window++] ?? NaN));
  };
  return { operation: 'evaluate', engine, batch, elapsed };
}

describe('the alternation', () => {
  it('gives every candidate one window a round, in turn', async () => {
    const log: string[] = [];
    await alternate([scripted('a', 1, [], log), scripted('b', 1, [], log)], schedule);
    expect(log).toEqual(['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b']);
  });

  it('keeps microseconds for an element, and not those of the warm-up', async () => {
    const [measurement] = await alternate([scripted('a', 4, [999, 8, 12, 40])], schedule);
    expect(measurement).toEqual({ operation: 'evaluate', engine: 'a', batch: 4, micros: [2, 3, 10] });
  });
});

describe('the time beyond a part', () => {
  it('is taken with whole and part in turn', async () => {
    const log: string[] = [];
    await timedBeyond(
      () => log.push('whole'),
      () => log.push('part'),
    )(2);
    expect(log).toEqual(['whole', 'part', 'whole', 'part']);
  });

  it('passes the failure of a call on', async () => {
    const failing = timedBeyond(
      () => Promise.reject(new Error('refused')),
      () => undefined,
    );
    await expect(failing(1)).rejects.toThrow('refused');
  });
});
