import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveBlinds } from '../src/blinds.ts';
import { refusal } from './refusal.ts';
import { toHex } from './vectors.ts';

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const seed = new Uint8Array(32).fill(7);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe('blinds', () => {
  it('are HMAC-SHA512(seed, label ‖ chunk ‖ position), little-endian, modulo the order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), u32, u32, (anySeed, chunk, position) => {
        const message = Buffer.alloc(19 + 8);
        message.write('Blindmatch-v1-blind');
        message.writeUInt32BE(chunk, 19);
        message.writeUInt32BE(position, 23);
        const wide = createHmac('sha512', anySeed).update(message).digest().reverse().toString('hex');
        const expected = (BigInt(`0x${wide}`) % ORDER).toString(16).padStart(64, '0');
        const blind = Buffer.from(deriveBlinds(anySeed, chunk, position, 1)).reverse();
        expect(toHex(blind)).toBe(expected);
      }),
    );
  });

  it('of a slice are those of the whole from its start', () => {
    const whole = toHex(deriveBlinds(seed, 5, 0, 10));
    expect(toHex(deriveBlinds(seed, 5, 3, 7))).toBe(whole.slice(3 * 64));
  });

  it('differ between chunks, positions and seeds', () => {
    const blinds = [
      ...[0, 1, 2].map((chunk) => toHex(deriveBlinds(seed, chunk, 0, 1))),
      ...[1, 2].map((position) => toHex(deriveBlinds(seed, 0, position, 1))),
      toHex(deriveBlinds(new Uint8Array(32), 0, 0, 1)),
    ];
    expect(new Set(blinds).size).toBe(blinds.length);
  });

  it('need a seed of 32 bytes', async () => {
    expect(await refusal(() => deriveBlinds(new Uint8Array(16), 0, 0, 1))).toMatchObject({
      code: 'seed_invalid',
    });
  });
});
