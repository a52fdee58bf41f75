import type { RequesterMessage } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import {
  adopt,
  chunk,
  evaluations,
  leaves,
  officials,
  RECORDS,
  RECORDS_CAP,
  setAhead,
  TestRequester,
} from './daemon-rig.ts';
import { spki } from './policy-text.ts';

describe('a request that is under way', () => {
  const revoked = officials.map((official, index) => ({
    name: `Requesting Agency ${index}`,
    required_signatures: '1 of role official',
    caps: { records_per_request: RECORDS },
    officials: [{ public_key: spki(official), revoked: '2026-01-01' }],
  }));
  const validToday = revoked.map(({ officials: keys, ...requester }) => ({
    ...requester,
    officials: keys.map(({ public_key }) => ({
      public_key,
      valid_until: new Date().toISOString().slice(0, 10),
    })),
  }));

  /** A requester who has its receipt where the step needs one. */
  async function readyFor(step: RequesterMessage['type']): Promise<TestRequester> {
    const requester = await TestRequester.accepted();
    if (step !== 'accounting') return requester;
    requester.send({ type: 'finish' });
    expect(await requester.next()).toMatchObject({ type: 'receipt' });
    return requester;
  }

  const bytes = new Uint8Array(9);
  it.each<[string, RequesterMessage]>([
    ['chunk', chunk(0)],
    ['read of the set', { type: 'setRead', offset: 0, length: 10 }],
    ['receipt', { type: 'finish' }],
    ['accounting', { type: 'accounting', total: bytes.length, offset: 0, bytes }],
  ])('gets no %s any more once its official is revoked, and the log says so', async (_, step) => {
    const requester = await readyFor(step.type);
    const before = await leaves();
    await adopt({ requesters: revoked });
    requester.send(step);
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'official_revoked' });
    expect(await requester.closed).toBe(1008);
    expect(evaluations).toEqual([]);
    expect((await leaves()).slice(before.length)).toMatchObject([
      { type: 'refused', code: 'official_revoked', requester: null },
    ]);
  });

  it('ends on the day from which on its official may sign no more', async () => {
    await adopt({ requesters: validToday });
    const requester = await TestRequester.accepted();
    requester.send({ type: 'setRead', offset: 0, length: 10 });
    expect(await requester.next()).toMatchObject({ type: 'setData' });
    setAhead(86_400_000);
    requester.send({ type: 'setRead', offset: 10, length: 10 });
    expect(await requester.next()).toMatchObject({ type: 'refused', code: 'official_expired' });
  });

  it('goes on under another policy that still knows its official, by new terms or not', async () => {
    const requester = await TestRequester.accepted();
    await adopt({ minimum_records: RECORDS_CAP });
    requester.send({ type: 'setRead', offset: 0, length: 10 });
    expect(await requester.next()).toMatchObject({ type: 'setData' });
  });

  it('has one leaf of its end, however much it asked for at once', async () => {
    const requester = await TestRequester.accepted();
    await adopt({ requesters: revoked });
    for (let index = 0; index < 4; index++) requester.send(chunk(index));
    expect(await requester.last()).toMatchObject({ type: 'refused', code: 'official_revoked' });
    expect((await leaves()).filter(({ type }) => type === 'refused')).toHaveLength(1);
    expect(evaluations).toEqual([]);
  });
});
