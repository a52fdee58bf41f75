import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveBlinds } from '../src/blinds.ts';
import { engines, pretending } from './engines.ts';
import { refusal } from './refusal.ts';
import { scalarOf, valueOf } from './scalar-values.ts';
import { toHex } from './vectors.ts';

const seed = new Uint8Array(32).fill(7);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

describe.each(engines)('blinds over $name', (engine) => {
  it('are HMAC-SHA512(seed, label ‖ chunk ‖ position), little-endian, modulo the order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), u32, u32, (anySeed, chunk, position) => {
        const message = Buffer.alloc(19 + 8);
        message.write('Blindmatch-v1-blind');
        message.writeUInt32BE(chunk, 19);
        message.writeUInt32BE(position, 23);
        const expected = scalarOf(valueOf(createHmac('sha512', anySeed).update(message).digest()));
        expect(toHex(deriveBlinds(engine, anySeed, chunk, position, 1))).toBe(toHex(expected));
      }),
    );
  });

  it('of a slice are those of the whole from its start', () => {
    const whole = toHex(deriveBlinds(engine, seed, 5, 0, 10));
    expect(toHex(deriveBlinds(engine, seed, 5, 3, 7))).toBe(whole.slice(3 * 64));
  });

  it('differ between chunks, positions and seeds', () => {
    const blinds = [
      ...[0, 1, 2].map((chunk) => toHex(deriveBlinds(engine, seed, chunk, 0, 1))),
      ...[1, 2].map((position) => toHex(deriveBlinds(engine, seed, 0, position, 1))),
      toHex(deriveBlinds(engine, new Uint8Array(32), 0, 0, 1)),
    ];
    expect(new Set(blinds).size).toBe(blinds.length);
  });

  it('are refused when one is zero', async () => {
    // Nobody can make a seed that gives one, so an engine pretends.
    const zeroing = pretending(engine, {
      scalarsFromWide: (wide) => engine.scalarsFromWide(wide).fill(0, 32, 64),
    });
    expect(await refusal(() => deriveBlinds(zeroing, seed, 0, 0, 3))).toMatchObject({
      code: 'scalar_invalid',
    });
  });
});
