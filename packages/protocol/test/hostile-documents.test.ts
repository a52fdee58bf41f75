/** Documents with any member changed, in envelopes signed by anybody or nobody: only ProtocolError ever comes out. */

import type { KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeApproval, openApproval } from '../src/approval.ts';
import { encodeMessage } from '../src/codec.ts';
import { digestText, sha256 } from '../src/digest.ts';
import { readJson } from '../src/document-json.ts';
import {
  addSignature,
  encodeEnvelope,
  parseEnvelope,
  PAYLOAD_TYPES,
  signPayload,
  unsignedEnvelope,
} from '../src/envelope.ts';
import type { PayloadType } from '../src/envelope.ts';
import { encodeEpochDescriptor, openEpochDescriptor, parseEpochDescriptor } from '../src/epoch-descriptor.ts';
import { HolderSession } from '../src/holder-session.ts';
import { encodeRequestManifest, openRequest, parseRequestManifest } from '../src/manifest.ts';
import { ProtocolError } from '../src/problem.ts';
import {
  encodeAccountingReceipt,
  encodeReceipt,
  openAccountingReceipt,
  openReceipt,
  verifyAccountingReceipt,
  verifyReceipt,
} from '../src/receipt.ts';
import { RequesterSession } from '../src/requester-session.ts';
import {
  acceptedLeaf,
  accountingLeaf,
  codeOf,
  descriptor,
  epochLeaf,
  epochOf,
  holderFingerprint,
  holderKey,
  NOON,
  officialKey,
  patternElements,
  policyLeaf,
  PROFILE_HASH,
  requestOf,
  signedReceipt,
  strangerKey,
  TestLog,
} from './setting.ts';

const epoch = epochOf();
const request = requestOf(patternElements(3), { epoch });
const now = () => NOON;

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

/** A document with everything that reads it. `read` takes a payload, `open` and `receive` an envelope. */
interface Document {
  readonly type: PayloadType;
  readonly payload: Uint8Array;
  readonly signer: KeyObject;
  readonly read: (payload: Uint8Array) => unknown;
  readonly open: (envelope: Uint8Array) => unknown;
  /** Gives the envelope to a session that waits for it. */
  readonly receive: (envelope: Uint8Array) => unknown;
}

const sealedAccounting = utf8('sealed accounting');
const log = new TestLog([
  policyLeaf,
  epochLeaf(epoch),
  acceptedLeaf(request.open),
  { type: 'finished', time: NOON.toISOString(), request: digestText(request.open.requestId) },
  accountingLeaf(request.open, sealedAccounting),
]);
const accepted = log.acceptance(2, 3);
const accounted = log.logged(4, 5);
const shown = { ...log.view(1, 0, 2), checkpoint: utf8(log.checkpoint(2).note) };

function requesterThat(comesTo: 'hello' | 'finishing' | 'accounting'): RequesterSession {
  const session = new RequesterSession({ holder: holderFingerprint, profiles: () => PROFILE_HASH, now });
  session.start();
  if (comesTo === 'hello') return session;
  session.receive(encodeMessage({ type: 'epoch', envelope: epoch.envelopeBytes, ...shown }));
  session.request(request.envelopeBytes);
  session.receive(encodeMessage({ type: 'accepted', requestId: request.open.requestId }));
  session.finish();
  if (comesTo === 'finishing') return session;
  const receipt = { envelope: signedReceipt(accepted), consistency: log.consistency(2, 3) };
  session.receive(encodeMessage({ type: 'receipt', ...receipt }));
  session.account(sealedAccounting);
  return session;
}

const documents: Record<string, Document> = {
  'epoch descriptor': {
    type: PAYLOAD_TYPES.epochDescriptor,
    payload: encodeEpochDescriptor(descriptor),
    signer: holderKey,
    read: parseEpochDescriptor,
    open: (bytes) => openEpochDescriptor(bytes, { holder: holderFingerprint }),
    receive: (envelope) =>
      requesterThat('hello').receive(encodeMessage({ type: 'epoch', envelope, ...shown })),
  },
  'request manifest': {
    type: PAYLOAD_TYPES.requestManifest,
    payload: encodeRequestManifest(request.open.manifest),
    signer: officialKey,
    read: parseRequestManifest,
    open: openRequest,
    receive: (envelope) => {
      const session = new HolderSession({ epoch, now });
      session.receive(encodeMessage({ type: 'hello', version: 1, logSize: 0 }));
      session.logOpened(log.view(1, 0, 2));
      const events = session.receive(encodeMessage({ type: 'request', envelope }));
      const last = events.at(-1);
      if (last?.kind !== 'close' || last.problem === undefined) return;
      // Whatever the envelope, it is no fault of the session's own.
      expect(last.problem.code).not.toBe('internal_error');
      throw last.problem;
    },
  },
  approval: {
    type: PAYLOAD_TYPES.approval,
    payload: encodeApproval({
      request: request.open.requestId,
      holder: holderFingerprint,
      decision: 'denied',
      reason: 'No such investigation',
      time: NOON,
    }),
    signer: officialKey,
    read: (payload) => openApproval(encodeEnvelope(unsignedEnvelope(PAYLOAD_TYPES.approval, payload))),
    open: openApproval,
    receive: openApproval,
  },
  receipt: {
    type: PAYLOAD_TYPES.receipt,
    payload: encodeReceipt({ completed: NOON, ...accepted }, holderKey),
    signer: holderKey,
    read: (payload) =>
      verifyReceipt(encodeEnvelope(signPayload(PAYLOAD_TYPES.receipt, payload, holderKey)), {
        holder: holderFingerprint,
      }),
    open: (bytes) => openReceipt(bytes, { descriptor, request: request.open }),
    receive: (envelope) =>
      requesterThat('finishing').receive(
        encodeMessage({ type: 'receipt', envelope, consistency: log.consistency(2, 3) }),
      ),
  },
  'receipt of an accounting': {
    type: PAYLOAD_TYPES.accountingReceipt,
    payload: encodeAccountingReceipt(accounted, holderKey),
    signer: holderKey,
    read: (payload) =>
      verifyAccountingReceipt(
        encodeEnvelope(signPayload(PAYLOAD_TYPES.accountingReceipt, payload, holderKey)),
        { holder: holderFingerprint },
      ),
    open: (bytes) =>
      openAccountingReceipt(bytes, {
        descriptor,
        request: request.open,
        accounting: sha256(sealedAccounting),
      }),
    receive: (envelope) =>
      requesterThat('accounting').receive(
        encodeMessage({ type: 'accounted', envelope, consistency: log.consistency(3, 5) }),
      ),
  },
};

const parsed = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());
const sealed = ({ type }: Document, payload: Uint8Array, signer?: KeyObject) => {
  const bare = unsignedEnvelope(type, payload);
  return encodeEnvelope(signer === undefined ? bare : addSignature(bare, signer));
};

type Path = readonly (string | number)[];

/** The places of `value` and of everything in it. */
function pathsIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([name, child]) => pathsIn(child, [...at, name]))];
}

const DELETED = Symbol('deleted');
type Change = (old: unknown) => unknown;

/** `value` with the change made at `path`. */
function changedAt(value: unknown, path: Path, change: Change): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  const child = changedAt(copy[name], rest, change);
  if (child === DELETED) Reflect.deleteProperty(copy, name);
  else copy[name] = child;
  return copy;
}

/** Stands for arrays nested so deep that no writer of JSON can write them; `jsonOf` puts the text in. */
const DEEP = 'arrays in arrays';
const DEEP_TEXT = '['.repeat(8000) + ']'.repeat(8000);

function withMember(old: unknown, name: string, value: unknown): unknown {
  if (typeof old !== 'object' || old === null) return [old, value];
  // An assignment would set the prototype where the name is __proto__.
  return Object.defineProperty({ ...old }, name, { value, enumerable: true });
}

const changes: readonly Change[] = [
  () => DELETED,
  ...[
    null,
    true,
    '',
    'x',
    ' x ',
    '\ud800',
    'x'.repeat(30_000),
    'sha256:',
    '=',
    'AAAA',
    `0${'0'.repeat(63)}`,
  ].map((value) => () => value),
  ...['not a time', '2026-02-31T00:00:00Z', '9999-99-99T99:99:99Z', '2026-11-21T12:00:00Z'].map(
    (value) => () => value,
  ),
  ...[0, 1, -1, 0.5, 4097, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308].map((value) => () => value),
  () => [],
  () => ({}),
  () => [[[[[]]]]],
  () => DEEP,
  (old) => [old],
  (old) => [old, old],
  (old) => ({ old }),
  (old) => withMember(old, 'more', 1),
  (old) => withMember(old, 'more', DEEP),
  (old) => withMember(old, '__proto__', { created: 'x' }),
  (old) => (typeof old === 'string' ? old.slice(1) : String(old)),
  (old) => (typeof old === 'string' ? `${old}\n` : old),
];

/** Fails unless every reader of `document` takes the payload and its envelopes, or throws a ProtocolError. */
function readEverywhere(document: Document, payload: Uint8Array): void {
  codeOf(() => document.read(payload));
  for (const signer of [undefined, document.signer, strangerKey]) {
    openEverywhere(document, sealed(document, payload, signer));
  }
}

function openEverywhere(document: Document, envelope: Uint8Array): void {
  codeOf(() => parseEnvelope(envelope, document.type));
  codeOf(() => document.open(envelope));
  // A frame can't carry more.
  if (envelope.length <= 65_536) codeOf(() => document.receive(envelope));
}

const jsonOf = (value: unknown) =>
  utf8(value === DELETED ? '' : JSON.stringify(value).replaceAll(`"${DEEP}"`, DEEP_TEXT));

describe.each(Object.entries(documents))('the %s', (_, document) => {
  const value = parsed(document.payload);
  const paths = pathsIn(value);

  it('is taken by every reader as it is', () => {
    document.read(document.payload);
    const envelope = sealed(document, document.payload, document.signer);
    document.open(envelope);
    expect(codeOf(() => document.receive(envelope))).toBeUndefined();
  });

  it('with any one member changed gives nothing but a ProtocolError', () => {
    for (const path of paths) {
      for (const change of changes) readEverywhere(document, jsonOf(changedAt(value, path, change)));
    }
  });

  it('with several members changed, to any JSON, gives nothing but a ProtocolError', () => {
    const change = fc.oneof(
      fc.constantFrom(...changes),
      fc.jsonValue().map((other) => () => other),
    );
    const several = fc.array(fc.tuple(fc.constantFrom(...paths), change), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(several, (made) => {
        const result = made.reduce<unknown>((so, [path, one]) => changedAt(so, path, one), value);
        readEverywhere(document, jsonOf(result));
      }),
      { numRuns: 200 },
    );
  });

  it('with its text changed anywhere gives nothing but a ProtocolError', () => {
    const text = Buffer.from(document.payload).toString();
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }), (at, cut, put) => {
        readEverywhere(document, utf8(text.slice(0, at) + put + text.slice(at + cut)));
      }),
      { numRuns: 200 },
    );
  });

  it('in an envelope with any one member changed gives nothing but a ProtocolError', () => {
    const envelope = parsed(sealed(document, document.payload, document.signer));
    for (const path of pathsIn(envelope)) {
      for (const change of changes) openEverywhere(document, jsonOf(changedAt(envelope, path, change)));
    }
  });
});

describe('the reader of documents', () => {
  const malformed = { code: 'manifest_malformed', document: 'The document' } as const;
  const read = (text: string, schema: z.ZodType = z.unknown()) => readJson(utf8(text), schema, malformed);

  it('turns a fault of a schema into the code of the document, with its cause', () => {
    const fault = new TypeError('not a function');
    const broken = z.string().transform(() => {
      throw fault;
    });
    let thrown: unknown;
    try {
      read('"x"', broken);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ProtocolError);
    expect(thrown).toMatchObject({ code: 'manifest_malformed', cause: fault });
  });

  it('takes four objects and arrays inside one another and refuses five, or as many as a document can hold', () => {
    expect(read('{"a":[{"b":[1]}]}')).toEqual({ a: [{ b: [1] }] });
    for (const text of ['{"a":[{"b":[[]]}]}', '['.repeat(32_000) + ']'.repeat(32_000)]) {
      expect(codeOf(() => read(text))).toBe('manifest_malformed');
    }
  });

  it('takes a number in digits only, and text with anything in it', () => {
    expect(read('{"a":10,"b":[0],"c":true,"d":"-1.5e3"}')).toEqual({ a: 10, b: [0], c: true, d: '-1.5e3' });
    for (const number of ['1.0', '1e0', '1E0', '10e-1', '-1', '-0', '1.0000000000000000000001', '4096.0']) {
      expect([number, codeOf(() => read(`{"a":${number}}`))]).toEqual([number, 'manifest_malformed']);
    }
  });

  it('refuses more bytes than an envelope may have', () => {
    expect(read(`"${'x'.repeat(65_534)}"`)).toHaveLength(65_534);
    expect(codeOf(() => read(`"${'x'.repeat(65_535)}"`))).toBe('manifest_malformed');
  });
});
