import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestText } from '../src/digest.ts';
import { encodeLeaf, parseLeaf } from '../src/log-leaf.ts';
import type { LeafOf, LogLeaf } from '../src/log-leaf.ts';
import { MAX_LEAF } from '../src/limits.ts';
import { PROBLEM_CODES } from '../src/problem.ts';
import { codeOf } from './setting.ts';

const digest = (byte: number) => digestText(new Uint8Array(32).fill(byte));
const time = '2026-11-21T12:00:00.000Z';
const asked = { time, request: digest(1), records: 5, elements: 12, policy: digest(2) };

/** One leaf of every type; a type that is added has to be added here. */
const leaves: { readonly [Type in LogLeaf['type']]: LeafOf<Type> } = {
  epoch: { type: 'epoch', time, epoch: 1, epoch_id: digest(3) },
  policy: { type: 'policy', time, policy: digest(2) },
  accepted: {
    type: 'accepted',
    ...asked,
    epoch_id: digest(3),
    requester: 'Requesting Agency',
    officials: [digest(4), digest(5)],
    certifiers: [digest(6)],
    statute: '8 U.S.C. 1253(a)(1)',
    purpose: 'location of individuals',
    investigators: 2,
    approval: digest(7),
  },
  pending: { type: 'pending', ...asked, epoch_id: digest(3), requester: 'Requesting Agency' },
  approval: {
    type: 'approval',
    time,
    request: digest(1),
    decision: 'approved',
    approver: digest(8),
    approval: digest(7),
  },
  refused: { type: 'refused', ...asked, code: 'quota_exceeded', requester: null },
  unidentified: { type: 'unidentified', time, hour: '2026-11-21T11:00:00.000Z', requests: 968 },
  finished: { type: 'finished', time, request: digest(1) },
  accounting: { type: 'accounting', time, request: digest(1), accounting: digest(9), bytes: 300 },
};

const text = (leaf: LogLeaf) => Buffer.from(encodeLeaf(leaf)).toString();
const parseText = (json: string) => parseLeaf(Buffer.from(json));
/** JSON with its members in the order of RFC 8785 and no white space, written without looking at the form. */
const canonical = (members: object) =>
  `{${Object.entries(members)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join(',')}}`;

describe('a leaf', () => {
  it('is written with its members in the order of their names and nothing between', () => {
    expect(text(leaves.epoch)).toBe(`{"epoch":1,"epoch_id":"${digest(3)}","time":"${time}","type":"epoch"}`);
    expect(text(leaves.refused)).toBe(
      `{"code":"quota_exceeded","elements":12,"policy":"${digest(2)}","records":5,"request":"${digest(1)}","requester":null,"time":"${time}","type":"refused"}`,
    );
  });

  it('has one form, whatever the order that its members come in', () => {
    const names = Object.keys(leaves.accepted);
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
        const members: Record<string, unknown> = { ...leaves.accepted };
        const shuffled = Object.fromEntries(order.map((name) => [name, members[name]])) as unknown as LogLeaf;
        expect(text(shuffled)).toBe(canonical(leaves.accepted));
      }),
    );
  });

  it('escapes text as RFC 8785 does: quotation marks and reverse solidi, nothing printable', () => {
    const requester = 'Agency "A" \\ Büro /北京 \u007e €';
    const json = text({ ...leaves.accepted, requester });
    expect(json).toContain('"requester":"Agency \\"A\\" \\\\ Büro /北京 ~ €"');
    expect(parseText(json)).toMatchObject({ requester });
  });

  it('takes every problem code of a refusal', () => {
    for (const code of PROBLEM_CODES)
      expect(parseText(text({ ...leaves.refused, code }))).toMatchObject({ code });
  });

  it('may have a null where nobody was named, nothing approved, and statute and purpose are not listed', () => {
    const bare: LogLeaf = {
      ...leaves.accepted,
      approval: null,
      certifiers: [],
      statute: null,
      purpose: null,
      investigators: 0,
    };
    expect(parseText(text(bare))).toEqual(bare);
    expect(parseText(text({ ...leaves.refused, requester: 'Requesting Agency' }))).toMatchObject({
      requester: 'Requesting Agency',
    });
  });

  it('is not larger than its limit', () => {
    expect(codeOf(() => parseLeaf(new Uint8Array(MAX_LEAF + 1).fill(0x20)))).toBe('log_invalid');
  });
});

describe.each(Object.entries(leaves))('a leaf of type %s', (type, leaf) => {
  const members = Object.entries(leaf) as [string, unknown][];
  const refused = (json: string) => codeOf(() => parseText(json));

  it('comes back from its bytes, which are canonical', () => {
    expect(text(leaf)).toBe(canonical(leaf));
    expect(parseLeaf(encodeLeaf(leaf))).toEqual(leaf);
  });

  it('lacks no member and has no other', () => {
    for (const [name] of members) {
      const less = Object.fromEntries(members.filter(([other]) => other !== name));
      expect([name, refused(canonical(less))]).toEqual([name, 'log_invalid']);
    }
    expect(refused(canonical({ ...leaf, more: 1 }))).toBe('log_invalid');
    expect(refused(canonical({ ...leaf, type: `${type}s` }))).toBe('log_invalid');
  });

  it('has each member in its form only', () => {
    const never = [2 ** 53, 1.5, true, '', ' x', 'x\u202ey', ['x'], {}];
    for (const [name, right] of members) {
      const wrong: unknown[] = [...never];
      if (name !== 'investigators') wrong.push(0);
      if (name !== 'certifiers') wrong.push([]);
      if (!['requester', 'statute', 'purpose'].includes(name)) {
        wrong.push(digest(1).toUpperCase(), digest(1).slice(7), `${digest(1)}0`);
      }
      for (const value of wrong) {
        const json = canonical({ ...leaf, [name]: value });
        expect([name, value, refused(json)]).toEqual([name, value, 'log_invalid']);
      }
      if (!['statute', 'purpose', 'approval', 'requester'].includes(name)) {
        expect([name, refused(canonical({ ...leaf, [name]: null }))]).toEqual([name, 'log_invalid']);
      }
      if (Array.isArray(right)) {
        const sixteen = Array.from({ length: 16 }, (_, byte) => digest(byte));
        expect(refused(canonical({ ...leaf, [name]: sixteen }))).toBeUndefined();
        expect(refused(canonical({ ...leaf, [name]: [...sixteen, digest(16)] }))).toBe('log_invalid');
        expect(refused(canonical({ ...leaf, [name]: [digest(1), digest(1)] }))).toBe('log_invalid');
      }
    }
  });

  it('has its time in one form only', () => {
    for (const other of [
      '2026-11-21T12:00:00Z',
      '2026-11-21T12:00:00.00Z',
      '2026-11-21T12:00:00.0000Z',
      '2026-11-21T12:00:00.000+00:00',
      '2026-11-21t12:00:00.000z',
      '2026-11-21 12:00:00.000Z',
      '2026-11-31T12:00:00.000Z',
      '2026-11-21T24:00:00.000Z',
      '2026-11-21T23:59:60.000Z',
      '+012026-11-21T12:00:00.000Z',
      '-000001-11-21T12:00:00.000Z',
    ]) {
      expect([other, refused(canonical({ ...leaf, time: other }))]).toEqual([other, 'log_invalid']);
    }
  });

  it('in any other spelling of the same JSON is refused', () => {
    const json = canonical(leaf);
    const name = JSON.stringify('type');
    for (const other of [
      ` ${json}`,
      `${json}\n`,
      json.replace(',', ', '),
      json.replace(':', ': '),
      JSON.stringify(Object.fromEntries(members.toReversed().sort(([a], [b]) => (a > b ? -1 : 1)))),
      json.replace(`"${type}"`, `"\\u${type.charCodeAt(0).toString(16).padStart(4, '0')}${type.slice(1)}"`),
      json.replace(name, '"\\u0074ype"'),
      json.replace(`${name}:`, `${name}:"${type}",${name}:`),
      `\ufeff${json}`,
    ]) {
      expect(other).not.toBe(json);
      expect([other, refused(other)]).toEqual([other, 'log_invalid']);
    }
    for (const [member, value] of members) {
      if (typeof value !== 'number') continue;
      for (const other of [`${value}.0`, `${value}e0`, `0${value}`, `"${value}"`]) {
        expect(refused(json.replace(`"${member}":${value}`, `"${member}":${other}`))).toBe('log_invalid');
      }
    }
  });

  it('with its bytes changed anywhere gives nothing but a ProtocolError or a leaf of exactly those bytes', () => {
    const json = canonical(leaf);
    fc.assert(
      fc.property(fc.nat(json.length), fc.nat(3), fc.string({ maxLength: 3 }), (at, cut, put) => {
        const bytes = Buffer.from(json.slice(0, at) + put + json.slice(at + cut));
        let read: LogLeaf | undefined;
        codeOf(() => (read = parseLeaf(bytes)));
        if (read !== undefined) expect(Buffer.from(encodeLeaf(read))).toEqual(bytes);
      }),
    );
  });
});

describe('a leaf that can not be read is not written', () => {
  it.each<[string, LogLeaf]>([
    ['an hour that does not begin then', { ...leaves.unidentified, hour: '2026-11-21T11:30:00.000Z' }],
    ['no request', { ...leaves.unidentified, requests: 0 }],
    ['no official', { ...leaves.accepted, officials: [] }],
    ['a name of 201 bytes', { ...leaves.accepted, requester: 'x'.repeat(201) }],
    ['a statute of 257 bytes', { ...leaves.accepted, statute: 'x'.repeat(257) }],
    ['201 investigators', { ...leaves.accepted, investigators: 201 }],
    ['an accounting of no bytes', { ...leaves.accounting, bytes: 0 }],
    ['an accounting that is too large', { ...leaves.accounting, bytes: 1_114_113 }],
    ['epoch 2^32', { ...leaves.epoch, epoch: 2 ** 32 }],
  ])('with %s', (_, leaf) => {
    expect(codeOf(() => encodeLeaf(leaf))).toBe('log_invalid');
  });
});
