/** Serves pages from this machine's folders and opens them in headless Chromium, one after the other. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Where Debian puts it. */
const CHROMIUM = '/usr/bin/chromium';

/** Whether there is no browser to try. */
export const isAbsent: boolean = !existsSync(CHROMIUM);

/** What the name of a skipped test ends with; '' where there is a browser. */
export const absenceNotice: string = isAbsent ? ` (skipped: there is no ${CHROMIUM})` : '';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.ts': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** The folder of each part of the addresses that a page may load, the longer part first; pages are in this one. */
export type Folders = readonly (readonly [prefix: string, folder: URL])[];

/** A server for pages that tell it their result, as JSON. */
export class HeadlessPages<Told> {
  readonly #folders: readonly (readonly [prefix: string, folder: string])[];
  readonly #server: Server;
  #tell: (told: Told) => void = () => undefined;

  constructor(folders: Folders) {
    this.#folders = [...folders, ['/', new URL('.', import.meta.url)] as const].map(
      ([prefix, folder]) => [prefix, fileURLToPath(folder)] as const,
    );
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://page');
      if (request.method === 'POST' && pathname === '/result') {
        response.writeHead(204).end();
        void this.#takeResult(request);
        return;
      }
      const file = this.#fileFor(pathname);
      if (file === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': TYPES[extname(file)] }).end(contentOf(file));
    });
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Opens a page in a browser of its own, and ends that when the page has told its result. */
  async open(page: string, flags: readonly string[] = []): Promise<Told> {
    const directory = mkdtempSync(join(tmpdir(), 'browser-'));
    const told = new Promise<Told>((resolve) => (this.#tell = resolve));
    const { port } = this.#server.address() as AddressInfo;
    const browser = spawn(
      CHROMIUM,
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
        ...['--disable-dev-shm-usage', '--remote-debugging-port=0', `--user-data-dir=${directory}`],
        ...flags,
        `http://127.0.0.1:${port}/${page}`,
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

  #fileFor(path: string): string | undefined {
    const [prefix, folder] = this.#folders.find(([start]) => path.startsWith(start)) ?? [];
    if (prefix === undefined || folder === undefined || path.includes('..')) return undefined;
    const file = join(folder, path.slice(prefix.length));
    return existsSync(file) && TYPES[extname(file)] !== undefined ? file : undefined;
  }

  async #takeResult(request: IncomingMessage): Promise<void> {
    this.#tell(JSON.parse(await text(request)) as Told);
  }
}

/** A file as a browser reads it: of TypeScript what remains without the types. */
function contentOf(file: string): string | Buffer {
  const content = readFileSync(file);
  return extname(file) === '.ts' ? stripTypeScriptTypes(content.toString('utf8')) : content;
}

/** The modules of other packages that a built file reaches, and of its own those it begins with './'. */
export function importsFrom(folder: URL, file: string, known: Set<string> = new Set()): Set<string> {
  const source = readFileSync(new URL(file, folder), 'utf8');
  for (const [, name = ''] of source.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    const path = name.startsWith('.')
      ? new URL(name, new URL(file, folder)).href.slice(folder.href.length)
      : name;
    const shown = path === name ? name : `./${path}`;
    if (known.has(shown)) continue;
    known.add(shown);
    if (shown.startsWith('./')) importsFrom(folder, path, known);
  }
  return known;
}
