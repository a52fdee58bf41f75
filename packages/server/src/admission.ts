import { isIPv6 } from 'node:net';

/** How many connections may wait for the acceptance of a request in all: strangers, until they have shown who they are. */
export const WAITING_MAX = 256;

/** How many of those may come from one address (IPv4), or one subnet of 64 bits (IPv6). */
export const WAITING_PER_ADDRESS_MAX = 16;

/** How many of those may come from this machine itself: a proxy before the daemon has one address for everybody. */
export const WAITING_LOCAL_MAX = 128;

/** How many connections with an accepted request are served at once. */
export const ACCEPTED_MAX = 64;

/** How many of those may be one requester's. */
export const ACCEPTED_PER_REQUESTER_MAX = 16;

/** What a connection was accepted for. */
export interface AcceptedRequest {
  /** The request id, as text. */
  readonly requestId: string;
  /** The requester's name in the policy. */
  readonly requester: string;
}

/** The place of one connection, from its upgrade until it is gone. */
export interface Place {
  /**
   * Keeps room for a request while it is decided on, if there is any; a connection that has the same one now would make
   * room for it. Gives whether there is.
   */
  reserve(request: AcceptedRequest): boolean;
  /** The request that room is kept for was not accepted. */
  release(): void;
  /**
   * The request that room is kept for was accepted: the connection makes room for strangers. Another connection that has
   * the same request is ended first with its `end`, which must not throw, and is counted among strangers until it is gone.
   */
  accept(end: () => void): void;
  /** The connection is gone. Safe to call again. */
  leave(): void;
}

/** What is known of a connection with an accepted request. */
interface Accepted {
  readonly requester: string;
  /** Ends the connection; its place goes back to those who wait. */
  readonly yield: () => void;
}

/**
 * Who may be connected. Those who wait for acceptance and those who have it are counted apart, so that strangers can
 * neither push out an accepted requester nor take the room of the next one. Each accepted request has one connection,
 * the latest: who lost the earlier one without the holder's knowing gets in.
 */
export class Admission {
  /** Address → its connections that wait. */
  readonly #waiting = new Map<string, number>();
  /** Request id → its connection. */
  readonly #accepted = new Map<string, Accepted>();
  /** What room is kept for while it is decided on: one of a connection. */
  readonly #reserved = new Set<AcceptedRequest>();

  /** Whether one more connection from an address can be taken. */
  admits(address: string): boolean {
    const all = [...this.#waiting.values()].reduce((sum, count) => sum + count, 0);
    const from = subnet(address);
    const here = this.#waiting.get(from) ?? 0;
    const most = isLocal(from) ? WAITING_LOCAL_MAX : WAITING_PER_ADDRESS_MAX;
    return all < WAITING_MAX && here < most;
  }

  /** Takes a connection in; to be asked for only where `admits` says so. */
  enter(address: string): Place {
    const from = subnet(address);
    let state: 'waiting' | 'accepted' | 'gone' = 'waiting';
    let reserved: AcceptedRequest | undefined;
    let acceptedId = '';
    const release = (): void => {
      if (reserved !== undefined) this.#reserved.delete(reserved);
      reserved = undefined;
    };
    this.#startWaiting(from);
    return {
      reserve: ({ requestId, requester }) => {
        release();
        if (state !== 'waiting' || !this.#hasRoomFor({ requestId, requester })) return false;
        reserved = { requestId, requester };
        this.#reserved.add(reserved);
        return true;
      },
      release,
      accept: (end) => {
        const request = reserved;
        release();
        if (state !== 'waiting' || request === undefined) return;
        const { requestId, requester } = request;
        this.#accepted.get(requestId)?.yield();
        this.#stopWaiting(from);
        state = 'accepted';
        acceptedId = requestId;
        this.#accepted.set(requestId, {
          requester,
          yield: () => {
            this.#accepted.delete(requestId);
            this.#startWaiting(from);
            state = 'waiting';
            end();
          },
        });
      },
      leave: () => {
        release();
        if (state === 'waiting') this.#stopWaiting(from);
        else if (state === 'accepted') this.#accepted.delete(acceptedId);
        state = 'gone';
      },
    };
  }

  #hasRoomFor({ requestId, requester }: AcceptedRequest): boolean {
    // By request id: the connections of one request take one place.
    const others = new Map([...this.#accepted].map(([id, accepted]) => [id, accepted.requester]));
    for (const reserved of this.#reserved) others.set(reserved.requestId, reserved.requester);
    others.delete(requestId);
    const own = [...others.values()].filter((name) => name === requester);
    return others.size < ACCEPTED_MAX && own.length < ACCEPTED_PER_REQUESTER_MAX;
  }

  #startWaiting(from: string): void {
    this.#waiting.set(from, (this.#waiting.get(from) ?? 0) + 1);
  }

  #stopWaiting(from: string): void {
    const left = (this.#waiting.get(from) ?? 0) - 1;
    if (left > 0) this.#waiting.set(from, left);
    else this.#waiting.delete(from);
  }
}

/** Whether a subnet is of this machine itself. */
export function isLocal(from: string): boolean {
  return from.startsWith('127.') || from === '0:0:0:0';
}

/** What one party surely has for itself: an IPv4 address, or the first 64 bits of an IPv6 one. */
export function subnet(address: string): string {
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
