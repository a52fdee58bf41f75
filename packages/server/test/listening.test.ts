import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { SUBPROTOCOL } from '@blindmatch/protocol';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Holder } from '../src/holder.ts';
import { listen, type Daemon } from '../src/daemon.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };
const HOLDER = { epoch: {}, now: () => new Date(), monotonic: () => 0 } as unknown as Holder;

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The HTTP status that an upgrade is answered with. */
async function upgradeStatus(port: number): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, SUBPROTOCOL);
  socket.on('error', () => undefined);
  const status = await Promise.race([
    once(socket, 'upgrade').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => (response as IncomingMessage).statusCode),
  ]);
  socket.terminate();
  return status;
}

it('listens before the log is written, and serves nobody until it is', async () => {
  const port = await freePort();
  let finish: (holder: Holder) => void = () => undefined;
  const made = new Promise<Holder>((resolve) => (finish = resolve));
  let began: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => (began = resolve));
  const listening = listen({ ...LOOPBACK, port }, undefined, () => {
    began();
    return made;
  });
  await beginning;
  expect(await upgradeStatus(port)).toBe(503);
  finish(HOLDER);
  const daemon: Daemon = await listening;
  expect(await upgradeStatus(port)).toBe(101);
  await daemon.close();
});

it('writes nothing to the log where another program has the port', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  let written = false;
  const listening = listen({ ...LOOPBACK, port }, undefined, () => {
    written = true;
    return Promise.resolve(HOLDER);
  });
  await expect(listening).rejects.toMatchObject({ code: 'port_in_use' });
  expect(written).toBe(false);
  other.close();
});

it('does not go on listening where the log can not be written', async () => {
  const port = await freePort();
  const fault = new RangeError('the log is full');
  await expect(listen({ ...LOOPBACK, port }, undefined, () => Promise.reject(fault))).rejects.toBe(fault);
  const daemon = await listen({ ...LOOPBACK, port }, undefined, () => Promise.resolve(HOLDER));
  await daemon.close();
});
