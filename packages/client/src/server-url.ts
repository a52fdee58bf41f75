import { CommandError, EXIT } from '@blindmatch/terminal';

/**
 * Parses the URL of a holder's daemon. Plain `ws://` goes to this machine only: over a network it would show others
 * when and how much is asked.
 *
 * @throws CommandError `server_invalid`, `tls_needed`; exit code 2
 */
export function parseServerUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url?.protocol === 'ws:';
  const clean = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (url === undefined || !clean || (!plain && url.protocol !== 'wss:')) {
    throw new CommandError(
      'server_invalid',
      `"${text}" is not a holder's address; write wss://HOST:PORT, or ws://127.0.0.1:PORT for this machine.`,
      EXIT.usage,
    );
  }
  if (plain && !isLoopback(url.hostname)) {
    throw new CommandError(
      'tls_needed',
      `${url.host} is not this machine, so the connection must be encrypted; use wss://${url.host}.`,
      EXIT.usage,
    );
  }
  return url;
}

function isLoopback(hostname: string): boolean {
  return /^127(\.[0-9]{1,3}){3}$/.test(hostname) || hostname === '[::1]' || hostname === 'localhost';
}
