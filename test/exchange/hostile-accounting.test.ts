import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACCOUNTING_PIECE_MAX,
  digestText,
  generateSigningKey,
  MAX_ACCOUNTING,
  type RequesterMessage,
} from '@blindmatch/protocol';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blindedElements, handmadeRequest, type HandmadeRequest } from './small-holder.ts';
import { idOf, keyEntry, WatchedHolder } from './watched-holder.ts';

const official = generateSigningKey().privateKey;
const home = mkdtempSync(join(tmpdir(), 'hostile-accounting-'));
let holder: WatchedHolder;
let elements: Uint8Array;

beforeAll(async () => {
  const recipient = await identityToRecipient(await generateIdentity());
  holder = await WatchedHolder.start(home, {
    accounting: 'optional',
    inspector: { name: 'Inspector General', recipient },
    requesters: [
      {
        name: 'Requesting Agency',
        required_signatures: '1 of role official',
        caps: { records_per_request: 5 },
        officials: [keyEntry(official)],
      },
    ],
  });
  elements = await blindedElements(3);
});

afterAll(async () => {
  await holder.stop();
  expect(holder.said).not.toContain('internal error');
  rmSync(home, { recursive: true, force: true });
});

function request(): HandmadeRequest {
  return handmadeRequest(holder.epoch, holder.fingerprint, elements, [official]);
}

/** The messages that return an accounting. */
function piecesOf(sealed: Uint8Array): readonly RequesterMessage[] {
  return Array.from({ length: Math.ceil(sealed.length / ACCOUNTING_PIECE_MAX) }, (_, piece) => {
    const offset = piece * ACCOUNTING_PIECE_MAX;
    const bytes = sealed.subarray(offset, offset + ACCOUNTING_PIECE_MAX);
    return { type: 'accounting', total: sealed.length, offset, bytes };
  });
}

function sealedBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}

/** What the log has about a request's accountings. */
async function accountingsOf(made: HandmadeRequest): Promise<readonly string[]> {
  const leaves = await holder.leavesAbout(made);
  return leaves.flatMap((leaf) => (leaf.type === 'accounting' ? [leaf.accounting] : []));
}

function digestOf(sealed: Uint8Array): string {
  return digestText(createHash('sha256').update(sealed).digest());
}

describe('an accounting', () => {
  it.each([1, 600, ACCOUNTING_PIECE_MAX, ACCOUNTING_PIECE_MAX + 1])(
    'of %i bytes is kept and logged behind the receipt',
    async (length) => {
      const made = request();
      const sealed = sealedBytes(length);
      const requester = await holder.finished(made);
      requester.send(...piecesOf(sealed));
      expect(await requester.next()).toMatchObject({ type: 'accounted' });
      requester.close();
      expect(await accountingsOf(made)).toEqual([digestOf(sealed)]);
      expect(await holder.ledger.sealedAccounting(idOf(made))).toEqual(sealed);
    },
  );

  it('is message_unexpected before the request', async () => {
    const requester = await holder.greeted();
    requester.send(...piecesOf(sealedBytes(9)));
    expect(await requester.rest()).toMatchObject([{ type: 'refused', code: 'message_unexpected' }]);
  });

  it('is message_unexpected before the receipt', async () => {
    const made = request();
    const requester = await holder.accepted(made);
    requester.send(...piecesOf(sealedBytes(9)));
    expect(await requester.rest()).toMatchObject([{ type: 'refused', code: 'message_unexpected' }]);
    expect((await holder.leavesAbout(made)).map(({ type }) => type)).toEqual(['accepted']);
    expect(await holder.ledger.sealedAccounting(idOf(made))).toBeUndefined();
  });

  it.each<[string, string, readonly RequesterMessage[]]>([
    [
      'accounting_invalid',
      'more than the largest',
      [
        {
          type: 'accounting',
          total: MAX_ACCOUNTING + 1,
          offset: 0,
          bytes: new Uint8Array(ACCOUNTING_PIECE_MAX),
        },
      ],
    ],
    [
      'accounting_invalid',
      'a first piece that is not full',
      [{ type: 'accounting', total: ACCOUNTING_PIECE_MAX + 1, offset: 0, bytes: new Uint8Array(1) }],
    ],
    [
      'accounting_invalid',
      'a piece with more than the rest',
      [{ type: 'accounting', total: 3, offset: 0, bytes: new Uint8Array(4) }],
    ],
    [
      'message_unexpected',
      'the second piece first',
      piecesOf(new Uint8Array(ACCOUNTING_PIECE_MAX + 1)).slice(1),
    ],
    [
      'message_unexpected',
      'the first piece twice',
      [0, 0].flatMap(() => piecesOf(new Uint8Array(3 * ACCOUNTING_PIECE_MAX)).slice(0, 1)),
    ],
    [
      'message_unexpected',
      'another length in the second piece',
      [
        ...piecesOf(new Uint8Array(3 * ACCOUNTING_PIECE_MAX)).slice(0, 1),
        ...piecesOf(new Uint8Array(2 * ACCOUNTING_PIECE_MAX)).slice(1),
      ],
    ],
    ['message_unexpected', 'the whole twice', [0, 0].flatMap(() => piecesOf(new Uint8Array(9)))],
    [
      'message_unexpected',
      'a chunk in the midst of it',
      [
        ...piecesOf(new Uint8Array(2 * ACCOUNTING_PIECE_MAX)).slice(0, 1),
        { type: 'chunk', index: 0, elements: new Uint8Array(32), path: new Uint8Array(0) },
      ],
    ],
  ])('is %s with %s', async (code, _, messages) => {
    const requester = await holder.finished(request());
    requester.send(...messages);
    expect((await requester.rest()).at(-1)).toMatchObject({ type: 'refused', code });
  });

  it('that never came whole leaves nothing', async () => {
    const made = request();
    const requester = await holder.finished(made);
    requester.send(...piecesOf(sealedBytes(2 * ACCOUNTING_PIECE_MAX)).slice(0, 1));
    requester.close();
    (await holder.finished(made)).close();
    expect(await accountingsOf(made)).toEqual([]);
  });

  it('is receipted again when the same bytes come again, and logged once', async () => {
    const made = request();
    const sealed = sealedBytes(600);
    for (let again = 0; again < 2; again++) {
      const requester = await holder.finished(made);
      requester.send(...piecesOf(sealed));
      expect(await requester.next()).toMatchObject({ type: 'accounted' });
      requester.close();
    }
    expect(await accountingsOf(made)).toEqual([digestOf(sealed)]);
  });

  it('is accounting_invalid when other bytes come later, and the first one stays', async () => {
    const made = request();
    const sealed = sealedBytes(600);
    const first = await holder.finished(made);
    first.send(...piecesOf(sealed));
    expect(await first.next()).toMatchObject({ type: 'accounted' });
    first.close();
    const second = await holder.finished(made);
    second.send(...piecesOf(sealedBytes(600)));
    expect(await second.rest()).toMatchObject([{ type: 'refused', code: 'accounting_invalid' }]);
    expect(await accountingsOf(made)).toEqual([digestOf(sealed)]);
    expect(await holder.ledger.sealedAccounting(idOf(made))).toEqual(sealed);
  });

  it('of one request does not account for another', async () => {
    const [owing, paying] = [request(), request()];
    (await holder.finished(owing)).close();
    const sealed = sealedBytes(600);
    const requester = await holder.finished(paying);
    requester.send(...piecesOf(sealed));
    expect(await requester.next()).toMatchObject({ type: 'accounted' });
    requester.close();
    expect(await accountingsOf(owing)).toEqual([]);
    expect(await holder.find(owing)).toMatchObject({ accounting: undefined });
  });
});

it('the log of all this verifies', async () => {
  expect(await holder.findings()).toEqual([]);
});
