// Writes protocol-spec/vectors/log.json: node protocol-spec/vectors/generate/log.ts
import { createHash, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { fingerprint, publicKeyToPem, publicKeyToSpki } from '../../../packages/protocol/src/keys.ts';
import { hashOfLeaf, pathOf, proofOf, rootOf } from './log-tree.ts';
import { events } from './logged-events.ts';
import { fill, hex, keyFromSeed } from './signed-documents.ts';

// Nothing here uses the implementation's leaves, trees, notes or checkpoints: they are written from their definitions.

const seeds = { holder: fill(1), stranger: fill(4), witness: fill(20), second_witness: fill(21) };
const holder = keyFromSeed(seeds.holder);
const stranger = keyFromSeed(seeds.stranger);
const witness = { name: 'witness.example/w1', key: keyFromSeed(seeds.witness) };
const secondWitness = { name: 'witness.example/w2', key: keyFromSeed(seeds.second_witness) };

/** The members in the order of their names; all values are texts, whole numbers, nulls or arrays of texts. */
function canonical(value: object): string {
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`).join(',')}}`;
}

const leaves = events.map(({ leaf }) => canonical(leaf));
const hashes = leaves.map((leaf) => hashOfLeaf(Buffer.from(leaf)));
const roots = Array.from({ length: hashes.length + 1 }, (_, size) => rootOf(hashes.slice(0, size)));
const rootAt = (size: number): Uint8Array => {
  const root = roots[size];
  if (root === undefined) throw new Error(`there is no tree of ${size} leaves`);
  return root;
};

const originOf = (key: KeyObject): string => `blindmatch.v1/log/${fingerprint(key).slice(7)}`;
const ORIGIN = originOf(holder);

function keyId(name: string, type: number, key: KeyObject): Buffer {
  const raw = publicKeyToSpki(key).subarray(12);
  const hash = createHash('sha256').update(`${name}\n`).update(Uint8Array.of(type)).update(raw);
  return hash.digest().subarray(0, 4);
}
const verifierKey = (name: string, type: number, key: KeyObject): string => {
  const encoded = Buffer.concat([Uint8Array.of(type), publicKeyToSpki(key).subarray(12)]).toString('base64');
  return `${name}+${keyId(name, type, key).toString('hex')}+${encoded}`;
};
const line = (name: string, bytes: Uint8Array): string =>
  `\u2014 ${name} ${Buffer.from(bytes).toString('base64')}\n`;
const signature = (text: string, name: string, key: KeyObject): string =>
  line(name, Buffer.concat([keyId(name, 1, key), sign(null, Buffer.from(text), key)]));

type Witness = typeof witness;
function cosignature(text: string, { name, key }: Witness, seconds: bigint): string {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(seconds);
  const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  return line(name, Buffer.concat([keyId(name, 4, key), stamp, sign(null, message, key)]));
}

const textOf = (size: number, root: Uint8Array, origin: string = ORIGIN): string =>
  `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
const noteOf = (text: string): string => `${text}\n${signature(text, ORIGIN, holder)}`;
const checkpointOf = (size: number): string => noteOf(textOf(size, rootAt(size)));

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33];
const join = (nodes: readonly Uint8Array[]): string => hex(Buffer.concat(nodes));

const inclusionOf = (index: number, size: number) => ({
  comment: `leaf ${index} of ${size}`,
  index,
  size,
  leaf_hash: hex(hashOfLeaf(Buffer.from(leaves[index] ?? ''))),
  path: join(pathOf(index, hashes.slice(0, size))),
  root: hex(rootAt(size)),
});
const inclusion = sizes.flatMap((size) =>
  [...new Set([0, 1, size >> 1, size - 2, size - 1])]
    .filter((index) => index >= 0 && index < size)
    .sort((a, b) => a - b)
    .map((index) => inclusionOf(index, size)),
);

const consistencyOf = (first: number, second: number) => ({
  comment: `from ${first} to ${second}`,
  first,
  first_root: hex(rootAt(first)),
  second,
  second_root: hex(rootAt(second)),
  proof: first === 0 ? '' : join(proofOf(first, hashes.slice(0, second))),
});
const consistency = [0, ...sizes].flatMap((first) =>
  [first, first + 1, 7, 8, 13, 32, 33]
    .filter((second, at, all) => second >= first && second <= 33 && all.indexOf(second) === at)
    .map((second) => consistencyOf(first, second)),
);

const seconds = BigInt(Date.UTC(2026, 10, 21, 14) / 1000);
const last = textOf(33, rootAt(33));
const cosigned = [
  {
    comment: 'cosigned by two witnesses',
    note:
      checkpointOf(33) +
      cosignature(last, witness, seconds) +
      cosignature(last, secondWitness, seconds + 60n),
    times: { [witness.name]: Number(seconds), [secondWitness.name]: Number(seconds + 60n) },
  },
  {
    comment: 'cosigned by one witness, between two lines of keys that nobody knows',
    note:
      checkpointOf(33) +
      line('unknown.example/x', new Uint8Array(76).fill(7)) +
      cosignature(last, secondWitness, seconds) +
      line(ORIGIN, new Uint8Array(68).fill(7)),
    times: { [secondWitness.name]: Number(seconds) },
  },
  {
    comment: 'a line of a witness whose signature is another witness’s counts for nobody',
    note: checkpointOf(33) + cosignature(last, { ...witness, key: stranger }, seconds),
    times: {},
  },
  {
    comment: 'a cosignature of another checkpoint counts for nothing',
    note: checkpointOf(33) + cosignature(textOf(32, rootAt(32)), witness, seconds),
    times: {},
  },
  {
    comment: 'a right cosignature beside a wrong one with the same name and key id counts for nothing',
    note:
      checkpointOf(33) +
      cosignature(last, witness, seconds) +
      cosignature(textOf(32, rootAt(32)), witness, seconds),
    times: {},
  },
  {
    comment: 'a signature of the note under the witness’s name is no cosignature',
    note: checkpointOf(33) + signature(last, witness.name, witness.key),
    times: {},
  },
];

const two = events[1]?.leaf;
const acceptedEvent = events[2]?.leaf;
if (two === undefined || acceptedEvent === undefined) throw new Error('the log is shorter than that');
const badLeaf = (comment: string, leaf: string) => ({ comment, leaf });
const asChanged = (comment: string, event: object, changes: object) =>
  badLeaf(comment, canonical({ ...event, ...changes }));
const failures = {
  leaves: [
    badLeaf('members in another order', JSON.stringify(two)),
    badLeaf('a space', (leaves[1] ?? '').replace(':', ': ')),
    badLeaf('a line feed at its end', `${leaves[1] ?? ''}\n`),
    badLeaf('a letter that is escaped', (leaves[1] ?? '').replace('"epoch"', '"\\u0065poch"')),
    badLeaf('a number with a fraction', (leaves[1] ?? '').replace('"epoch":1', '"epoch":1.0')),
    badLeaf('a repeated member', (leaves[1] ?? '').replace('{', '{"epoch":1,')),
    asChanged('an unknown type', two, { type: 'epochs' }),
    asChanged('an unknown member', two, { name: 'Doe' }),
    asChanged('epoch 0', two, { epoch: 0 }),
    asChanged('a time without its decimals', two, { time: '2026-11-21T08:00:01Z' }),
    asChanged('a time with an offset', two, { time: '2026-11-21T08:00:01.000+00:00' }),
    asChanged('a digest in upper case', two, { epoch_id: `sha256:${'E1'.repeat(32)}` }),
    asChanged('no official', acceptedEvent, { officials: [] }),
    asChanged('an official twice', acceptedEvent, {
      officials: [`sha256:${'11'.repeat(32)}`, `sha256:${'11'.repeat(32)}`],
    }),
    asChanged('a number as text', acceptedEvent, { records: '2500' }),
    asChanged('no records', acceptedEvent, { records: 0 }),
    asChanged('white space around a name', acceptedEvent, { requester: ' Requesting Agency' }),
    asChanged('a bidi override in a name', acceptedEvent, { requester: 'Requesting\u202eAgency' }),
    asChanged('a code that there is not', events[9]?.leaf ?? {}, { code: 'no_reason' }),
    asChanged('an hour that does not begin then', events[11]?.leaf ?? {}, {
      hour: '2026-11-21T11:30:00.000Z',
    }),
  ],
  inclusion: [
    { ...inclusionOf(5, 9), comment: 'another leaf', leaf_hash: hex(hashes[6] ?? fill(0)) },
    { ...inclusionOf(5, 9), comment: 'another index', index: 4 },
    { ...inclusionOf(5, 9), comment: 'another root', root: hex(rootAt(10)) },
    { ...inclusionOf(5, 9), comment: 'another size', size: 17 },
    { ...inclusionOf(5, 9), comment: 'an index beyond the tree', index: 9 },
    { ...inclusionOf(5, 9), comment: 'a cut path', path: inclusionOf(5, 9).path.slice(0, -64) },
    { ...inclusionOf(5, 9), comment: 'a node too many', path: `${inclusionOf(5, 9).path}${hex(fill(0))}` },
    { ...inclusionOf(5, 9), comment: 'half a node', path: inclusionOf(5, 9).path.slice(0, -32) },
    { ...inclusionOf(8, 9), comment: 'a path for a leaf that was lifted, at the size below', size: 8 },
  ],
  consistency: [
    { ...consistencyOf(5, 9), comment: 'another first root', first_root: hex(rootAt(4)) },
    { ...consistencyOf(5, 9), comment: 'another second root', second_root: hex(rootAt(10)) },
    { ...consistencyOf(5, 9), comment: 'a first size that was another', first: 6 },
    { ...consistencyOf(5, 9), comment: 'a cut proof', proof: consistencyOf(5, 9).proof.slice(0, -64) },
    {
      ...consistencyOf(5, 9),
      comment: 'a node too many',
      proof: `${consistencyOf(5, 9).proof}${hex(fill(0))}`,
    },
    { ...consistencyOf(5, 9), comment: 'no proof', proof: '' },
    {
      ...consistencyOf(5, 9),
      comment: 'backwards',
      first: 9,
      first_root: hex(rootAt(9)),
      second: 5,
      second_root: hex(rootAt(5)),
    },
    { ...consistencyOf(9, 9), comment: 'equal sizes with other roots', first_root: hex(rootAt(8)) },
    { ...consistencyOf(9, 9), comment: 'equal sizes with a proof', proof: hex(fill(0)) },
    {
      ...consistencyOf(0, 9),
      comment: 'from nothing with a root that is not that of nothing',
      first_root: hex(rootAt(1)),
    },
    { ...consistencyOf(0, 9), comment: 'from nothing with a proof', proof: hex(rootAt(9)) },
  ],
  checkpoints: [
    { comment: 'another log', note: noteOf(textOf(33, rootAt(33), originOf(stranger))) },
    { comment: 'another signer', note: `${last}\n${signature(last, ORIGIN, stranger)}` },
    {
      comment: 'a signature of another size',
      note: `${textOf(32, rootAt(33))}\n${signature(last, ORIGIN, holder)}`,
    },
    {
      comment: 'a wrong signature with the name and key id of the holder beside the right one',
      note: checkpointOf(33) + line(ORIGIN, Buffer.concat([keyId(ORIGIN, 1, holder), new Uint8Array(64)])),
    },
    { comment: 'no signature', note: `${last}\n` },
    { comment: 'a leading zero', note: noteOf(last.replace('\n33\n', '\n033\n')) },
    { comment: 'more leaves than a log has', note: noteOf(last.replace('\n33\n', '\n4294967296\n')) },
    { comment: 'a root of 31 bytes', note: noteOf(textOf(33, rootAt(33).subarray(1))) },
    { comment: 'no root', note: noteOf(`${ORIGIN}\n33\n`) },
    { comment: 'an empty line behind the root', note: noteOf(`${last}\n`) },
    { comment: 'a carriage return', note: checkpointOf(33).replace('\n33\n', '\n33\r\n') },
    { comment: 'nothing at its end', note: checkpointOf(33).slice(0, -1) },
    {
      comment: 'seventeen signatures',
      note: checkpointOf(33) + line('a.example', new Uint8Array(68)).repeat(16),
    },
  ],
};

const keys = Object.entries(seeds).map(([name, seed]) => {
  const key = keyFromSeed(seed);
  return { name, seed: hex(seed), spki: hex(publicKeyToSpki(key)), spki_pem: publicKeyToPem(key) };
});

writeFileSync(
  new URL('../log.json', import.meta.url),
  `${JSON.stringify(
    {
      comment:
        'A log of 33 leaves, its roots, proofs, checkpoints and cosignatures; log.md. Failures are refused or do not verify.',
      keys,
      origin: ORIGIN,
      verifier_keys: {
        holder: verifierKey(ORIGIN, 1, holder),
        [witness.name]: verifierKey(witness.name, 4, witness.key),
        [secondWitness.name]: verifierKey(secondWitness.name, 4, secondWitness.key),
      },
      leaves: events.map(({ comment }, index) => {
        const leaf = leaves[index] ?? '';
        return { comment, index, leaf, bytes: hex(Buffer.from(leaf)), hash: hex(hashes[index] ?? fill(0)) };
      }),
      roots: roots.map((root, size) => ({ size, root: hex(root) })),
      inclusion,
      consistency,
      checkpoints: [
        ...[0, 1, 2, 8, 33].map((size) => ({
          comment: `of ${size} leaves`,
          size,
          root: hex(rootAt(size)),
          note: checkpointOf(size),
        })),
        {
          comment: 'with an extension line, which says nothing',
          size: 33,
          root: hex(rootAt(33)),
          note: noteOf(`${last}extension\n`),
        },
      ],
      cosigned,
      failures,
    },
    null,
    2,
  )}\n`,
);
