import { describe, expect, it } from 'vitest';
import { comeBack } from '../src/commands/come-back.ts';

describe('the command to come back with', () => {
  it('names the request, the holder and the results', () => {
    expect(comeBack('REQUEST', { server: 'wss://holder.example:8443', out: 'results.csv' })).toBe(
      'blindmatch submit REQUEST --server wss://holder.example:8443 --out results.csv',
    );
  });

  it('repeats every option that the submission needs again, as words of a shell', () => {
    const options = {
      server: 'ws://127.0.0.1:8443',
      ca: 'our ca.pem',
      cache: 'sets',
      checkpoints: 'seen logs',
      inspector: 'age1q',
      out: 'results of June.csv',
    };
    expect(comeBack('my request', options)).toBe(
      "blindmatch submit 'my request' --server ws://127.0.0.1:8443 --ca 'our ca.pem' --cache sets " +
        "--checkpoints 'seen logs' --inspector age1q --out 'results of June.csv'",
    );
  });
});
