import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, Socket } from 'node:net';
import { join } from 'node:path';
import { SUBPROTOCOL } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Holder } from '../src/holder.ts';
import { listen, type Daemon, type TlsFiles } from '../src/daemon.ts';
import { Newcomers, NEWCOMERS_LOCAL_MAX, NEWCOMERS_PER_ADDRESS_MAX } from '../src/newcomers.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const directory = temporaryDirectory();

/** A socket that comes from an address, without a network. */
function arrive(server: Server, remoteAddress: string): Socket {
  const socket = new Socket();
  Object.defineProperties(socket, {
    remoteAddress: { value: remoteAddress },
    remotePort: { value: ++ports },
  });
  server.emit('connection', socket);
  return socket;
}
let ports = 0;

/** Newcomers of a server that does nothing else with its sockets. */
function silentServer(): { server: Server; newcomers: Newcomers } {
  const server = createServer();
  server.removeAllListeners('connection');
  return { server, newcomers: new Newcomers(server) };
}

describe('the sockets of one address before their upgrade', () => {
  it('are a few, and more are cut off while other addresses get in', () => {
    const { server } = silentServer();
    const few = Array.from({ length: NEWCOMERS_PER_ADDRESS_MAX }, () => arrive(server, '192.0.2.1'));
    expect(arrive(server, '192.0.2.1').destroyed).toBe(true);
    expect(arrive(server, '::ffff:192.0.2.1').destroyed).toBe(true);
    expect(arrive(server, '192.0.2.2').destroyed).toBe(false);
    expect(few.some((socket) => socket.destroyed)).toBe(false);
  });

  it('are more for this machine', () => {
    const { server } = silentServer();
    for (let count = 0; count < NEWCOMERS_LOCAL_MAX; count++) {
      expect(arrive(server, '127.0.0.1').destroyed).toBe(false);
    }
    expect(arrive(server, '127.0.0.1').destroyed).toBe(true);
  });

  it('make room once, by an upgrade or by their end', async () => {
    const { server, newcomers } = silentServer();
    const [first, second] = Array.from({ length: NEWCOMERS_PER_ADDRESS_MAX }, () =>
      arrive(server, '192.0.2.1'),
    );
    newcomers.upgraded(first!);
    first!.destroy();
    await once(first!, 'close');
    expect(arrive(server, '192.0.2.1').destroyed).toBe(false);
    expect(arrive(server, '192.0.2.1').destroyed).toBe(true);
    second!.destroy();
    await once(second!, 'close');
    expect(arrive(server, '192.0.2.1').destroyed).toBe(false);
    expect(arrive(server, '192.0.2.1').destroyed).toBe(true);
  });

  it('are cut off together, but for those that were upgraded', () => {
    const { server, newcomers } = silentServer();
    const sockets = ['192.0.2.1', '192.0.2.1', '192.0.2.2'].map((address) => arrive(server, address));
    newcomers.upgraded(sockets[0]!);
    newcomers.destroy();
    expect(sockets.map(({ destroyed }) => destroyed)).toEqual([false, true, true]);
  });
});

/** Fills a daemon's room for newcomers of this machine, shows that it is full, and that ends and upgrades free it. */
async function fillAndFree(tls: TlsFiles | undefined): Promise<void> {
  const holder = { epoch: {}, now: () => new Date(), monotonic: () => 0 } as unknown as Holder;
  const daemon: Daemon = await listen({ host: '127.0.0.1', port: 0 }, tls, () => Promise.resolve(holder));
  const upgrade = async (): Promise<WebSocket> => {
    const socket = new WebSocket(daemon.url, SUBPROTOCOL, { rejectUnauthorized: false });
    await once(socket, 'open');
    return socket;
  };
  const upgraded = [await upgrade(), await upgrade()];
  const silent = Array.from({ length: NEWCOMERS_LOCAL_MAX }, () =>
    connect(Number(new URL(daemon.url).port), '127.0.0.1'),
  );
  await Promise.all(silent.map((socket) => once(socket, 'connect')));
  await expect(upgrade()).rejects.toThrow();
  silent[0]!.destroy();
  await expect.poll(() => upgrade().then((socket) => upgraded.push(socket))).toBeGreaterThan(2);
  upgraded.push(await upgrade());
  expect(upgraded.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true);
  for (const socket of [...silent, ...upgraded]) socket.on('error', () => undefined);
  await daemon.close();
}

describe('a daemon whose room for sockets of one address is taken', () => {
  it('goes on with those that it has upgraded and takes the next when one ends', async () => {
    await fillAndFree(undefined);
  });

  it.skipIf(spawnSync('openssl', ['version']).status !== 0)(
    'does so behind TLS too, whose handshakes count (needs openssl)',
    async () => {
      const tls = { certificate: join(directory, 'tls.pem'), key: join(directory, 'tls.key') };
      const made = ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=localhost', '-days', '2'];
      execFileSync('openssl', [...made, '-keyout', tls.key, '-out', tls.certificate], { stdio: 'ignore' });
      chmodSync(tls.key, 0o600);
      await fillAndFree(tls);
    },
  );
});
