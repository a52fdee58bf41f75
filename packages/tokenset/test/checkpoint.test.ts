import { describe, expect, test } from 'vitest';
import { openTokenSetBuild } from '../src/build.ts';
import { MemoryStorage } from './rig/memory-storage.ts';
import { IDENTITY, obviousFile } from './rig/obvious.ts';
import { addTokens, uniformTokens } from './rig/tokens.ts';

const options = { source: 'source', runTokens: 100 };

describe('a checkpoint', () => {
  test('makes all that was added durable before its run is full', async () => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { ...options, storage });
    await addTokens(build, uniformTokens(3), 2);
    expect(build.completed).toBe(0);
    await build.checkpoint();
    expect(build.completed).toBe(2);
    await build.close();
    const next = await openTokenSetBuild('build', { ...options, storage });
    expect(next.completed).toBe(2);
    await next.close();
  });

  test('with nothing added since the last one changes nothing', async () => {
    const storage = new MemoryStorage();
    const build = await openTokenSetBuild('build', { ...options, storage });
    await build.checkpoint();
    expect(build.completed).toBe(0);
    await build.close();
  });

  test('does not change the file', async () => {
    const storage = new MemoryStorage();
    const tokens = uniformTokens(10);
    const build = await openTokenSetBuild('build', { ...options, storage });
    for (let row = 0; row < 10; row++) {
      await addTokens(build, tokens.subarray(16 * row, 16 * row + 16), row + 1);
      if (row % 3 === 0) await build.checkpoint();
    }
    await build.finish('out/set', IDENTITY);
    expect(storage.content('out/set')).toEqual(obviousFile(tokens));
  });
});
