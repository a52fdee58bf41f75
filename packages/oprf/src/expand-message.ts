import { Buffer } from 'node:buffer';
import { DIGEST_BYTES, type ByteStrings, type Engine } from '@blindmatch/group';
import { stringsOfWidth } from './byte-strings.ts';
import { u16be } from './encoding.ts';
import { wiping } from './wiping.ts';

/** Z_pad: as many zeros as SHA-512 takes in at a time. */
const ZERO_BLOCK = new Uint8Array(128);
const NOTHING = new Uint8Array();

/**
 * expand_message_xmd with SHA-512 (RFC 9380, section 5.3.1) for each message, to 64 bytes. That is one digest
 * (ell = 1), so b_1 is the result, and b_0 the only value before it.
 * @param tag the domain separation tag, at most 255 bytes
 * @returns 64·n bytes
 */
export function expandMessages(engine: Engine, messages: ByteStrings, tag: Uint8Array): Uint8Array {
  const taggedEnd = Buffer.concat([tag, Uint8Array.of(tag.length)]);
  return wiping((secret) => {
    const lengthAndZero = Buffer.concat([u16be(DIGEST_BYTES), Uint8Array.of(0), taggedEnd]);
    const b0 = secret(engine.sha512Each(ZERO_BLOCK, messages, lengthAndZero));
    const oneAndTag = Buffer.concat([Uint8Array.of(1), taggedEnd]);
    return engine.sha512Each(NOTHING, stringsOfWidth(b0, DIGEST_BYTES), oneAndTag);
  });
}
