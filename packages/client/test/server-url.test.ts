import { describe, expect, it } from 'vitest';
import { parseServerUrl } from '../src/server-url.ts';
import { codeOf } from './temporary-directory.ts';

describe("a holder's address", () => {
  it.each([
    ['wss://holder.example:8443', 'wss://holder.example:8443/'],
    ['wss://holder.example', 'wss://holder.example/'],
    ['wss://192.0.2.7:8443/path', 'wss://192.0.2.7:8443/path'],
    ['ws://127.0.0.1:8443', 'ws://127.0.0.1:8443/'],
    ['ws://127.8.9.10:1', 'ws://127.8.9.10:1/'],
    ['ws://localhost:8443', 'ws://localhost:8443/'],
    ['ws://LOCALHOST:8443', 'ws://localhost:8443/'],
    ['ws://[::1]:8443', 'ws://[::1]:8443/'],
    ['ws://[0:0:0:0:0:0:0:1]:8443', 'ws://[::1]:8443/'],
  ])('may be %s', (text, url) => {
    expect(parseServerUrl(text).href).toBe(url);
  });

  it.each([
    'ws://holder.example:8443',
    'ws://192.0.2.7:8443',
    'ws://0.0.0.0:8443',
    'ws://[::]:8443',
    'ws://10.0.0.1',
    'ws://127.0.0.1.example:8443',
    'ws://localhost.example:8443',
    'ws://[::ffff:192.0.2.7]:8443',
  ])('may not be %s, which is not this machine and not encrypted', async (text) => {
    expect(await codeOf(() => parseServerUrl(text))).toBe('tls_needed');
  });

  it.each([
    '',
    'holder.example:8443',
    '127.0.0.1:8443',
    'https://holder.example',
    'http://127.0.0.1:8443',
    'wss://',
    'wss://user@holder.example',
    'wss://user:password@holder.example',
    'wss://holder.example/?record=1',
    'wss://holder.example/#fragment',
    'wss://holder.example:99999',
  ])('may not be "%s"', async (text) => {
    expect(await codeOf(() => parseServerUrl(text))).toBe('server_invalid');
  });
});
