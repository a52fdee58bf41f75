import { describe, expect, it } from 'vitest';
import { createLog, errorText, type Log } from '../src/log.ts';

/** A log and the lines that it has written. */
function record(): { log: Log; lines: () => Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLog({ write: (line: string) => written.push(line) });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("the daemon's log", () => {
  it('writes a line of JSON with a time, a level, a message and the fields', () => {
    const { log, lines } = record();
    log.info('request accepted', { connection: 1, requester: 'A', records: 3, resumed: false });
    log.warn('internal error', { code: 'internal_error' });
    log.error('requests can not be recorded', { error: 'LedgerError (ledger_full)' });
    expect(lines()).toEqual([
      {
        level: 30,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        connection: 1,
        requester: 'A',
        records: 3,
        resumed: false,
        message: 'request accepted',
      },
      { level: 40, time: expect.any(String) as string, code: 'internal_error', message: 'internal error' },
      {
        ...{ level: 50, time: expect.any(String) as string, error: 'LedgerError (ledger_full)' },
        message: 'requests can not be recorded',
      },
    ]);
  });

  it('drops what is not on its list, whoever hands it in', () => {
    const { log, lines } = record();
    const careless = { connection: 1, name: 'Ada Example', street: '12 Main St', key: 'secret', elements: 4 };
    log.info('connection opened', careless);
    log.warn('internal error', careless);
    for (const line of lines()) {
      expect(Object.keys(line).sort()).toEqual(['connection', 'elements', 'level', 'message', 'time']);
    }
  });

  it('keeps the message and the time of its own', () => {
    const { log, lines } = record();
    log.info('connection opened', { message: 'forged', time: 'never', level: 60 } as object);
    expect(lines()).toMatchObject([{ level: 30, message: 'connection opened' }]);
    expect(JSON.stringify(lines())).not.toMatch(/forged|never/);
  });

  it('writes one line whatever a field holds', () => {
    const { log, lines } = record();
    log.info('refused', { requester: 'A\n{"level":60}' });
    expect(lines()).toHaveLength(1);
  });

  it('tells an error by its class and code, never by its message, stack or what hangs on it', () => {
    const error = Object.assign(new RangeError('/home/ada is out of range'), { record: 'Ada Example' });
    expect(errorText(error)).toBe('RangeError');
    expect(errorText(Object.assign(error, { code: 'storage_failed' }))).toBe('RangeError (storage_failed)');
    expect(errorText('Ada Example')).toBe('unknown error');
  });
});
