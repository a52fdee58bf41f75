import { describe, expect, it } from 'vitest';
import { isLoopback, listenUrl, parseListenAddress } from '../src/listen-address.ts';
import { codeOf } from './temporary-directory.ts';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:8443', '127.0.0.1', 8443, true],
    ['127.1.2.3:0', '127.1.2.3', 0, true],
    ['localhost:1', 'localhost', 1, true],
    ['[::1]:8443', '::1', 8443, true],
    ['0.0.0.0:65535', '0.0.0.0', 65_535, false],
    ['[::]:443', '::', 443, false],
    ['192.0.2.7:8443', '192.0.2.7', 8443, false],
    ['holder.example:8443', 'holder.example', 8443, false],
    ['127.0.0.1.example:8443', '127.0.0.1.example', 8443, false],
    ['localhost.example:8443', 'localhost.example', 8443, false],
  ])('may be %s', (text, host, port, loopback) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
    expect(isLoopback(host)).toBe(loopback);
  });

  it.each([
    '',
    '8443',
    '127.0.0.1',
    ':8443',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '127.0.0.1:0x10',
    '127.0.0.1:8443 ',
    '::1:8443',
    '[::1]',
    '[127.0.0.1]:8443',
    '[::g]:8443',
    'ws://127.0.0.1:8443',
    'a b:8443',
  ])('may not be "%s"', (text) => {
    expect(codeOf(() => parseListenAddress(text))).toBe('listen_invalid');
  });

  it.each([
    ['127.0.0.1', false, 'ws://127.0.0.1:8443'],
    ['::1', false, 'ws://[::1]:8443'],
    ['holder.example', true, 'wss://holder.example:8443'],
  ])('gives requesters a URL: %s', (host, secure, url) => {
    expect(listenUrl({ host, port: 8443 }, secure)).toBe(url);
  });
});
