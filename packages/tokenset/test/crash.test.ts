import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openTokenSetBuild } from '../src/build.ts';
import { MemoryStorage, PowerLoss } from './rig/memory-storage.ts';
import { IDENTITY, numbersOf, obviousFile, obviousUnambiguous } from './rig/obvious.ts';
import { addTokens, codeOf, ownersOf, uniformTokens } from './rig/tokens.ts';

interface Scenario {
  readonly rows: number;
  /** Tokens that a source row alone gives; it gives one more, which a neighbour shares. */
  readonly perRow: number;
  readonly runTokens: number;
}

const FEW_RUNS: Scenario = { rows: 7, perRow: 3, runTokens: 8 };
const MANY_RUNS: Scenario = { rows: 70, perRow: 1, runTokens: 2 };

/** The tokens of a row: its own, and one that it shares with a neighbour of another owner. */
function tokensOf(row: number, { rows, perRow }: Scenario): Uint8Array {
  const own = uniformTokens(rows * perRow).subarray(16 * perRow * row, 16 * perRow * (row + 1));
  return Buffer.concat([own, uniformTokens(1, `shared by a pair, ${row >> 1}`)]);
}

function expectedFile(scenario: Scenario): Uint8Array {
  const outputs = Array.from({ length: scenario.rows }, (_, row) =>
    numbersOf(tokensOf(row, scenario)).map((token) => ({ token, owner: row })),
  ).flat();
  const { tokens, ambiguous } = obviousUnambiguous(outputs);
  expect(ambiguous).toBe(scenario.rows >> 1);
  return obviousFile(tokens);
}

/** What a holder does, before and after a crash: goes on after what is done, and finishes. */
async function buildOn(storage: MemoryStorage, scenario: Scenario, source = 'source'): Promise<boolean> {
  const { rows, runTokens } = scenario;
  const build = await openTokenSetBuild('build', { source, runTokens, storage });
  for (let row = build.completed; row < rows; row++) {
    await addTokens(build, tokensOf(row, scenario), row + 1, row);
  }
  await build.finish('out/set', IDENTITY);
  return build.restarted;
}

async function stepsOf(scenario: Scenario): Promise<number> {
  const storage = new MemoryStorage();
  await buildOn(storage, scenario);
  return storage.steps;
}

/** Loses power at each of `stops` in turn. Gives what is under the final name after each loss. */
async function interrupted(
  storage: MemoryStorage,
  scenario: Scenario,
  stops: readonly number[],
  keeps: () => boolean,
): Promise<(Uint8Array | undefined)[]> {
  const seen: (Uint8Array | undefined)[] = [];
  for (const stop of stops) {
    storage.stopAt = stop;
    try {
      await buildOn(storage, scenario);
    } catch (error) {
      if (!(error instanceof PowerLoss)) throw error;
    }
    storage.losePower(keeps);
    seen.push(storage.content('out/set'));
  }
  return seen;
}

/** A generator of booleans from a seed. */
function coin(seed: number): () => boolean {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 31 === 1;
  };
}

async function expectRecovery(
  scenario: Scenario,
  stops: readonly number[],
  keeps: () => boolean,
): Promise<void> {
  const storage = new MemoryStorage();
  const expected = expectedFile(scenario);
  for (const file of await interrupted(storage, scenario, stops, keeps)) {
    if (file !== undefined) expect(Buffer.from(file).equals(expected)).toBe(true);
  }
  await buildOn(storage, scenario);
  expect(Buffer.from(storage.content('out/set')!).equals(expected)).toBe(true);
  expect(storage.paths()).toEqual(['out/set']);
}

describe('a loss of power', () => {
  test('at any step of a build leaves no wrong file, and the build goes on to the same file', async () => {
    const steps = await stepsOf(FEW_RUNS);
    expect(steps).toBeGreaterThan(50);
    for (let stop = 1; stop <= steps; stop++) {
      await expectRecovery(FEW_RUNS, [stop], () => true);
      await expectRecovery(FEW_RUNS, [stop], () => false);
      for (let seed = 0; seed < 3; seed++) await expectRecovery(FEW_RUNS, [stop], coin(seed * 1000 + stop));
    }
  });

  test('in a build of several merges, again and again, does no harm either', async () => {
    const steps = await stepsOf(MANY_RUNS);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: steps }), { minLength: 1, maxLength: 3 }),
        fc.nat(),
        (stops, seed) => expectRecovery(MANY_RUNS, stops, coin(seed)),
      ),
      { numRuns: 30 },
    );
  });

  test('takes nothing of what a build has called completed', async () => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 4, storage });
    for (let row = 0; row < 5; row++) await addTokens(build, uniformTokens(3, String(row)), row + 1);
    expect(build.completed).toBe(4);
    storage.losePower(() => false);
    const next = await openTokenSetBuild('build', { source: 'source', runTokens: 4, storage });
    expect([next.completed, next.restarted]).toEqual([4, false]);
  });

  test('would be noticed here if the file got its name before it is on the disk', async () => {
    const steps = await stepsOf(FEW_RUNS);
    const expected = expectedFile(FEW_RUNS);
    let wrong = 0;
    for (let stop = 1; stop <= steps; stop++) {
      const storage = new MemoryStorage();
      storage.honestSync = false;
      const files = await interrupted(storage, FEW_RUNS, [stop], coin(stop));
      wrong += files.filter((file) => file !== undefined && !Buffer.from(file).equals(expected)).length;
    }
    expect(wrong).toBeGreaterThan(0);
  });
});

describe('a full disk', () => {
  test('at any step is named as such, leaves no wrong file, and the build goes on once there is room', async () => {
    const steps = await stepsOf(FEW_RUNS);
    const expected = expectedFile(FEW_RUNS);
    for (let full = 1; full <= steps; full++) {
      const storage = new MemoryStorage();
      storage.fullAt = full;
      const code = await codeOf(() => buildOn(storage, FEW_RUNS));
      expect(['disk_full', 'no error']).toContain(code);
      expect(code === 'no error').toBe(storage.content('out/set') !== undefined);
      expect(storage.paths().filter((path) => path.endsWith('.temp'))).toEqual([]);
      // The process ends, and with it its lock.
      storage.losePower(() => true);
      await buildOn(storage, FEW_RUNS);
      expect(Buffer.from(storage.content('out/set')!).equals(expected)).toBe(true);
    }
  });
});

describe('what a build finds in its directory', () => {
  async function half(): Promise<MemoryStorage> {
    const storage = new MemoryStorage();
    await interrupted(storage, FEW_RUNS, [(await stepsOf(FEW_RUNS)) >> 1], () => true);
    return storage;
  }

  function runs(storage: MemoryStorage): string[] {
    return storage.paths().filter((path) => path.startsWith('build/run-') && !path.endsWith('.temp'));
  }

  test('it goes on from if it is of the same source', async () => {
    const storage = await half();
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 6, storage });
    expect(build.completed).toBeGreaterThan(0);
    expect(build.restarted).toBe(false);
  });

  test('it throws away if it is of another source, and says so', async () => {
    const storage = await half();
    const build = await openTokenSetBuild('build', { source: 'another', runTokens: 6, storage });
    expect([build.completed, build.restarted]).toEqual([0, true]);
    expect(runs(storage)).toEqual([]);
  });

  test('it goes on from up to the first run that is damaged in any bit or missing', async () => {
    const whole = await half();
    const [first, second] = runs(whole).map((path) => ({ path, content: whole.content(path)! }));
    for (let bit = 0; bit < first!.content.length * 8; bit += 7) {
      const storage = new MemoryStorage();
      const damaged = first!.content.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      storage.put(first!.path, damaged);
      storage.put(second!.path, second!.content);
      const build = await openTokenSetBuild('build', { source: 'source', runTokens: 6, storage });
      expect([build.completed, build.restarted]).toEqual([0, true]);
    }
    const storage = new MemoryStorage();
    storage.put(first!.path, first!.content);
    storage.put(second!.path, second!.content.slice(0, -1));
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 6, storage });
    expect([build.completed, build.restarted]).toEqual([2, true]);
  });

  test('it leaves alone if the name is none of its own', async () => {
    const storage = await half();
    storage.put('build/people.csv', Uint8Array.of(1));
    await openTokenSetBuild('build', { source: 'another', runTokens: 6, storage });
    expect(storage.paths()).toContain('build/people.csv');
  });

  test('it does not build from if it changes under its hands', async () => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 4, storage });
    await addTokens(build, uniformTokens(4), 1);
    await addTokens(build, uniformTokens(4, 'more'), 2);
    const [path] = runs(storage);
    const content = storage.content(path!)!;
    content[3]! ^= 1;
    expect(await codeOf(() => build.finish('out/set', IDENTITY))).toBe('run_corrupt');
    expect(storage.content('out/set')).toBeUndefined();
  });
});

describe('a set that is written and not yet published', () => {
  async function written(storage: MemoryStorage): Promise<Awaited<ReturnType<typeof openTokenSetBuild>>> {
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 4, storage });
    await addTokens(build, uniformTokens(4), 1);
    await addTokens(build, uniformTokens(4, 'more'), 2);
    await build.write('out/set', IDENTITY);
    return build;
  }

  test('keeps its directory from other builds, and its runs until it is disposed of', async () => {
    const storage = new MemoryStorage();
    const build = await written(storage);
    expect(await codeOf(() => openTokenSetBuild('build', { source: 'source', storage }))).toBe(
      'build_locked',
    );
    expect(storage.paths().filter((path) => path.startsWith('build/run-'))).toHaveLength(2);
    await build.dispose();
    expect(storage.paths()).toEqual(['out/set']);
    const next = await openTokenSetBuild('build', { source: 'source', storage });
    expect(next.completed).toBe(0);
  });

  test('is written again, byte for byte, after a loss of power', async () => {
    const storage = new MemoryStorage();
    await written(storage);
    const before = storage.content('out/set')!;
    storage.losePower(() => false);
    const next = await openTokenSetBuild('build', { source: 'source', runTokens: 4, storage });
    expect([next.completed, next.restarted]).toEqual([2, false]);
    await next.finish('out/set', IDENTITY);
    expect(Buffer.from(storage.content('out/set')!).equals(before)).toBe(true);
    expect(storage.paths()).toEqual(['out/set']);
  });
});

describe('a build', () => {
  test('has its directory to itself', async () => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { source: 'source', runTokens: 6, storage });
    expect(await codeOf(() => openTokenSetBuild('build', { source: 'source', runTokens: 6, storage }))).toBe(
      'build_locked',
    );
    await build.close();
    expect(await codeOf(() => openTokenSetBuild('build', { source: 'source', runTokens: 6, storage }))).toBe(
      'no error',
    );
  });

  test('takes one call at a time, and none after it is closed', async () => {
    const build = await openTokenSetBuild('build', {
      source: 'source',
      runTokens: 2,
      storage: new MemoryStorage(),
    });
    const first = addTokens(build, uniformTokens(2), 1);
    expect(await codeOf(() => addTokens(build, uniformTokens(2), 2))).toBe('build_busy');
    await first;
    await build.close();
    expect(await codeOf(() => addTokens(build, uniformTokens(2), 2))).toBe('build_closed');
  });

  test.each<[string, number, number]>([
    ['half an output', 96, 1],
    ['more outputs than a run holds', 64 * 9, 1],
    ['a step back in the source', 64, 4],
  ])('refuses %s', async (_, bytes, completed) => {
    const build = await openTokenSetBuild('build', {
      source: 'source',
      runTokens: 8,
      storage: new MemoryStorage(),
    });
    await build.add(new Uint8Array(0), new Uint8Array(0), 5);
    const owners = ownersOf(Math.floor(bytes / 64));
    expect(await codeOf(() => build.add(new Uint8Array(bytes), owners, completed === 4 ? 4 : 6))).toBe(
      'argument_invalid',
    );
  });

  test.each([
    { ...IDENTITY, publicKey: new Uint8Array(31) },
    { ...IDENTITY, epoch: -1 },
    { ...IDENTITY, epoch: 2 ** 32 },
    { ...IDENTITY, maxElements: 0 },
  ])('refuses a header that can not be written: %o', async (identity) => {
    const build = await openTokenSetBuild('build', { source: 'source', storage: new MemoryStorage() });
    await addTokens(build, uniformTokens(1), 1);
    expect(await codeOf(() => build.finish('out/set', identity))).toBe('argument_invalid');
  });

  test('tells how far it is, up to the end', async () => {
    const build = await openTokenSetBuild('build', { source: 'source', storage: new MemoryStorage() });
    await addTokens(build, uniformTokens(100), 1);
    const seen: [number, number][] = [];
    await build.finish('out/set', IDENTITY, (done, total) => seen.push([done, total]));
    expect(seen).toEqual([
      [100, 200],
      [200, 200],
      [200, 200],
    ]);
  });
});
