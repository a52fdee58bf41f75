import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BlindedRoots } from '../src/blinded-roots.ts';

const directory = mkdtempSync(join(tmpdir(), 'blinded-roots-'));
/** A full chunk, and one of three elements. */
const ELEMENTS = 4096 + 3;
const roots = Uint8Array.from({ length: 32 * ELEMENTS }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

async function rootsOf(path: string, index: number): Promise<Uint8Array> {
  const kept = await BlindedRoots.open(path, ELEMENTS);
  try {
    return await kept.read(index);
  } finally {
    await kept.close();
  }
}

describe('the roots of blinded elements', () => {
  it('are read chunk by chunk', async () => {
    const path = fileOf('whole', roots);
    expect(Buffer.compare(await rootsOf(path, 0), roots.subarray(0, 32 * 4096))).toBe(0);
    expect(Buffer.compare(await rootsOf(path, 1), roots.subarray(32 * 4096))).toBe(0);
  });

  const unusable: [string, () => string][] = [
    ['there is no file', () => join(directory, 'none')],
    ['there is no directory', () => join(directory, 'none/roots')],
    ['the file is empty', () => fileOf('empty', new Uint8Array())],
    ['the file is a root short', () => fileOf('short', roots.subarray(32))],
    ['the file is a byte long', () => fileOf('long', Buffer.concat([roots, Buffer.alloc(1)]))],
    [
      'a directory stands there',
      () => {
        mkdirSync(join(directory, 'directory'));
        return join(directory, 'directory');
      },
    ],
    [
      'a link leads nowhere',
      () => {
        symlinkSync(join(directory, 'none'), join(directory, 'link'));
        return join(directory, 'link');
      },
    ],
  ];
  it.each(unusable)('are none where %s', async (_, made) => {
    const path = made();
    expect([await rootsOf(path, 0), await rootsOf(path, 1)]).toEqual([new Uint8Array(), new Uint8Array()]);
  });

  it.skipIf(process.getuid?.() === 0)('are none where the file may not be read', async () => {
    const path = fileOf('locked', roots);
    chmodSync(path, 0);
    expect(await rootsOf(path, 0)).toEqual(new Uint8Array());
  });

  it('are as many as the elements where the file is cut while it is read', async () => {
    const path = fileOf('cut', roots);
    const kept = await BlindedRoots.open(path, ELEMENTS);
    truncateSync(path, 40);
    expect(await kept.read(1)).toEqual(new Uint8Array(96));
    await kept.close();
  });
});
