import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { moduleDigests } from '../wasm/digests.ts';
import { assembleModule, type Variant } from '../wasm/modules.ts';
import { NODES, runJson } from './nodes.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const VARIANTS: readonly Variant[] = ['fma', 'int'];
/** `node packages/group/wasm/build.ts --digests` writes them anew. */
const committed: unknown = JSON.parse(readFileSync(here('../wasm/digests.json'), 'utf8'));

describe('the modules', () => {
  it.each(VARIANTS)('over %s are the same bytes when they are built again', (variant) => {
    const [once, again] = [assembleModule(variant), assembleModule(variant)];
    expect(Buffer.compare(once, again)).toBe(0);
  });

  it.each(VARIANTS)('over %s are what the package has, byte by byte', (variant) => {
    const built = readFileSync(here(`../dist/ristretto255-${variant}.wasm`));
    expect(Buffer.compare(built, assembleModule(variant))).toBe(0);
  });

  it('are those whose digests are in wasm/digests.json', () => {
    expect(moduleDigests()).toEqual(committed);
  });

  it.for(NODES)('are the same bytes when Node $name builds them', ({ path, isMissing }, { skip }) => {
    skip(isMissing);
    expect(runJson(path, [fileURLToPath(new URL('./fixtures/print-digests.ts', import.meta.url))])).toEqual(
      committed,
    );
  });
});
