import { describe, expect, it } from 'vitest';
import { insistOnReaders, readersOf, readerText } from '../src/evidence-readers.ts';
import { auditor, epochWith } from './request-of-tests.ts';
import { generateAgeIdentity } from '../src/age.ts';
import { codeOf } from './temporary-directory.ts';

const { descriptor } = epochWith();
const stranger = (await generateAgeIdentity()).recipient;

describe('the readers of evidence', () => {
  it('are told with their recipients: a name is only what the holder says', () => {
    expect(readersOf(descriptor, [stranger]).map(readerText)).toEqual([
      `Inspector General (auditor) ${auditor.recipient}`,
      `${stranger} (named by the requester)`,
    ]);
  });

  it('are any whom the holder names where the user names none', async () => {
    expect(
      await codeOf(() => {
        insistOnReaders(undefined, descriptor);
      }),
    ).toBeUndefined();
  });

  it('are among those that the user names, of whom the holder may name fewer', async () => {
    expect(
      await codeOf(() => {
        insistOnReaders([stranger, auditor.recipient], descriptor);
      }),
    ).toBeUndefined();
    expect(
      await codeOf(() => {
        insistOnReaders([stranger], descriptor);
      }),
    ).toBe('reader_unexpected');
  });
});

describe('an epoch', () => {
  it('names no two readers of one name', async () => {
    const evidenceReaders = [auditor.recipient, stranger].map((recipient) => ({
      role: 'auditor' as const,
      name: 'Inspector General',
      recipient,
    }));
    expect(await codeOf(() => epochWith({ evidenceReaders }))).toBe('descriptor_invalid');
  });
});
