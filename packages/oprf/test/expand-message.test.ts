import { describe, expect, it } from 'vitest';
import { expandMessage } from '../src/expand-message.ts';
import { toHex } from './vectors.ts';

const tag = Buffer.from('QUUX-V01-CS02-with-expander-SHA512-256');

describe('expand_message_xmd with SHA-512', () => {
  // RFC 9380, appendix K.3.
  it.each([
    ['', '6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba'],
    ['abc', '0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc'],
  ])('expands %j to the published 32 bytes', (message, expected) => {
    expect(toHex(expandMessage(Buffer.from(message), tag, 32))).toBe(expected);
  });

  it('binds the length: a longer expansion does not start with a shorter one', () => {
    const short = toHex(expandMessage(Buffer.from('abc'), tag, 64));
    expect(toHex(expandMessage(Buffer.from('abc'), tag, 128)).startsWith(short)).toBe(false);
  });

  it('refuses more than 255 blocks and a tag of more than 255 bytes', () => {
    expect(() => expandMessage(Buffer.of(), tag, 255 * 64 + 1)).toThrow(RangeError);
    expect(() => expandMessage(Buffer.of(), new Uint8Array(256), 64)).toThrow(RangeError);
  });
});
