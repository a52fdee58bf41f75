import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicKeyFromSpki, publicKeyToSpki } from '../src/keys.ts';
import { cosignatureBy, cosignNote, formatNote, hasSigned, parseNote, signNote } from '../src/signed-note.ts';
import type { NoteKey } from '../src/signed-note.ts';
import { codeOf, holderKey, keyOf, NOON, strangerKey } from './setting.ts';

const key: NoteKey = { name: 'example.com/log', key: holderKey };
const witness: NoteKey = { name: 'witness.example/w1', key: keyOf(6) };
const body = 'example.com/log\n3\nAAAA\n';
const note = signNote(body, key);
const line = (name: string, bytes: Uint8Array) => `\u2014 ${name} ${Buffer.from(bytes).toString('base64')}\n`;
const keyId = (name: string, type: number, of: KeyObject) =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(type))
    .update(publicKeyToSpki(of).subarray(12))
    .digest()
    .subarray(0, 4);

/** An Ed25519 key from the base64 of a verifier key: a type byte and 32 bytes. */
function verifierKey(base64: string): KeyObject {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  return publicKeyFromSpki(Buffer.concat([prefix, Buffer.from(base64, 'base64').subarray(1)]));
}

describe('a signed note', () => {
  it('is read as in the example of C2SP signed-note', () => {
    const example =
      'This is an example message.\n\n' +
      '\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const foo = { name: 'example.com/foo', key: verifierKey('AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k') };
    const parsed = parseNote(example);
    expect(Buffer.from(parsed.signatures[0]!.keyId).toString('hex')).toBe('530d903a');
    expect(hasSigned(parsed, foo)).toBe(true);
    expect(hasSigned(parseNote(example.replace('an example', 'my example')), foo)).toBe(false);
    expect(formatNote(parsed)).toBe(example);
  });

  it('is its text, an empty line and a line for each signature', () => {
    const signature = Buffer.concat([
      keyId(key.name, 1, holderKey),
      sign(null, Buffer.from(body), holderKey),
    ]);
    expect(formatNote(note)).toBe(`${body}\n${line(key.name, signature)}`);
    expect(parseNote(formatNote(note))).toEqual(note);
    expect(hasSigned(note, key)).toBe(true);
  });

  it('ends its text at the last empty line', () => {
    const text = 'first\n\nsecond\n\n\nthird\n';
    expect(parseNote(formatNote(signNote(text, key))).text).toBe(text);
  });

  it('is signed by nobody but the key under its own name', () => {
    expect(hasSigned(note, { ...key, name: 'example.com/other' })).toBe(false);
    expect(hasSigned(note, { ...key, key: strangerKey })).toBe(false);
    expect(hasSigned({ ...note, text: body.replace('3', '4') }, key)).toBe(false);
  });

  it('keeps signatures of unknown keys and algorithms, which decide nothing', () => {
    const unknown = [
      line('example.com/log', new Uint8Array(5)),
      line('other.example', new Uint8Array(2432).fill(7)),
    ];
    const parsed = parseNote(formatNote(note) + unknown.join(''));
    expect(parsed.signatures).toHaveLength(3);
    expect(hasSigned(parsed, key)).toBe(true);
  });

  it('with a wrong signature by a known key beside its right one is not signed', () => {
    const [right] = note.signatures;
    const wrong = { ...right!, signature: right!.signature.map((byte) => byte ^ 1) };
    for (const signatures of [[right!, wrong], [wrong, right!], [wrong]]) {
      expect(hasSigned({ ...note, signatures }, key)).toBe(false);
    }
    expect(hasSigned({ ...note, signatures: [right!, right!] }, key)).toBe(true);
  });

  it('takes sixteen signatures and no seventeenth', () => {
    const more = (count: number) =>
      formatNote(note) +
      Array.from({ length: count }, (_, at) => line(`w${at}.example`, new Uint8Array(76))).join('');
    expect(parseNote(more(15)).signatures).toHaveLength(16);
    expect(codeOf(() => parseNote(more(16)))).toBe('log_invalid');
  });

  it('is not longer than 8,192 bytes', () => {
    const long = (bytes: number) => formatNote(signNote(`${'é'.repeat(bytes / 2)}\n`, key));
    const rest = Buffer.byteLength(long(0));
    expect(codeOf(() => parseNote(long(8192 - rest - (rest % 2))))).toBeUndefined();
    expect(codeOf(() => parseNote(long(8194 - rest + (rest % 2))))).toBe('log_invalid');
  });

  const whole = formatNote(note);
  const signatureLine = whole.slice(body.length + 1);
  const base64 = signatureLine.split(' ')[2]!.trim();
  it.each<[string, string]>([
    ['no signature', `${body}\n`],
    ['no empty line', body + signatureLine],
    ['no line feed at its end', whole.slice(0, -1)],
    ['an empty line at its end', `${whole}\n`],
    ['something below its signatures', `${whole}more\n`],
    ['a hyphen for the dash', whole.replace('\u2014', '-')],
    ['two spaces', whole.replace('\u2014 ', '\u2014  ')],
    ['a third part in a line', whole.replace(base64, `${base64} x`)],
    ['a name with a plus', whole.replace('\u2014 example', '\u2014 ex+ample')],
    ['a name with a no-break space', whole.replace('\u2014 example', '\u2014 ex\u00a0ample')],
    ['a name with a next line', whole.replace('\u2014 example', '\u2014 ex\u0085ample')],
    ['no name', whole.replace('\u2014 example.com/log', '\u2014')],
    ['base64 without padding', whole.replace(base64, base64.replace(/=+$/, ''))],
    ['base64 with padding bits set', `${body}\n\u2014 a AAAAAAB=\n`],
    ['base64url', `${body}\n\u2014 a AAAAAAA_\n`],
    ['a key id alone', `${body}\n${line('a', new Uint8Array(4))}`],
    ['a carriage return', whole.replace('\n', '\r\n')],
    ['a tab in its text', whole.replace('3', '\t3')],
    ['a null in its text', whole.replace('3', '\u00003')],
    ['half a character', whole.replace('3', '\ud8003')],
    ['nothing', ''],
  ])('with %s is log_invalid', (_, wrong) => {
    expect(wrong).not.toBe(whole);
    expect(codeOf(() => parseNote(wrong))).toBe('log_invalid');
  });

  it.each([
    ['text without a line feed at its end', 'text', 'name'],
    ['a tab in its text', 'a\tb\n', 'name'],
    ['half a character in its text', '\udc00\n', 'name'],
    ['a name with a space', 'text\n', 'a name'],
    ['a name with a plus', 'text\n', 'a+name'],
    ['an empty name', 'text\n', ''],
  ])('with %s is not signed', (_, text, name) => {
    expect(codeOf(() => signNote(text, { name, key: holderKey }))).toBe('log_invalid');
  });
});

describe('a cosignature', () => {
  const seconds = NOON.getTime() / 1000;
  const cosigned = cosignNote(note, witness, new Date(NOON.getTime() + 999));

  it('is that of C2SP tlog-cosignature: type 4, seconds, a signature over header, time and text', () => {
    const stamp = Buffer.alloc(8);
    stamp.writeUInt32BE(seconds, 4);
    const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`);
    const bytes = Buffer.concat([
      keyId(witness.name, 4, witness.key),
      stamp,
      sign(null, message, witness.key),
    ]);
    expect(formatNote(cosigned)).toBe(formatNote(note) + line(witness.name, bytes));
  });

  it('says when the witness saw the note, and leaves the signature of the log as it is', () => {
    const read = parseNote(formatNote(cosigned));
    expect(cosignatureBy(read, witness)).toEqual({ time: NOON });
    expect(hasSigned(read, key)).toBe(true);
  });

  it('is by nobody else, under no other name and of no other text', () => {
    expect(cosignatureBy(cosigned, { ...witness, name: 'witness.example/w2' })).toBeUndefined();
    expect(cosignatureBy(cosigned, { ...witness, key: strangerKey })).toBeUndefined();
    expect(cosignatureBy({ ...cosigned, text: body.replace('3', '4') }, witness)).toBeUndefined();
    expect(cosignatureBy(note, witness)).toBeUndefined();
  });

  it('is no signature of a note, nor a signature of a note one of it', () => {
    expect(hasSigned(cosigned, witness)).toBe(false);
    expect(cosignatureBy(signNote(body, witness), witness)).toBeUndefined();
    const [, own] = cosigned.signatures;
    const retyped = { ...own!, keyId: new Uint8Array(keyId(witness.name, 1, witness.key)) };
    expect(hasSigned({ ...note, signatures: [retyped] }, witness)).toBe(false);
  });

  const own = cosigned.signatures[1]!;
  const withBytes = (change: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(own.signature);
    change(bytes);
    return { ...cosigned, signatures: [{ ...own, signature: new Uint8Array(bytes) }] };
  };

  it('with its time or signature changed, or cut, is none', () => {
    expect(
      cosignatureBy(
        withBytes((bytes) => (bytes[7]! ^= 1)),
        witness,
      ),
    ).toBeUndefined();
    expect(
      cosignatureBy(
        withBytes((bytes) => (bytes[70]! ^= 1)),
        witness,
      ),
    ).toBeUndefined();
    for (const length of [1, 8, 64, 71]) {
      const cut = { ...own, signature: own.signature.subarray(0, length) };
      expect(cosignatureBy({ ...cosigned, signatures: [cut] }, witness)).toBeUndefined();
    }
  });

  it.each([2n ** 63n, 2n ** 64n - 1n, 8_640_000_000_001n])(
    'of second %s, which no date can hold, is none',
    (second) => {
      const message = Buffer.from(`cosignature/v1\ntime ${second}\n${body}`);
      const far = withBytes((bytes) => {
        bytes.writeBigUInt64BE(second);
        sign(null, message, witness.key).copy(bytes, 8);
      });
      expect(cosignatureBy(far, witness)).toBeUndefined();
    },
  );

  it('of a witness that has cosigned before takes the place of the older one', () => {
    const later = cosignNote(cosigned, witness, new Date(NOON.getTime() + 60_000));
    expect(later.signatures).toHaveLength(2);
    expect(cosignatureBy(later, witness)).toEqual({ time: new Date(NOON.getTime() + 60_000) });
  });

  it('beside another of the same witness counts with the later time, and with a wrong one not at all', () => {
    const later = cosignNote(note, witness, new Date(NOON.getTime() + 60_000)).signatures[1]!;
    const both = { ...cosigned, signatures: [later, own] };
    expect(cosignatureBy(both, witness)).toEqual({ time: new Date(NOON.getTime() + 60_000) });
    const wrong = { ...later, signature: later.signature.map((byte) => byte ^ 1) };
    expect(cosignatureBy({ ...cosigned, signatures: [own, wrong] }, witness)).toBeUndefined();
  });

  it('finds no room on a note of sixteen signatures', () => {
    let full = note;
    for (let at = 0; at < 15; at++) full = cosignNote(full, { ...witness, name: `w${at}.example` }, NOON);
    expect(full.signatures).toHaveLength(16);
    expect(codeOf(() => cosignNote(full, witness, NOON))).toBe('log_invalid');
    expect(cosignNote(full, { ...witness, name: 'w3.example' }, NOON).signatures).toHaveLength(16);
  });
});
