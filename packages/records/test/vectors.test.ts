/** The vectors of protocol-spec/vectors/match-keys.json and the chapters that name what is in them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as records from '../src/browser.ts';
import { canonicalJson, profileHash } from '../src/profile-hash.ts';
import { ANY_ASCII_VERSION, DESCRIPTION } from '../src/profile-us-name-address-2/description.ts';
import { usNameAddress2 } from '../src/profile-us-name-address-2/profile.ts';
import { SHARED_FIRST_NAMES } from '../src/profile-us-name-address-2/name-words.ts';
import { formalWords } from '../src/profile-us-name-address-2/nicknames.ts';
import { outcomeOf, VECTOR_RULES } from './match-key-vectors.ts';
import type { MatchKeyVectors, VectorOutcome } from './match-key-vectors.ts';

const specification = (name: string): string =>
  readFileSync(new URL(`../../../protocol-spec/${name}`, import.meta.url), 'utf8');
const readManifest = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

const vectors = JSON.parse(specification('vectors/match-keys.json')) as MatchKeyVectors;
const CHAPTERS = ['matching.md', 'matching-names.md', 'matching-addresses.md'].map(specification).join('\n');

const { tables, limits } = DESCRIPTION as { tables: Record<string, unknown>; limits: object };

describe('the vectors of us-name-address/2', () => {
  it.each(vectors.cases.map((vector) => [vector.comment, vector] as const))('%s', (_, vector) => {
    const { fields, holder, requester } = vector;
    const expected: VectorOutcome = { ...(fields === undefined ? {} : { fields }), holder, requester };
    expect(outcomeOf(records, vector)).toEqual(expected);
  });

  it('are each about something else', () => {
    const comments = vectors.cases.map(({ comment }) => comment);
    expect(comments.filter((comment, index) => comments.indexOf(comment) !== index)).toEqual([]);
  });

  it('pin the profile and what its hash is taken over', () => {
    const description: unknown = JSON.parse(JSON.stringify(DESCRIPTION));
    const { id, hash } = usNameAddress2;
    expect(vectors.profile).toEqual({ id, hash, description });
    expect(vectors.rules).toEqual(VECTOR_RULES);
  });

  it('show a key as bytes', () => {
    const { key, bytes } = vectors.oprf_input;
    expect(Buffer.from(key).toString('hex')).toBe(bytes);
    expect(vectors.cases[0]).toMatchObject({ requester: { keys: expect.arrayContaining([key]) as unknown } });
  });

  it('hold every rejection', () => {
    const sides = vectors.cases.flatMap(({ holder, requester }) => [holder, requester]);
    const codes = new Set(sides.flatMap((side) => ('rejected' in side ? [side.rejected] : [])));
    expect([...codes].sort()).toEqual(Object.keys(records.REJECTION_REASONS).sort());
  });

  it('hold every key, of both sides', () => {
    const nameOf = (key: string): string => key.split('\u001f')[1] ?? '';
    for (const side of ['holder', 'requester'] as const) {
      const keys = vectors.cases.flatMap((vector) => ('keys' in vector[side] ? vector[side].keys : []));
      expect([...new Set(keys.map(nameOf))].sort()).toEqual(
        usNameAddress2.keys.map(({ name }) => name).sort(),
      );
    }
  });

  it('hold a record with the most keys that the profile allows in a request', () => {
    const most = vectors.cases.map(({ requester }) => ('keys' in requester ? requester.keys.length : 0));
    expect(Math.max(...most)).toBe(usNameAddress2.maxKeysPerRequest);
  });
});

describe('the profile hash', () => {
  it('changes with the rules', () => {
    expect(profileHash({ ...DESCRIPTION, rules: 0 })).not.toBe(usNameAddress2.hash);
  });

  it('does not depend on the order of members', () => {
    expect(canonicalJson({ b: [1, 'x'], a: { d: 'é', c: 2 } })).toBe('{"a":{"c":2,"d":"é"},"b":[1,"x"]}');
  });

  it('is taken over the version of any-ascii that is asked for and installed', () => {
    const asked = readManifest('../package.json') as { dependencies: Record<string, string> };
    const installed = readManifest('../node_modules/any-ascii/package.json') as { version: string };
    expect([asked.dependencies['any-ascii'], installed.version]).toEqual([
      ANY_ASCII_VERSION,
      ANY_ASCII_VERSION,
    ]);
  });
});

describe('the tables of the profile', () => {
  const wordTables = Object.entries(tables).filter(
    ([, table]) => !Array.isArray(table) && typeof Object.values(table as object)[0] === 'object',
  ) as [string, Record<string, string[]>][];

  it.each(wordTables)('%s gives every spelling one meaning', (_, table) => {
    const spellings = Object.entries(table).flatMap(([form, others]) => [...new Set([form, ...others])]);
    expect(spellings.filter((spelling, index) => spellings.indexOf(spelling) !== index)).toEqual([]);
  });
});

describe('the list of first given names that are shared', () => {
  it('holds formal names, with which it is compared', () => {
    expect(formalWords(SHARED_FIRST_NAMES)).toEqual(SHARED_FIRST_NAMES);
  });
});

describe('the chapters on matching', () => {
  /** What stands in code type in the text. */
  const named = (text: string): Set<string> =>
    new Set([...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code));
  const inChapters = named(CHAPTERS);

  it('name the hash, every rejection, key, limit and canonical field', () => {
    const { fields = {} } = vectors.cases[0] ?? {};
    const all = [
      usNameAddress2.hash,
      ...Object.keys(records.REJECTION_REASONS),
      ...usNameAddress2.keys.map(({ name }) => name),
      ...records.TIERS,
      ...Object.keys(limits),
      ...Object.keys(fields),
    ];
    expect(all.filter((text) => !inChapters.has(text))).toEqual([]);
  });

  it('name every table', () => {
    expect(Object.keys(tables).filter((name) => !inChapters.has(name))).toEqual([]);
  });

  it('name no table that the profile does not have', () => {
    const list = /^## Tables$([^]*?)(?=^## |$(?![^]))/m.exec(CHAPTERS)?.[1] ?? '';
    expect([...named(list)].filter((name) => !(name in tables))).toEqual([]);
    expect(named(list).size).toBe(Object.keys(tables).length);
  });
});
