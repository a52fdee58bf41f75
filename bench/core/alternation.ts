import type { Operation } from './operations.ts';

/** One operation of one engine, ready to be timed. */
export interface Candidate {
  readonly operation: Operation;
  readonly engine: string;
  /** Elements that one call works on. */
  readonly batch: number;
  /** Make `calls` calls; the microseconds of them that are the operation's. */
  readonly elapsed: (calls: number) => Promise<number>;
}

/** What the repetitions of a candidate gave. */
export interface Measurement {
  readonly operation: Operation;
  readonly engine: string;
  readonly batch: number;
  /** Microseconds for an element, one value for each repetition. */
  readonly micros: readonly number[];
}

export interface Schedule {
  readonly repetitions: number;
  /** How long one repetition of a candidate should take; one that is slower than that makes one call. */
  readonly windowMillis: number;
  /** How long a candidate runs before it is timed, so that its code is compiled and its tables are made. */
  readonly warmUpMillis: number;
}

/** An `elapsed` for work on this thread. What it returns is dropped. */
export function timed(work: () => unknown): Candidate['elapsed'] {
  return async (calls) => {
    const start = performance.now();
    for (let call = 0; call < calls; call++) await work();
    return (performance.now() - start) * 1000;
  };
}

/**
 * An `elapsed` for what `whole` does beyond `part`, by the difference of their times; `part` runs right after
 * `whole`, so that both meet the same machine.
 */
export function timedBeyond(whole: () => unknown, part: () => unknown): Candidate['elapsed'] {
  const [wholeElapsed, partElapsed] = [timed(whole), timed(part)];
  return async (calls) => {
    let micros = 0;
    for (let call = 0; call < calls; call++) micros += (await wholeElapsed(1)) - (await partElapsed(1));
    return micros;
  };
}

/** Runs a candidate for the warm-up time; how many of its calls fill a window afterwards. */
async function warmUp(candidate: Candidate, { warmUpMillis, windowMillis }: Schedule): Promise<number> {
  const end = performance.now() + warmUpMillis;
  // Twice as many calls each time: the last and longest stretch is measured on warm code.
  for (let calls = 1; ; calls *= 2) {
    const start = performance.now();
    await candidate.elapsed(calls);
    const now = performance.now();
    if (now >= end) return Math.max(1, Math.round((windowMillis * calls) / (now - start)));
  }
}

/**
 * Time all candidates in turn, a short window each, as many rounds as there are repetitions: whatever slows the
 * machine down for a while then hits all of them alike, and their ratios stay.
 * @param progress called before each round, the warm-up being round 0
 */
export async function alternate(
  candidates: readonly Candidate[],
  schedule: Schedule,
  progress: (round: number) => void = () => undefined,
): Promise<Measurement[]> {
  progress(0);
  const running: { candidate: Candidate; calls: number; micros: number[] }[] = [];
  for (const candidate of candidates) {
    running.push({ candidate, calls: await warmUp(candidate, schedule), micros: [] });
  }
  for (let round = 1; round <= schedule.repetitions; round++) {
    progress(round);
    for (const { candidate, calls, micros } of running) {
      micros.push((await candidate.elapsed(calls)) / (calls * candidate.batch));
    }
  }
  return running.map(({ candidate: { operation, engine, batch }, micros }) => ({
    operation,
    engine,
    batch,
    micros,
  }));
}
