import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobleEngine } from '@blindmatch/group';
import { absenceNotice as notice, HeadlessPages, importsFrom, isAbsent } from './headless-pages.ts';

/** What takes the fused multiply-add from V8 on x86. */
const WITHOUT_FMA = '--no-enable-fma3';
const canTakeFma = process.arch === 'x64';
const cantTake = canTakeFma ? notice : ` (skipped: ${WITHOUT_FMA} is for x86 only)`;

const DIST = new URL('../../packages/group/dist/', import.meta.url);

/** What the page told. */
interface Told {
  readonly name?: string;
  readonly notice?: string | null;
  readonly products?: string;
  readonly refused?: string | null;
  readonly error?: string;
}

const pages = new HeadlessPages<Told>([
  ['/group/', DIST],
  ['/node_modules/', new URL('../../packages/group/node_modules/', import.meta.url)],
]);
const open = (query: string, flags: readonly string[] = []): Promise<Told> =>
  pages.open(`page.html${query}`, flags);

beforeAll(() => pages.start());
afterAll(() => pages.stop());

/** The answer to the batch that the page works on, by the reference engine. */
function expectedProducts(): string {
  const uniform = Uint8Array.from({ length: 64 * 300 }, (_, i) => (i * 7 + (i >> 6)) % 256);
  const scalar = Uint8Array.from({ length: 32 }, (_, i) => (i < 31 ? i + 1 : 1));
  const points = nobleEngine.derive(uniform);
  const products = nobleEngine.encodeDouble(nobleEngine.multiplyHalf(points, scalar));
  return Buffer.from(products).toString('hex');
}

describe('the engine in headless Chromium', () => {
  const products = expectedProducts();

  it.skipIf(isAbsent)(
    `is chosen and tested there, and gives what the reference gives${notice}`,
    async ({ annotate }) => {
      const told = await open('');
      await annotate(`engine ${told.name ?? 'none'} was at work`);
      expect(told).toEqual({
        name: expect.stringMatching(/^wasm(-int)?$/) as unknown,
        notice: told.name === 'wasm' ? null : (expect.any(String) as unknown),
        products,
        refused: 'engine_unusable',
      });
    },
  );

  it.skipIf(isAbsent || !canTakeFma)(
    `is the one over integers without fused multiply-adds${cantTake}`,
    async () => {
      const told = await open('', [`--js-flags=${WITHOUT_FMA}`]);
      expect(told).toMatchObject({ name: 'wasm-int', products });
      expect(told.notice).toContain('no fused multiply-add');
    },
  );

  it.skipIf(isAbsent)(`may be asked for by name${notice}`, async () => {
    expect(await open('?engine=wasm-int')).toMatchObject({ name: 'wasm-int', notice: null, products });
  });
});

describe('what the engine for browsers is made of', () => {
  const foreign = (file: string): string[] =>
    [...importsFrom(DIST, file)].filter((name) => !name.startsWith('./'));

  it('needs nothing but noble: nothing of Node', () => {
    const names = foreign('browser-engine.js');
    expect(names.filter((name) => !name.startsWith('@noble/'))).toEqual([]);
    expect(names).not.toEqual([]);
    expect(importsFrom(DIST, 'browser-engine.js')).toContain('./wasm-engine.js');
  });

  it('would be seen to need Node, as the index of the package does', () => {
    expect(foreign('index.js')).toContain('node:worker_threads');
  });
});
