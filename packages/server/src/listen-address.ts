import { isIPv6 } from 'node:net';
import { CommandError, EXIT } from '@blindmatch/terminal';

/** Where the daemon listens. */
export interface ListenAddress {
  /** A literal IP address or a host name, without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Parses `HOST:PORT` (IPv6 in brackets).
 *
 * @throws CommandError `listen_invalid`, exit code 2
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[(?<six>[0-9a-fA-F:.]+)\]|(?<host>[A-Za-z0-9.-]+)):(?<port>[0-9]{1,5})$/.exec(text);
  const host = match?.groups?.['six'] ?? match?.groups?.['host'];
  const port = Number(match?.groups?.['port']);
  if (host === undefined || port > 65_535 || (match?.groups?.['six'] !== undefined && !isIPv6(host))) {
    throw new CommandError(
      'listen_invalid',
      `"${text}" is not an address to listen on; write HOST:PORT, such as 127.0.0.1:8443 or [::1]:8443.`,
      EXIT.usage,
    );
  }
  return { host, port };
}

/** Tells whether an address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return /^127(\.[0-9]{1,3}){3}$/.test(host) || host === '::1' || host === 'localhost';
}

/** The URL that requesters use. */
export function listenUrl(address: ListenAddress, secure: boolean): string {
  const host = isIPv6(address.host) ? `[${address.host}]` : address.host;
  return `${secure ? 'wss' : 'ws'}://${host}:${address.port}`;
}
