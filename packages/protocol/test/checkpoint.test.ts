import { createPublicKey } from 'node:crypto';
import { emptyRoot } from '@blindmatch/merkle';
import { describe, expect, it } from 'vitest';
import { logOrigin, noteKeyOf, openCheckpoint, signCheckpoint } from '../src/checkpoint.ts';
import { cosignNote, formatNote, parseNote, signNote } from '../src/signed-note.ts';
import { codeOf, holderFingerprint, holderKey, NOON, strangerKey } from './setting.ts';

const publicKey = createPublicKey(holderKey);
const root = new Uint8Array(32).fill(0xa5);
const root64 = Buffer.from(root).toString('base64');
const origin = `blindmatch.v1/log/${holderFingerprint.slice(7)}`;
const { note } = signCheckpoint({ size: 20_852_163, root }, holderKey);
/** A note of this text, signed by the holder. */
const signed = (text: string) => formatNote(signNote(text, noteKeyOf(holderKey)));
const open = (text: string) => openCheckpoint(text, publicKey);

describe('a checkpoint', () => {
  it('is a signed note of origin, size and root, under the name of the log', () => {
    expect(logOrigin(holderFingerprint)).toBe(origin);
    expect(note.startsWith(`${origin}\n20852163\n${root64}\n\n\u2014 ${origin} `)).toBe(true);
    expect(open(note)).toEqual({ size: 20_852_163, root, note });
  });

  it('may be of no leaf and of the most', () => {
    expect(open(signCheckpoint({ size: 0, root: emptyRoot() }, holderKey).note).size).toBe(0);
    expect(open(signCheckpoint({ size: 2 ** 32 - 1, root }, holderKey).note).size).toBe(2 ** 32 - 1);
  });

  it('may have extension lines, which say nothing here', () => {
    const extended = signed(`${origin}\n7\n${root64}\nextension\nanother one\n`);
    expect(open(extended)).toEqual({ size: 7, root, note: extended });
  });

  it('keeps the cosignatures of witnesses in its note', () => {
    const cosigned = formatNote(
      cosignNote(parseNote(note), { name: 'witness.example/w', key: strangerKey }, NOON),
    );
    expect(open(cosigned).note).toBe(cosigned);
  });

  it.each<[string, string]>([
    ['by another holder', signCheckpoint({ size: 7, root }, strangerKey).note],
    ['whose origin is that of another log', signed(`${origin.slice(0, -1)}x\n7\n${root64}\n`)],
    [
      'signed under another name',
      formatNote(signNote(`${origin}\n7\n${root64}\n`, { name: 'other', key: holderKey })),
    ],
    [
      'signed by another key under the name',
      formatNote(signNote(`${origin}\n7\n${root64}\n`, { name: origin, key: strangerKey })),
    ],
    ['whose size was changed', note.replace('20852163', '20852164')],
    ['with a leading zero', signed(`${origin}\n07\n${root64}\n`)],
    ['with two zeros', signed(`${origin}\n00\n${root64}\n`)],
    ['with a sign', signed(`${origin}\n+7\n${root64}\n`)],
    ['of less than nothing', signed(`${origin}\n-1\n${root64}\n`)],
    ['with a fraction', signed(`${origin}\n7.0\n${root64}\n`)],
    ['with a space behind the size', signed(`${origin}\n7 \n${root64}\n`)],
    ['with no size', signed(`${origin}\n\n${root64}\n`)],
    ['of 2^32 leaves', signed(`${origin}\n4294967296\n${root64}\n`)],
    ['of more leaves than numbers are exact for', signed(`${origin}\n99999999999999999999\n${root64}\n`)],
    ['with a root of 31 bytes', signed(`${origin}\n7\n${Buffer.alloc(31).toString('base64')}\n`)],
    ['with a root of 33 bytes', signed(`${origin}\n7\n${Buffer.alloc(33).toString('base64')}\n`)],
    ['with a root in hexadecimal digits', signed(`${origin}\n7\n${'a5'.repeat(32)}\n`)],
    ['with a root whose padding bits are set', signed(`${origin}\n7\n${root64.replace('U=', 'V=')}\n`)],
    ['without a root', signed(`${origin}\n7\n`)],
    ['with an empty extension line', signed(`${origin}\n7\n${root64}\nextension\n\nanother\n`)],
    ['with an empty line behind its root', signed(`${origin}\n7\n${root64}\n\n`)],
    ['that is no note', `${origin}\n7\n${root64}\n`],
  ])('%s is log_invalid', (_, wrong) => {
    expect(codeOf(() => open(wrong))).toBe('log_invalid');
  });
});
