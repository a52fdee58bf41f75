import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { REQUESTER_FRAME_MAX, SUBPROTOCOL } from '@blindmatch/protocol';
import { CommandError, EXIT, readSecretFile, readTextFile } from '@blindmatch/terminal';
import { WebSocketServer } from 'ws';
import { Admission } from './admission.ts';
import { Connection } from './connection.ts';
import type { Holder } from './holder.ts';
import { isLoopback, listenUrl, type ListenAddress } from './listen-address.ts';
import { errorText } from './log.ts';
import { Newcomers } from './newcomers.ts';
import { Upkeep } from './upkeep.ts';

/** Files of a TLS certificate chain and its key (0600), PEM. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A daemon that listens. */
export interface Daemon {
  readonly url: string;
  /** Tells every requester that it is going away, and resolves when the last connection is closed. */
  close(): Promise<void>;
}

/** How many sockets may be open at once, whatever they are for and whosever; more are closed. */
const SOCKETS_MAX = 1024;

/** How long a connection may take from its first byte to a whole upgrade request. */
const UPGRADE_DEADLINE_MS = 10_000;

/** How often that is looked at. */
const UPGRADE_CHECK_MS = 2000;

/**
 * Listens for requesters. Plain `ws://` is for loopback addresses only: a name or an address that others can reach
 * needs a certificate (TLS 1.3).
 *
 * @param makeHolder called once nothing can keep the daemon from listening, so that it may write to the log that it
 *   serves; nobody is served before it resolves, and where it throws, nobody is at all
 * @throws CommandError `tls_needed` (exit code 2), `tls_invalid`, `port_in_use` and `cannot_listen` (exit code 3)
 */
export async function listen(
  address: ListenAddress,
  tls: TlsFiles | undefined,
  makeHolder: () => Promise<Holder>,
): Promise<Daemon> {
  if (tls === undefined && !isLoopback(address.host)) {
    throw new CommandError(
      'tls_needed',
      `Others can reach ${address.host}, so a certificate is needed; give --tls-cert and --tls-key, or listen on 127.0.0.1.`,
      EXIT.usage,
    );
  }
  const server = createServer(tls);
  server.maxConnections = SOCKETS_MAX;
  const connections = new Set<Connection>();
  const newcomers = new Newcomers(server);
  const admission = new Admission();
  const sockets = new WebSocketServer({
    noServer: true,
    // Compression before encryption leaks, and inflating costs memory that a peer chooses.
    perMessageDeflate: false,
    maxPayload: REQUESTER_FRAME_MAX,
    // A legal message is one frame; a few fragments are tolerated for proxies that split.
    maxFragments: 64,
    maxBufferedChunks: 1024,
    handleProtocols: () => SUBPROTOCOL,
  });
  let count = 0;
  let holder: Holder | undefined;
  server.on('upgrade', (request, socket, head) => {
    const address = request.socket.remoteAddress ?? '';
    const serving = holder;
    if (serving === undefined) {
      endUpgrade(socket, STARTING);
      return;
    }
    const refusal = refuseUpgrade(request, admission.admits(address));
    if (refusal !== undefined) {
      endUpgrade(socket, refusal);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      newcomers.upgraded(request.socket);
      const place = admission.enter(address);
      try {
        const connection = new Connection(++count, webSocket, serving, place);
        connections.add(connection);
        webSocket.on('close', () => connections.delete(connection));
      } catch (error) {
        // A fault of this side's ends this connection, not the process.
        place.leave();
        webSocket.terminate();
        serving.log.warn('internal error', { error: errorText(error) });
      }
    });
  });
  await startListening(server, address);
  try {
    holder = await makeHolder();
  } catch (error) {
    server.close();
    newcomers.destroy();
    throw error;
  }
  const upkeep = new Upkeep(holder);
  const { port } = server.address() as AddressInfo;
  return {
    url: listenUrl({ host: address.host, port }, tls !== undefined),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.shutDown();
      // Those that have not asked for the upgrade yet have nothing to be told.
      server.closeAllConnections();
      newcomers.destroy();
      await Promise.all([closed, upkeep.end()]);
    },
  };
}

function createServer(tls: TlsFiles | undefined): Server {
  const limits = {
    connectionsCheckingInterval: UPGRADE_CHECK_MS,
    headersTimeout: UPGRADE_DEADLINE_MS,
    requestTimeout: UPGRADE_DEADLINE_MS,
    maxHeaderSize: 8192,
  };
  const answer = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket', connection: 'close' });
    response.end(`This is a Blindmatch holder; connect with a WebSocket that speaks ${SUBPROTOCOL}.\n`);
  };
  if (tls === undefined) return createHttpServer(limits, answer);
  const certificate = readTextFile(tls.certificate);
  if (!certificate.includes('-----BEGIN CERTIFICATE-----')) {
    throw new CommandError('tls_invalid', `${tls.certificate} holds no certificate; give a chain in PEM.`);
  }
  try {
    return createHttpsServer(
      {
        ...limits,
        cert: certificate,
        key: readSecretFile(tls.key),
        minVersion: 'TLSv1.3',
        handshakeTimeout: UPGRADE_DEADLINE_MS,
      },
      answer,
    );
  } catch (cause) {
    if (cause instanceof CommandError || (cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new CommandError(
      'tls_invalid',
      `The certificate ${tls.certificate} and the key ${tls.key} don't go together; give a PEM chain and its own key.`,
      undefined,
      { cause },
    );
  }
}

/** An HTTP status and a sentence for an upgrade that can't be served. */
interface UpgradeRefusal {
  readonly status: string;
  readonly text: string;
}

const STARTING: UpgradeRefusal = {
  status: '503 Service Unavailable',
  text: 'This holder is about to serve; try again in a moment.',
};

/** Why an upgrade can't be served; undefined for one that can. */
function refuseUpgrade(request: IncomingMessage, hasRoom: boolean): UpgradeRefusal | undefined {
  if (request.url !== '/') {
    return {
      status: '404 Not Found',
      text: 'This holder is at the path / only; use the address without a path.',
    };
  }
  if (request.headers.origin !== undefined) {
    return { status: '403 Forbidden', text: 'This holder serves no web page; use the program blindmatch.' };
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    return {
      status: '400 Bad Request',
      text: `This holder speaks ${SUBPROTOCOL} only; use a client that does.`,
    };
  }
  if (!hasRoom) {
    return {
      status: '503 Service Unavailable',
      text: 'This holder serves as many requesters as it can; try again later.',
    };
  }
  return undefined;
}

function endUpgrade(socket: Duplex, { status, text }: UpgradeRefusal): void {
  // A peer that is gone before it read the answer is none of our business.
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    // A peer that never closes its own half must not keep the socket.
    () => socket.destroy(),
  );
}

async function startListening(server: Server, address: ListenAddress): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.port, address.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    const inUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    const where = `${address.host}:${address.port}`;
    throw new CommandError(
      inUse ? 'port_in_use' : 'cannot_listen',
      inUse
        ? `Another program listens on ${where} already; stop it or choose another port with --listen.`
        : `This machine can't listen on ${where}; choose an address of its own and a port that it may use.`,
      EXIT.network,
      { cause },
    );
  }
}
