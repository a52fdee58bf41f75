import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobleEngine } from '@blindmatch/group';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';
const isAbsent = !existsSync(CHROMIUM);
const notice = isAbsent ? ` (skipped: there is no ${CHROMIUM})` : '';

/** What takes the fused multiply-add from V8 on x86. */
const WITHOUT_FMA = '--no-enable-fma3';
const canTakeFma = process.arch === 'x64';
const cantTake = canTakeFma ? notice : ` (skipped: ${WITHOUT_FMA} is for x86 only)`;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DIST = here('../../packages/group/dist');

/** The folder of each part of the addresses that the page may load. */
const FOLDERS: readonly (readonly [prefix: string, folder: string])[] = [
  ['/group/', DIST],
  ['/node_modules/', here('../../packages/group/node_modules')],
  ['/', here('.')],
];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** What the page told. */
interface Told {
  readonly name?: string;
  readonly notice?: string | null;
  readonly products?: string;
  readonly refused?: string | null;
  readonly error?: string;
}

let tell: (told: Told) => void = () => undefined;

function fileFor(path: string): string | undefined {
  const [prefix, folder] = FOLDERS.find(([start]) => path.startsWith(start)) ?? [];
  if (prefix === undefined || folder === undefined || path.includes('..')) return undefined;
  const file = join(folder, path.slice(prefix.length));
  return existsSync(file) && TYPES[extname(file)] !== undefined ? file : undefined;
}

async function takeResult(request: IncomingMessage): Promise<void> {
  tell(JSON.parse(await text(request)) as Told);
}

const server: Server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://page');
  if (request.method === 'POST' && pathname === '/result') {
    response.writeHead(204).end();
    void takeResult(request);
    return;
  }
  const file = fileFor(pathname);
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': TYPES[extname(file)] }).end(readFileSync(file));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Opens the page in a browser of its own, and ends that when the page has told its result. */
async function open(query: string, flags: readonly string[] = []): Promise<Told> {
  const directory = mkdtempSync(join(tmpdir(), 'browser-'));
  const told = new Promise<Told>((resolve) => (tell = resolve));
  const { port } = server.address() as AddressInfo;
  const browser = spawn(
    CHROMIUM,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...['--disable-dev-shm-usage', '--remote-debugging-port=0', `--user-data-dir=${directory}`],
      ...flags,
      `http://127.0.0.1:${port}/page.html${query}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exit = once(browser, 'exit');
  const complaints = text(browser.stderr);
  try {
    const ended = exit.then(async (): Promise<never> => {
      throw new Error(`the browser ended: ${await complaints}`);
    });
    return await Promise.race([told, ended]);
  } finally {
    browser.kill();
    await exit;
    rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

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
  /** Every module that a built file reaches, as the text of its imports. */
  function importsFrom(file: string, known = new Set<string>()): Set<string> {
    const source = readFileSync(join(DIST, file), 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
      if (known.has(name)) continue;
      known.add(name);
      if (name.startsWith('./')) importsFrom(name.slice(2), known);
    }
    return known;
  }

  const foreign = (file: string): string[] => [...importsFrom(file)].filter((name) => !name.startsWith('./'));

  it('needs nothing but noble: nothing of Node', () => {
    const names = foreign('browser-engine.js');
    expect(names.filter((name) => !name.startsWith('@noble/'))).toEqual([]);
    expect(names).not.toEqual([]);
    expect(importsFrom('browser-engine.js')).toContain('./wasm-engine.js');
  });

  it('would be seen to need Node, as the index of the package does', () => {
    expect(foreign('index.js')).toContain('node:worker_threads');
  });
});
