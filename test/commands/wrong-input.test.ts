import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authority,
  FIRST_SEEN,
  initialise,
  makeAgencies,
  PEOPLE_CSV,
  PLANTED,
  REQUESTS_CSV,
} from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import type { Daemon, Ended } from '../running-program.ts';

let agencies: Agencies;
let daemon: Daemon;
const strangers: (Server | TcpServer)[] = [];

const at = (name: string): string => join(agencies.home, name);
const asRoot = process.getuid?.() === 0;

beforeAll(async () => {
  agencies = await makeAgencies();
  daemon = await startDaemon(agencies.holder);
});
afterAll(async () => {
  for (const server of strangers) server.close();
  await cleanUp();
});

/** One plain sentence that ends in a full stop, or in the command to type; no stack trace, nobody's data. */
function expectOneSentence(program: string, { stderr }: Ended): void {
  expect(stderr.replace(FIRST_SEEN, '')).toMatch(
    new RegExp(`^${program}: [^\n]*(\\.|: (blindmatchd?|chmod) [^\n]*[^.\n])\n$`),
  );
  expect(stderr).not.toContain('    at ');
  for (const word of PLANTED) expect(stderr.toLowerCase()).not.toContain(word.toLowerCase());
}

async function matchFails(source: string, options: readonly string[] = []): Promise<Ended> {
  const replaced = new Set(options.filter((option) => option.startsWith('--')));
  const standard = [...authority(agencies, daemon.url), '--key', agencies.key, '--cache', at('cache')];
  const kept: string[] = [];
  for (let i = 0; i < standard.length; i += 2) {
    if (!replaced.has(standard[i]!)) kept.push(standard[i]!, standard[i + 1]!);
  }
  const ended = await run('blindmatch', ['match', source, ...kept, ...options, '--out', at('results.csv')]);
  expectOneSentence('blindmatch', ended);
  // Neither a result nor anything that names people is left.
  expect(readdirSync(agencies.home).filter((name) => name.startsWith('results.csv'))).toEqual([]);
  return ended;
}

function file(name: string, contents: string | Uint8Array, mode = 0o644): string {
  writeFileSync(at(name), contents);
  chmodSync(at(name), mode);
  return at(name);
}

describe('a file of records that is not one', () => {
  const badUtf8 = Buffer.concat([Buffer.from(REQUESTS_CSV), Buffer.from([0xff, 0xfe, 0x0a])]);
  const [header = '', first = ''] = REQUESTS_CSV.split('\n');

  it.each<[string, string | Uint8Array, string]>([
    ['lacks a column', REQUESTS_CSV.replace('surname', 'last'), 'The header lacks surname;'],
    ['is empty', '', 'The file is empty;'],
    ['has a header only', `${header}\n`, 'holds no record;'],
    ['is not UTF-8', badUtf8, 'Line 7 is not valid UTF-8;'],
    ['uses a record_id twice', `${header}\n${first}\n${first}\n`, 'Lines 2 and 3 have the same record_id;'],
    ['has no record_id on a line', `${header}\n${first.replace('R-1', '')}\n`, 'Line 2 has no record_id;'],
    ['never closes a quote', `${header}\n${first.replace('ZEBULON', '"ZEBULON')}\n`, 'not well-formed CSV;'],
    ['holds a NUL byte', REQUESTS_CSV.replace('Nadia', 'Na\0dia'), 'Line 5 holds a NUL byte;'],
    [
      'has a row of another length',
      `${header}\n${first},more\n`,
      'Line 2 has 13 fields where the header has 12;',
    ],
    ['names a column twice', REQUESTS_CSV.replace('city', 'state'), 'The header names column state twice;'],
  ])('is refused when it %s', async (_, contents, sentence) => {
    const { code, stderr } = await matchFails(file('wrong.csv', contents));
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });

  it('is refused when it is a directory', async () => {
    const { code, stderr } = await matchFails(agencies.home);
    expect(stderr).toContain('is a directory; give the path of a CSV file.');
    expect(code).toBe(1);
  });

  it('is refused when it is not there', async () => {
    const { code, stderr } = await matchFails(at('nowhere.csv'));
    expect(stderr).toContain('There is no file nowhere.csv; check the path.');
    expect(code).toBe(1);
  });

  it.skipIf(asRoot)('is refused when this user may not read it (needs another user than root)', async () => {
    const { code, stderr } = await matchFails(file('unreadable.csv', REQUESTS_CSV, 0o000));
    expect(stderr).toContain('cannot be opened for reading; check its permissions.');
    expect(code).toBe(1);
  });

  it('is refused by check and prepare alike', async () => {
    const source = file('wrong.csv', REQUESTS_CSV.replace('surname', 'last'));
    const checked = await run('blindmatch', ['check', source]);
    const output = ['-o', at('wrong-request')];
    const prepared = await run('blindmatch', [
      'prepare',
      source,
      ...authority(agencies, daemon.url),
      ...output,
    ]);
    for (const ended of [checked, prepared]) {
      expectOneSentence('blindmatch', ended);
      expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('lacks surname') as string });
    }
    expect(existsSync(at('wrong-request'))).toBe(false);
  });

  it('is refused by build, and the holder keeps the epoch that it has', async () => {
    for (const contents of ['', PEOPLE_CSV.replace('street,', 'road,'), badUtf8]) {
      const source = file('wrong-people.csv', contents);
      const ended = await run('blindmatchd', ['build', agencies.holder, '--source', source]);
      expectOneSentence('blindmatchd', ended);
      expect(ended.code).toBe(1);
    }
    const { events } = await succeed('blindmatchd', ['inspect', agencies.holder, '--json']);
    expect(events.filter(({ built }) => built === true)).toHaveLength(1);
  });

  it('is refused by build when it gives no match key at all', async () => {
    const source = file('nobody.csv', `${PEOPLE_CSV.split('\n')[0]!}\n`);
    const ended = await run('blindmatchd', ['build', agencies.holder, '--source', source]);
    expectOneSentence('blindmatchd', ended);
    expect(ended.stderr).toContain('holds nobody who can be found');
    expect(ended.code).toBe(1);
  });
});

describe('a column map that is not one', () => {
  it.each([
    ['names an unknown column', 'nickname: NICK\n', 'The column map names an unknown column;'],
    ['is not YAML', 'surname: [\n', 'The column map is not valid YAML;'],
    ['names a header that the file has not', 'surname: LAST\n', 'The header lacks surname;'],
  ])('is refused when it %s', async (_, yaml, sentence) => {
    const { code, stderr } = await matchFails(agencies.requests, ['--columns', file('map.yaml', yaml)]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });

  it('is refused when it is not there', async () => {
    const { code, stderr } = await matchFails(agencies.requests, ['--columns', at('no-map.yaml')]);
    expect(stderr).toContain('no-map.yaml does not exist; check the path.');
    expect(code).toBe(1);
  });
});

describe("an official's key that is not one", () => {
  it.each<[string, () => string | Promise<string>, string]>([
    ['can be read by the group', () => copyOfKey('group.pem', 0o640), 'can be read by others than its owner'],
    ['is of another kind', () => rsaKey('rsa.pem'), 'must be an unencrypted Ed25519 key in PKCS#8 PEM.'],
    ['is a public key', () => publicKey('public.pem'), 'holds a public key; name the private one'],
    ['is some other file', () => file('notes.pem', 'notes\n', 0o600), 'must be an unencrypted Ed25519 key'],
    ['is a directory', () => agencies.home, 'is not a file; name the file itself.'],
    ['is not there', () => at('no-key.pem'), 'no-key.pem does not exist; check the path.'],
  ])('is refused when it %s', async (_, make, sentence) => {
    const { code, stderr } = await matchFails(agencies.requests, ['--key', await make()]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });
});

describe('a holder that is not the one', () => {
  it.each<[string, () => readonly string[] | Promise<readonly string[]>, number, string]>([
    [
      'has another fingerprint',
      () => ['--holder', `sha256:${'0'.repeat(64)}`],
      1,
      'not the expected one; check the address and the fingerprint.',
    ],
    [
      'is named by half a fingerprint',
      () => ['--holder', 'sha256:00ff'],
      2,
      "is not a holder's fingerprint;",
    ],
    ['is at no URL', () => ['--server', 'holder.example:8443'], 2, "is not a holder's address; write wss://"],
    ['is at an http URL', () => ['--server', 'http://127.0.0.1:1'], 2, "is not a holder's address;"],
    [
      'is another machine without TLS',
      () => ['--server', 'ws://192.0.2.1:8443'],
      2,
      'must be encrypted; use wss://192.0.2.1:8443.',
    ],
    [
      'does not listen',
      async () => ['--server', await freeAddress()],
      3,
      '(ECONNREFUSED); check the address',
    ],
    ['is a web server', async () => ['--server', await webServer()], 3, 'is not a holder that speaks'],
    [
      'speaks no subprotocol',
      async () => ['--server', await otherWebSocket()],
      3,
      'is not a holder that speaks',
    ],
    [
      'speaks something else',
      async () => ['--server', await otherProtocol()],
      3,
      'is not a holder that speaks',
    ],
    ['ends the connection', async () => ['--server', await hangUp()], 3, 'No holder answers at 127.0.0.1:'],
  ])('is refused when it %s', async (_, make, exit, sentence) => {
    const { code, stderr } = await matchFails(agencies.requests, await make());
    expect(stderr).toContain(sentence);
    expect(code).toBe(exit);
  });

  it('is refused by submit when it is another than the request was prepared for', async () => {
    const request = at('for-this-holder');
    const options = [...authority(agencies, daemon.url), '-o', request];
    await succeed('blindmatch', ['prepare', agencies.requests, ...options]);
    const other = await initialise(at('other-holder'));
    const to = ['--server', daemon.url, '--holder', other, '--out', at('other.csv')];
    const ended = await run('blindmatch', ['submit', request, ...to]);
    expectOneSentence('blindmatch', ended);
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('was prepared for the holder') as string,
    });
  });
});

describe('a directory that is not what is asked for', () => {
  it('a request is not prepared into one that is not empty, and what is there stays', async () => {
    mkdirSync(at('occupied'));
    writeFileSync(at('occupied/notes.txt'), 'mine');
    const options = [...authority(agencies, daemon.url), '-o', at('occupied')];
    const ended = await run('blindmatch', ['prepare', agencies.requests, ...options]);
    expectOneSentence('blindmatch', ended);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('is not empty; name a new directory for the request.');
    expect(readdirSync(at('occupied'))).toEqual(['notes.txt']);
  });

  it('match does not touch a directory of the name that it would use', async () => {
    mkdirSync(at('busy.csv.request'));
    writeFileSync(at('busy.csv.request/notes.txt'), 'mine');
    const options = [...authority(agencies, daemon.url), '--key', agencies.key, '--out', at('busy.csv')];
    const ended = await run('blindmatch', ['match', agencies.requests, ...options]);
    expectOneSentence('blindmatch', ended);
    expect(ended.code).toBe(1);
    expect(readdirSync(at('busy.csv.request'))).toEqual(['notes.txt']);
  });

  it('match does not start over a request that is not finished', async () => {
    const request = at('unfinished.csv.request');
    await succeed('blindmatch', [
      'prepare',
      agencies.requests,
      ...authority(agencies, daemon.url),
      '-o',
      request,
    ]);
    const options = [
      ...authority(agencies, daemon.url),
      '--key',
      agencies.key,
      '--out',
      at('unfinished.csv'),
    ];
    const ended = await run('blindmatch', ['match', agencies.requests, ...options]);
    expectOneSentence('blindmatch', ended);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      'holds a request that is not finished; remove it, or go on with: blindmatch',
    );
    expect(existsSync(join(request, 'manifest.dsse.json'))).toBe(true);
  });

  it('results do not go where a directory is, and nothing is asked', async () => {
    const options = [...authority(agencies, daemon.url), '--key', agencies.key, '--out', at('occupied')];
    const ended = await run('blindmatch', ['match', agencies.requests, ...options]);
    expectOneSentence('blindmatch', ended);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('is a directory;') as string });
    expect(existsSync(at('occupied.request'))).toBe(false);
  });

  it.each([
    ['sign', ['--key', 'official.pem']],
    ['submit', ['--server', 'ws://127.0.0.1:1', '--out', 'x.csv']],
  ])('%s names what is not a prepared request', async (command, options) => {
    const ended = await run('blindmatch', [command, agencies.home, ...options], { cwd: agencies.home });
    expectOneSentence('blindmatch', ended);
    expect(ended.stderr).toContain('is not a prepared request; make one with: blindmatch prepare');
    expect(ended.code).toBe(1);
  });

  it.each(['build', 'allow', 'serve', 'inspect'])(
    "%s names what is not a holder's directory",
    async (command) => {
      const options = {
        build: ['--source', 'people.csv'],
        allow: ['--requester', 'A', '--official', 'official.pub.pem', '--max-records', '1'],
        serve: ['--listen', '127.0.0.1:0'],
      }[command];
      const ended = await run('blindmatchd', [command, 'nowhere', ...(options ?? [])], {
        cwd: agencies.home,
      });
      expectOneSentence('blindmatchd', ended);
      expect(ended.stderr).toContain(
        "nowhere is not a holder's directory; make one with: blindmatchd init nowhere",
      );
      expect(ended.code).toBe(1);
    },
  );
});

async function copyOfKey(name: string, mode: number): Promise<string> {
  await succeed('blindmatch', ['keygen', at(name)]);
  chmodSync(at(name), mode);
  return at(name);
}

async function publicKey(name: string): Promise<string> {
  await succeed('blindmatch', ['keygen', at(name)]);
  const path = at(name.replace('.pem', '.pub.pem'));
  chmodSync(path, 0o600);
  return path;
}

function rsaKey(name: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return file(name, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600);
}

async function listening(server: Server | TcpServer): Promise<string> {
  strangers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address where nobody listens any more. */
async function freeAddress(): Promise<string> {
  const server = createTcpServer();
  const url = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}

async function webServer(): Promise<string> {
  return await listening(createServer((_, response) => response.end('<h1>Welcome</h1>')));
}

/** Accepts every upgrade (RFC 6455, section 4.2.2) and chooses no subprotocol. */
async function otherWebSocket(): Promise<string> {
  const server = createServer();
  server.on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${String(request.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade';
    socket.end(`${upgrade}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  });
  return await listening(server);
}

async function otherProtocol(): Promise<string> {
  return await listening(createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n')));
}

async function hangUp(): Promise<string> {
  return await listening(createTcpServer((socket) => socket.once('data', () => socket.destroy())));
}
