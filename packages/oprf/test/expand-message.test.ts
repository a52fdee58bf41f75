import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packByteStrings } from '../src/byte-strings.ts';
import { expandMessages } from '../src/expand-message.ts';
import { engines } from './engines.ts';
import { expandMessage } from './expand-message-twin.ts';
import { toHex } from './vectors.ts';

describe('expand_message_xmd with SHA-512, a message at a time', () => {
  // RFC 9380, appendix K.3.
  it.each([
    ['', '6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba'],
    ['abc', '0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc'],
  ])('expands %j to the published 32 bytes', (message, expected) => {
    const tag = Buffer.from('QUUX-V01-CS02-with-expander-SHA512-256');
    expect(toHex(expandMessage(Buffer.from(message), tag, 32))).toBe(expected);
  });
});

describe.each(engines)('expand_message_xmd over $name', (engine) => {
  it('gives for many messages what their twin gives for each', () => {
    const tags = fc.uint8Array({ maxLength: 255 });
    const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 9 });
    fc.assert(
      fc.property(messages, tags, (list, tag) => {
        const expanded = expandMessages(engine, packByteStrings(list), tag);
        expect(toHex(expanded)).toBe(list.map((message) => toHex(expandMessage(message, tag, 64))).join(''));
      }),
    );
  });
});
