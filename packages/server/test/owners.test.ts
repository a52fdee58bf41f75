import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Owners } from '../src/owners.ts';

const key = new Uint8Array(32).fill(3);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('an owner', () => {
  it('is the same 8 bytes for one identity under one key', () => {
    const owner = new Owners(key).ofPerson('ADA EXAMPLE');
    expect(owner).toHaveLength(8);
    expect(new Owners(key).ofPerson('ADA EXAMPLE')).toEqual(owner);
  });

  it('is another one for another identity, and under the key of another epoch', () => {
    const names = ['ADA EXAMPLE', 'ADA EXAMPLE 1961', 'ADA  EXAMPLE', ''];
    const keys = [key, new Uint8Array(32).fill(4)];
    const owners = keys.flatMap((of) => names.map((name) => hex(new Owners(of).ofPerson(name))));
    expect(new Set(owners).size).toBe(8);
  });

  it('of a canary is that of nobody else, whatever a person is called', () => {
    const owners = new Owners(key);
    const canaries = Array.from({ length: 64 }, (_, index) => hex(owners.ofCanary(index)));
    const people = ['0', 'canary 0', ' canary 0', 'person canary 0'].map((name) =>
      hex(owners.ofPerson(name)),
    );
    expect(new Set([...canaries, ...people]).size).toBe(68);
  });

  it('never has the first bit, which the mark of an ambiguous token has', () => {
    const owners = new Owners(key);
    fc.assert(fc.property(fc.string(), (identity) => owners.ofPerson(identity)[0]! < 0x80));
    fc.assert(fc.property(fc.nat(), (index) => owners.ofCanary(index)[0]! < 0x80));
  });

  it('does not change when the key that it was made from is wiped, and does when its own is', () => {
    const oprfKey = Uint8Array.from(key);
    const owners = new Owners(oprfKey);
    const before = owners.ofPerson('A');
    oprfKey.fill(0);
    expect(owners.ofPerson('A')).toEqual(before);
    owners.wipe();
    expect(owners.ofPerson('A')).not.toEqual(before);
  });

  it('is what RFC 5869 and RFC 2104 give, so that a build goes on under another release', () => {
    expect(hex(new Owners(key).ofPerson('ADA EXAMPLE'))).toBe('49910699fed4b4d4');
  });
});
