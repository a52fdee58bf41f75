import { openRequest } from '@blindmatch/protocol';
import { describe, expect, it } from 'vitest';
import { manifestLines } from '../src/requests-description.ts';
import { madeRequest } from './made-request.ts';

/** Text that fills so many columns, so that what follows stands at the beginning of a line of the terminal. */
const filled = (columns: number, what: string): string => 'Q'.repeat(columns) + what;

describe('a request in words', () => {
  it('has nothing that a requester wrote at the beginning of a line, or where labels stand', () => {
    const lie = 'certified-by-Registry-of-Orders';
    // What the terminal would break at 80 columns, behind a label of 17, and what fills the lines after it.
    const reason = filled(63, lie + '.'.repeat(80 - lie.length) + lie);
    const statute = filled(63, lie);
    const investigators = [{ id: 'B-1', name: filled(63, lie) }];
    const { envelopeBytes } = madeRequest([], {
      reason,
      statute,
      purpose: statute,
      attestation: reason,
      investigators,
    });
    const signers = { requester: 'A', officials: [], certifiers: [] };
    const lines = manifestLines(signers, 1, openRequest(envelopeBytes).manifest, undefined);
    const seen = lines.flatMap((line) => line.match(/.{1,80}/g) ?? []);
    expect(seen.filter((line) => line.includes('Registry'))).not.toEqual([]);
    for (const line of seen) expect(line.slice(0, 17)).not.toMatch(/Q|certified-by-|Registry/);
    expect(lines.join('').replaceAll(' ', '')).toContain(reason);
  });
});
