import { isIPv6 } from 'node:net';

/** How many connections may wait for the acceptance of a request in all: strangers, until they have shown who they are. */
export const WAITING_MAX = 256;

/** How many of those may come from one address (IPv4), or one subnet of 64 bits (IPv6). */
export const WAITING_PER_ADDRESS_MAX = 16;

/** How many of those may come from this machine itself: a proxy before the daemon has one address for everybody. */
export const WAITING_LOCAL_MAX = 128;

/** How many connections with an accepted request are served at once. */
export const ACCEPTED_MAX = 64;

/** The place of one connection, from its upgrade until it is gone. */
export interface Place {
  /** Whether there is room for one more accepted request. */
  readonly acceptable: boolean;
  /** The connection's request was accepted: it makes room for strangers. */
  accept(): void;
  /** The connection is gone. Safe to call again. */
  leave(): void;
}

/**
 * Who may be connected. Those who wait for acceptance and those who have it are counted apart, so that strangers can
 * neither push out an accepted requester nor take the room of the next one.
 */
export class Admission {
  /** Address → its connections that wait. */
  readonly #waiting = new Map<string, number>();
  #accepted = 0;

  /** Whether one more connection from an address can be taken. */
  admits(address: string): boolean {
    const all = [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
    const from = subnet(address);
    const here = this.#waiting.get(from) ?? 0;
    const most = isLocal(from) ? WAITING_LOCAL_MAX : WAITING_PER_ADDRESS_MAX;
    return all < WAITING_MAX && here < most && this.#accepted < ACCEPTED_MAX;
  }

  /** Takes a connection in; to be asked for only where `admits` says so. */
  enter(address: string): Place {
    const from = subnet(address);
    let state: 'waiting' | 'accepted' | 'gone' = 'waiting';
    this.#waiting.set(from, (this.#waiting.get(from) ?? 0) + 1);
    const hasRoom = (): boolean => this.#accepted < ACCEPTED_MAX;
    return {
      get acceptable(): boolean {
        return hasRoom();
      },
      accept: () => {
        if (state !== 'waiting') return;
        this.#stopWaiting(from);
        this.#accepted++;
        state = 'accepted';
      },
      leave: () => {
        if (state === 'waiting') this.#stopWaiting(from);
        else if (state === 'accepted') this.#accepted--;
        state = 'gone';
      },
    };
  }

  #stopWaiting(from: string): void {
    const left = (this.#waiting.get(from) ?? 0) - 1;
    if (left > 0) this.#waiting.set(from, left);
    else this.#waiting.delete(from);
  }
}

function isLocal(from: string): boolean {
  return from.startsWith('127.') || from === '0:0:0:0';
}

/** What one party surely has for itself: an IPv4 address, or the first 64 bits of an IPv6 one. */
function subnet(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  const [head = '', tail] = bare.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':');
}
