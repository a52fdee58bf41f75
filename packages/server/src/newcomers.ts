import type { Server, Socket } from 'node:net';
import { isLocal, subnet } from './admission.ts';

/** How many sockets of one address (IPv4), or one subnet of 64 bits (IPv6), may be open before their upgrade. */
export const NEWCOMERS_PER_ADDRESS_MAX = 32;

/** How many of those may come from this machine itself: a proxy before the daemon has one address for everybody. */
export const NEWCOMERS_LOCAL_MAX = 256;

/**
 * TCP connections of a server that are not upgraded yet, those under a TLS handshake among them: the HTTP server knows
 * nothing of these. One address has a small part of the server's sockets, so that it can't keep the others out by
 * saying nothing; what is above is cut off at once.
 */
export class Newcomers {
  /** By the peer's address and port: the TLS socket of an upgrade does not give its TCP socket. */
  readonly #forget = new Map<string, () => void>();
  /** Subnet → its sockets. */
  readonly #bySubnet = new Map<string, Set<Socket>>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#take(socket);
    });
  }

  /** The connection is upgraded: it is counted elsewhere from now on. */
  upgraded(socket: Socket): void {
    this.#forget.get(peerOf(socket))?.();
  }

  /** Cuts all of them off. */
  destroy(): void {
    for (const socket of [...this.#bySubnet.values()].flatMap((sockets) => [...sockets])) socket.destroy();
  }

  #take(socket: Socket): void {
    // Kept, because a closed socket has neither.
    const peer = peerOf(socket);
    const from = subnet(socket.remoteAddress ?? '');
    const sockets = this.#bySubnet.get(from) ?? new Set();
    if (sockets.size >= (isLocal(from) ? NEWCOMERS_LOCAL_MAX : NEWCOMERS_PER_ADDRESS_MAX)) {
      socket.destroy();
      return;
    }
    this.#bySubnet.set(from, sockets.add(socket));
    const forget = (): void => {
      sockets.delete(socket);
      // Asked for twice, it must not remove the subnet's next set.
      if (sockets.size === 0 && this.#bySubnet.get(from) === sockets) this.#bySubnet.delete(from);
      if (this.#forget.get(peer) === forget) this.#forget.delete(peer);
    };
    this.#forget.set(peer, forget);
    socket.once('close', forget);
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
