import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_PROFILE, tellingFields } from '@blindmatch/records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  authority,
  ELEMENTS,
  makeAgencies,
  NO_EVIDENCE,
  PLANTED,
  REQUESTS_CSV,
  REQUESTS_HEADER,
  RESULTS_CSV,
  UNDERSTOOD,
} from './agencies.ts';
import type { Agencies } from './agencies.ts';
import { cleanUp, run, startDaemon, succeed } from '../running-program.ts';
import type { Daemon, Ended } from '../running-program.ts';

let agencies: Agencies;
let daemon: Daemon;

const at = (name: string): string => join(agencies.home, name);
const cached = (): string[] => ['--cache', at('cache')];

beforeAll(async () => {
  agencies = await makeAgencies(4);
  daemon = await startDaemon(agencies.holder);
});
afterAll(cleanUp);

async function match(out: string, ...more: string[]): Promise<Ended> {
  const options = [...authority(agencies, daemon.url), ...cached(), '--key', agencies.key, '--out', at(out)];
  return await run('blindmatch', ['match', agencies.requests, ...options, ...more]);
}

/** The lines that check shows of a record. */
function blockOf(stdout: string, recordId: string): string[] {
  const lines = stdout.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${recordId}  `));
  const rest = lines.slice(first + 1);
  return [
    lines[first] ?? '',
    ...rest.slice(
      0,
      rest.findIndex((line) => !line.startsWith('    ')),
    ),
  ];
}

describe('blindmatch keygen', () => {
  it('makes a private key that only its owner can read, and its public half', async () => {
    const { stdout } = await succeed('blindmatch', ['keygen', at('new.pem')]);
    expect(statSync(at('new.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('new.pem'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(readFileSync(at('new.pub.pem'), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(stdout).toMatch(/^sha256:[0-9a-f]{64}\n/);
  });

  it('never overwrites a key', async () => {
    const before = readFileSync(agencies.key);
    const { code, stderr } = await run('blindmatch', ['keygen', agencies.key]);
    expect(code).toBe(1);
    expect(stderr).toContain('exists already and keys are never overwritten');
    expect(readFileSync(agencies.key)).toEqual(before);
  });
});

describe('blindmatch check', () => {
  it('shows of each record its tier, the canonical fields and the names of its keys', async () => {
    const { stdout } = await succeed('blindmatch', ['check', agencies.requests]);
    for (const [line, [id, { tier, fields, keys }]] of [...UNDERSTOOD].entries()) {
      const [head = '', ...block] = blockOf(stdout, id);
      expect(head).toMatch(new RegExp(`^${id}  line ${id === 'R-1' ? 2 : '[3-6]'}  ${tier}$`));
      const shown = block.join('\n');
      const written = tellingFields(fields).map(([name, value]) => `${name}=${value}`);
      expect(shown.match(/\w+=\S+(?: \S+)*/g)).toEqual(written);
      for (const { name } of keys) expect(shown, String(line)).toContain(name);
    }
  });

  it('shows of a rejected record the reason, and the sentence that says what to mend', async () => {
    const { stdout } = await succeed('blindmatch', ['check', agencies.requests]);
    expect(blockOf(stdout, 'R-3')).toEqual([
      'R-3  line 4  rejected: street_placeholder',
      '    The street is a placeholder: give the real address, or leave the record out.',
    ]);
  });

  it('ends with the totals by tier and by reason', async () => {
    const { stdout } = await succeed('blindmatch', ['check', agencies.requests]);
    const keysIn = (wanted: string): number =>
      [...UNDERSTOOD.values()].reduce((sum, { tier, keys }) => sum + (tier === wanted ? keys.length : 0), 0);
    const recordsIn = (wanted: string): number =>
      [...UNDERSTOOD.values()].filter(({ tier }) => tier === wanted).length;
    expect(stdout.trimEnd().split('\n').slice(-5)).toEqual([
      ...['name_address_dob', 'name_address'].map(
        (tier) => `        ${recordsIn(tier)}  ${tier.padEnd(18)}  ${keysIn(tier)} match keys`,
      ),
      '        1  street_placeholder  The street is a placeholder: give the real address, or leave the',
      '                               record out.',
      '5 records: 4 can be submitted, 1 would be rejected.',
    ]);
  });

  it('takes no more than 100 columns', async () => {
    const { stdout } = await succeed('blindmatch', ['check', agencies.requests]);
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('shows only the rejections with --rejected-only', async () => {
    const { stdout } = await succeed('blindmatch', ['check', agencies.requests, '--rejected-only']);
    expect(stdout.split('\n').filter((line) => line.startsWith('R-'))).toHaveLength(1);
  });

  it('gives one event a record, one a tier and a reason, and one for all with --json', async () => {
    const { events } = await succeed('blindmatch', ['check', agencies.requests, '--json']);
    expect(events.map(({ event }) => event)).toEqual([
      'understood',
      'understood',
      'rejected',
      'understood',
      'understood',
      'tier',
      'tier',
      'total',
      'checked',
    ]);
    expect(events[0]).toMatchObject({
      ...{ record_id: 'R-1', line: 2, tier: UNDERSTOOD.get('R-1')?.tier },
      keys: [...new Set(UNDERSTOOD.get('R-1')?.keys.map(({ name }) => name))],
    });
    expect(events.at(-1)).toMatchObject({
      records: 5,
      accepted: 4,
      rejected: 1,
      keys: ELEMENTS - 2,
      profile: DEFAULT_PROFILE.id,
    });
  });

  it('rejects under the tiers and the age of an order that the holder asks for', async () => {
    const options = ['--tiers', 'name_address_dob', '--minimum-order-age-days', '36500', '--json'];
    const { events } = await succeed('blindmatch', ['check', agencies.requests, ...options]);
    const rejected = events.filter(({ event }) => event === 'rejected');
    expect(rejected.map(({ record_id }) => record_id)).toContain('R-5');
    const total = events.filter(({ event }) => event === 'total');
    expect(total.map(({ code }) => code)).toContain('street_placeholder');
    expect(events.at(-1)).toMatchObject({ records: 5, rejected: rejected.length });
  });

  it('writes the rejections as a file for whoever mends them, and replaces it by the next', async () => {
    const options = ['--rejections', at('to-mend.csv')];
    for (let time = 0; time < 2; time++) {
      const { stdout } = await succeed('blindmatch', ['check', agencies.requests, ...options]);
      expect(stdout).toContain(`\nRejections: ${at('to-mend.csv')}\n`);
      expect(readFileSync(at('to-mend.csv'), 'utf8')).toBe(
        'line,record_id,code,reason\n' +
          '4,R-3,street_placeholder,"The street is a placeholder: give the real address, or leave the record out."\n',
      );
      expect(statSync(at('to-mend.csv')).mode & 0o777).toBe(0o600);
    }
  });

  it.each([
    ['the records themselves', 'requests.csv', 'is read by this command'],
    ['another file', 'people.csv', 'exists and holds no earlier rejections'],
    ['a directory', 'holder', 'is a directory; name a file for the rejections with --rejections.'],
    ['a place that is not there', 'nowhere/to-mend.csv', 'does not exist; check the path.'],
  ])('does not write the rejections over or into %s, and shows nothing then', async (_, name, told) => {
    const before = REQUESTS_CSV + readFileSync(at('people.csv'), 'utf8');
    const { code, stdout, stderr } = await run('blindmatch', [
      ...['check', agencies.requests, '--rejections', at(name)],
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(told);
    expect(readFileSync(agencies.requests, 'utf8') + readFileSync(at('people.csv'), 'utf8')).toBe(before);
  });

  it('leaves no file of rejections where the records turn out to be unreadable', async () => {
    writeFileSync(at('broken.csv'), `${REQUESTS_CSV}R-9,too,few\n`);
    const options = ['--rejections', at('broken-to-mend.csv')];
    const { code } = await run('blindmatch', ['check', at('broken.csv'), ...options]);
    expect(code).toBe(1);
    expect(readdirSync(agencies.home).filter((name) => name.startsWith('broken-'))).toEqual([]);
  });

  it.each([
    ['--tiers', 'name_address,name', 'Give one or more of name_address_dob,name_address, each once'],
    ['--tiers', 'name_address,name_address', 'each once'],
    ['--tiers', '', 'Give one or more of'],
    ['--minimum-order-age-days', '-1', 'Give a whole number of days from 0 to 36500'],
    ['--minimum-order-age-days', '36501', 'Give a whole number of days from 0 to 36500'],
    ['--minimum-order-age-days', '1e2', 'Give a whole number of days from 0 to 36500'],
  ])('refuses %s %s', async (option, value, told) => {
    const { code, stderr } = await run('blindmatch', ['check', agencies.requests, `${option}=${value}`]);
    expect(code).toBe(2);
    expect(stderr).toContain(told);
  });

  it.each([
    ['text that runs the other way', '\u202e'],
    ['a space of no width', '\u200b'],
    ['a control of the second half of latin1', '\u009b31m'],
    ['an escape sequence', '\u001b[2J'],
    ['a line separator', '\u2028'],
  ])('brings no record id with %s to the terminal as it is', async (_, hidden) => {
    const csv = REQUESTS_CSV.replace('R-4', `R-${hidden}4`);
    writeFileSync(at('hidden.csv'), csv);
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await run('blindmatch', ['check', at('hidden.csv'), ...json]);
      // An id may be refused for it, and shown or not; it is never printed raw.
      expect(code === 0 || stderr.startsWith('blindmatch: ')).toBe(true);
      expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });

  it('refuses a profile that this release does not have', async () => {
    const { code, stderr } = await run('blindmatch', ['check', agencies.requests, '--profile', 'none/9']);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `There is no profile "none/9"; the newest of this release is ${DEFAULT_PROFILE.id}.`,
    );
  });
});

describe('blindmatch match', () => {
  it('writes one line for each record, in the order of the input', async () => {
    const { code, stdout } = await match('results.csv');
    expect(code).toBe(0);
    expect(stdout).toContain('2 match, 2 do not, 1 rejected and not submitted.');
    for (const tier of ['name_address_dob', 'name_address']) {
      const matched = ['R-1', 'R-5'].filter((id) => UNDERSTOOD.get(id)?.tier === tier).length;
      expect(stdout).toContain(`\n  ${matched} in ${tier}: name`);
    }
    expect(readFileSync(at('results.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it("keeps the holder's receipt beside the results, and nothing else", async () => {
    await match('kept.csv');
    expect(existsSync(at('kept.csv.receipt.json'))).toBe(true);
    expect(existsSync(at('kept.csv.request'))).toBe(false);
  });

  it("tells once that it sees the holder's log for the first time", async () => {
    const more = ['--checkpoints', at('first-seen'), '--json'];
    const told = ({ events }: Ended) => events.filter(({ code }) => code === 'log_first_seen');
    expect(told(await match('first.csv', ...more))).toEqual([
      expect.objectContaining({ event: 'notice', entries: expect.any(Number) as number }),
    ]);
    expect(told(await match('second.csv', ...more))).toEqual([]);
  });

  it('keeps the request with --keep', async () => {
    await match('with-request.csv', '--keep');
    expect(existsSync(at('with-request.csv.request/private/records.ndjson'))).toBe(true);
  });

  it('fetches the token set once an epoch', async () => {
    rmSync(at('cache'), { recursive: true, force: true });
    const downloads = [];
    for (const name of ['first.csv', 'second.csv']) {
      const { events } = await match(name, '--json');
      downloads.push(events.find(({ event }) => event === 'finished')?.['token_set_downloaded']);
    }
    expect(downloads).toEqual([true, false]);
  });

  it('submits nothing where every record is rejected, and says so for each', async () => {
    const line = REQUESTS_CSV.split('\n')[3]!;
    writeFileSync(at('hopeless.csv'), `${REQUESTS_HEADER}\n${line}\n`);
    const options = [...authority(agencies, daemon.url), '--key', agencies.key, '--out', at('none.csv')];
    const { stdout } = await succeed('blindmatch', ['match', at('hopeless.csv'), ...options]);
    expect(stdout).toContain('Every record was rejected (1), so nothing was submitted.');
    expect(readFileSync(at('none.csv'), 'utf8')).toBe(
      RESULTS_CSV.split('\n')
        .filter((_, row) => row === 0 || row === 3)
        .join('\n')
        .concat('\n'),
    );
  });

  it('reads columns of other names, quoted fields, CRLF and a byte order mark', async () => {
    const csv = REQUESTS_CSV.replace('surname', 'LAST NAME')
      .replace('12 MARROWBONE ST #4', '"12 MARROWBONE ST, #4"')
      .replaceAll('\n', '\r\n');
    writeFileSync(at('windows.csv'), `\ufeff${csv}`);
    writeFileSync(at('map.yaml'), 'surname: LAST NAME\n');
    const options = [...authority(agencies, daemon.url), ...cached(), '--key', agencies.key];
    const files = ['--columns', at('map.yaml'), '--out', at('windows-results.csv')];
    await succeed('blindmatch', ['match', at('windows.csv'), ...options, ...files]);
    expect(readFileSync(at('windows-results.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it('is refused, with the cap, where it holds more records than the holder allows', async () => {
    const rows = REQUESTS_CSV.trimEnd().split('\n');
    const more = ['R-6', 'R-7'].map((id) => rows[5]!.replace('R-5', id));
    writeFileSync(at('many.csv'), [...rows, ...more, ''].join('\n'));
    const options = [
      ...authority(agencies, daemon.url),
      '--key',
      agencies.key,
      '--out',
      at('many-results.csv'),
    ];
    const { code, stderr } = await run('blindmatch', ['match', at('many.csv'), ...options]);
    expect(code).toBe(1);
    expect(stderr).toContain('The request holds 6 records and 4 are allowed in one');
    expect(existsSync(at('many-results.csv'))).toBe(false);
    expect(existsSync(at('many-results.csv.request'))).toBe(false);
  });

  it('is refused where the official is not one whom the holder allows', async () => {
    await succeed('blindmatch', ['keygen', at('stranger.pem')]);
    const options = [...authority(agencies, daemon.url), '--key', at('stranger.pem')];
    const ended = await run('blindmatch', [
      'match',
      agencies.requests,
      ...options,
      '--out',
      at('stranger.csv'),
    ]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('No official whom this holder allows has validly signed the request');
    expect(existsSync(at('stranger.csv'))).toBe(false);
    // Kept, since an official's signature makes it whole.
    await succeed('blindmatch', ['sign', at('stranger.csv.request'), '--key', agencies.key, '--yes']);
    const [, goOn = ''] = / go on with: blindmatch (.*)\n$/.exec(ended.stderr) ?? [];
    await succeed('blindmatch', goOn.split(' '));
    expect(readFileSync(at('stranger.csv'), 'utf8')).toBe(RESULTS_CSV);
  });
});

describe('prepare, sign and submit', () => {
  let prepared: string;

  beforeAll(async () => {
    const options = [...authority(agencies, daemon.url), '-o', at('prepared')];
    const more = ['--rejections', at('prepared-to-mend.csv')];
    ({ stdout: prepared } = await succeed('blindmatch', ['prepare', agencies.requests, ...options, ...more]));
  });

  const submit = async (request: string, out: string): Promise<Ended> =>
    await run('blindmatch', ['submit', request, '--server', daemon.url, ...cached(), '--out', at(out)]);

  it('tells how many records there are of each tier and why others are rejected, and where to mend them', () => {
    for (const tier of ['name_address_dob', 'name_address']) {
      const records = [...UNDERSTOOD.values()].filter((understood) => understood.tier === tier).length;
      expect(prepared).toMatch(new RegExp(`^ +${records}  ${tier} +[0-9]+ match keys$`, 'm'));
    }
    expect(prepared).toMatch(/^ +1 {2}street_placeholder {2}The street is a placeholder/m);
    expect(prepared.trimEnd().split('\n').slice(-3)).toEqual([
      `${at('prepared')} is ready to be signed: 4 of 5 records, ${ELEMENTS} elements.`,
      `Rejections: ${at('prepared-to-mend.csv')}`,
      `Next: blindmatch sign ${at('prepared')} --key official.pem`,
    ]);
    expect(readFileSync(at('prepared-to-mend.csv'), 'utf8')).toMatch(
      /^line,record_id,code,reason\n4,R-3,street_placeholder,"[^"]*"\n$/,
    );
    expect(statSync(at('prepared-to-mend.csv')).mode & 0o777).toBe(0o600);
  });

  it('keeps what names people in a directory of its own, for its owner only', () => {
    expect(statSync(at('prepared')).mode & 0o777).toBe(0o700);
    expect(statSync(at('prepared/private')).mode & 0o777).toBe(0o700);
    for (const name of ['seed', 'records.ndjson']) {
      expect(statSync(at(`prepared/private/${name}`)).mode & 0o777).toBe(0o600);
    }
    for (const name of ['manifest.dsse.json', 'epoch.dsse.json', 'blinded.bin']) {
      expect(readFileSync(at(`prepared/${name}`), 'latin1')).not.toMatch(/quackenbush|marrowbone/i);
    }
  });

  it('an unsigned request is not submitted', async () => {
    const { code, stderr } = await submit(at('prepared'), 'unsigned.csv');
    expect(code).toBe(1);
    expect(stderr).toBe(
      `blindmatch: The request is not signed; have an official sign it with: blindmatch sign ${at('prepared')} --key official.pem\n`,
    );
    expect(existsSync(at('unsigned.csv'))).toBe(false);
  });

  it('an official signs without what names people, sees what is signed, and the results are those of match', async () => {
    cpSync(at('prepared'), at('travels'), { recursive: true });
    renameSync(at('travels/private'), at('stays'));
    const holder = ['--holder', agencies.fingerprint];
    const { stdout } = await succeed('blindmatch', [
      'sign',
      at('travels'),
      '--key',
      agencies.key,
      '--yes',
      ...holder,
    ]);
    const lines = stdout.split('\n');
    const when = expect.stringMatching(/^ {2}(made {7}|expires {4}) {4}20\d\d-\d\d-\d\dT[\d:.]+Z$/) as string;
    expect(lines).toEqual([
      'To be signed:',
      `  records        4 (${ELEMENTS} elements)`,
      '  holder         Tax Agency',
      `                 ${agencies.fingerprint}`,
      '  epoch          1',
      '  statute        8 U.S.C. 1253(a)(1)',
      '  purpose        none is named',
      '  reason         Final orders of May',
      '  tax periods    none are named',
      '  investigators  none are named',
      '  orders         of 2024-05-01 to 2024-05-05',
      '  attestation    none',
      when,
      when,
      '  evidence       none was sealed: nobody can check the records',
      '  signatures     none yet',
      expect.stringMatching(/^Signed by sha256:[0-9a-f]{64}\.$/) as string,
      `Next: blindmatch submit ${at('travels')} --server URL --out results.csv`,
      '',
    ]);
    renameSync(at('stays'), at('travels/private'));
    const { code, stdout: told, stderr } = await submit(at('travels'), 'three-steps.csv');
    expect(stderr).toBe('');
    expect(told).toContain(
      `\n${at('travels/private')} names people; remove it as soon as nobody has to account for the request any more.\n`,
    );
    expect(code).toBe(0);
    expect(readFileSync(at('three-steps.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it('an official signs nothing for a holder other than the one insisted on', async () => {
    const before = readFileSync(at('prepared/manifest.dsse.json'));
    const options = ['--key', agencies.key, '--holder', `sha256:${'0'.repeat(64)}`];
    const { code, stdout, stderr } = await run('blindmatch', ['sign', at('prepared'), ...options]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`was prepared for the holder ${agencies.fingerprint}, not sha256:0000`);
    expect(readFileSync(at('prepared/manifest.dsse.json'))).toEqual(before);
  });

  it('an official who can not be asked is shown what is to be signed, and signs nothing without --yes', async () => {
    const before = readFileSync(at('prepared/manifest.dsse.json'));
    const sign = ['sign', at('prepared'), '--key', agencies.key];
    const { code, stdout, stderr } = await run('blindmatch', sign);
    expect(code).toBe(2);
    expect(stdout).toContain(`\n  records        4 (${ELEMENTS} elements)\n`);
    expect(stdout).not.toContain('Signed');
    expect(stderr).toBe(
      'blindmatch: Nothing was signed. There is no terminal to ask on; look at what is shown and run the same command with --yes.\n',
    );
    expect(readFileSync(at('prepared/manifest.dsse.json'))).toEqual(before);
  });

  it('an official whose key is not there signs nothing', async () => {
    const sign = ['sign', at('prepared'), '--key', at('no-key.pem'), '--yes'];
    const { code, stdout, stderr } = await run('blindmatch', sign);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('no-key.pem');
  });

  it('a request is not submitted where what names people is not', async () => {
    cpSync(at('prepared'), at('abroad'), { recursive: true });
    rmSync(at('abroad/private'), { recursive: true });
    await succeed('blindmatch', ['sign', at('abroad'), '--key', agencies.key, '--yes']);
    const { code, stderr } = await submit(at('abroad'), 'abroad.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('is not here, and it is needed to read the answers; submit the request where');
  });

  it('blinded elements that were changed after signing are not submitted', async () => {
    cpSync(at('prepared'), at('changed'), { recursive: true });
    await succeed('blindmatch', ['sign', at('changed'), '--key', agencies.key, '--yes']);
    const blinded = readFileSync(at('changed/blinded.bin'));
    blinded[40]! ^= 1;
    writeFileSync(at('changed/blinded.bin'), blinded);
    const { code, stderr } = await submit(at('changed'), 'changed.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('is not what was signed; prepare and sign the request again.');
    expect(existsSync(at('changed.csv'))).toBe(false);
  });

  it('a manifest that was changed after signing is refused', async () => {
    cpSync(at('prepared'), at('forged'), { recursive: true });
    await succeed('blindmatch', ['sign', at('forged'), '--key', agencies.key, '--yes']);
    const path = at('forged/manifest.dsse.json');
    const envelope = JSON.parse(readFileSync(path, 'utf8')) as { payload: string };
    const payload = Buffer.from(envelope.payload, 'base64').toString().replace('of May', 'of Mai');
    writeFileSync(path, JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') }));
    const { code, stderr } = await submit(at('forged'), 'forged.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('No official whom this holder allows has validly signed the request');
  });

  it('nothing is left behind where no record can be submitted', async () => {
    writeFileSync(at('rejected.csv'), `${REQUESTS_HEADER}\n${REQUESTS_CSV.split('\n')[3]!}\n`);
    const options = [...authority(agencies, daemon.url), '-o', at('empty-request')];
    const { code, stderr } = await run('blindmatch', ['prepare', at('rejected.csv'), ...options]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'None of the records (1) can be submitted. Most often (1): The street is a placeholder: give the real address',
    );
    expect(existsSync(at('empty-request'))).toBe(false);
  });
});

describe('what the holder keeps', () => {
  it('its log tells what was asked for and refused, and nothing of any record', async () => {
    const { code, stderr } = await daemon.program.stop('SIGTERM');
    expect(code).toBe(0);
    const entries = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; code?: string });
    expect(entries.map(({ message }) => message)).toContain('request accepted');
    expect(entries.map((entry) => entry.code)).toContain('records_over_cap');
    for (const word of [...PLANTED, 'R-1', 'Boise', '62701']) expect(stderr).not.toContain(word);
  });
});

const openssl = hasOpenssl();
// A machine without OpenSSL can't make the certificate; the notice stands in the list of skipped tests.
describe.skipIf(!openssl)(`a daemon with a certificate${openssl ? '' : ' (needs openssl)'}`, () => {
  let secure: Daemon;

  beforeAll(async () => {
    makeCertificate();
    const files = ['--tls-cert', at('tls.pem'), '--tls-key', at('tls.key')];
    secure = await startDaemon(agencies.holder, files);
  });

  const secureMatch = async (out: string, ...more: string[]): Promise<Ended> => {
    const options = [...authority(agencies, secure.url), ...cached(), '--key', agencies.key];
    return await run('blindmatch', ['match', agencies.requests, ...options, '--out', at(out), ...more]);
  };

  it('is asked over wss:// where its issuer is named with --ca', async () => {
    expect(secure.url).toMatch(/^wss:/);
    const { code, stderr } = await secureMatch('secure.csv', '--ca', at('tls.pem'));
    expect(stderr).toBe(NO_EVIDENCE);
    expect(code).toBe(0);
    expect(readFileSync(at('secure.csv'), 'utf8')).toBe(RESULTS_CSV);
  });

  it('is not asked where its certificate is not trusted', async () => {
    const { code, stderr } = await secureMatch('untrusted.csv');
    expect(code).toBe(3);
    expect(stderr).toContain("can't be trusted (DEPTH_ZERO_SELF_SIGNED_CERT); name its issuer with --ca");
    expect(existsSync(at('untrusted.csv'))).toBe(false);
  });

  it('is not asked where --ca names no certificate', async () => {
    const { code, stderr } = await secureMatch('no-ca.csv', '--ca', agencies.requests);
    expect(code).toBe(1);
    expect(stderr).toContain('holds no certificate in PEM');
  });

  it('does not start with a key that others can read', async () => {
    cpSync(at('tls.key'), at('open.key'));
    execFileSync('chmod', ['644', at('open.key')]);
    const files = ['--tls-cert', at('tls.pem'), '--tls-key', at('open.key')];
    const listen = ['--listen', '127.0.0.1:0'];
    const { code, stderr } = await run('blindmatchd', ['serve', agencies.holder, ...listen, ...files]);
    expect(code).toBe(1);
    expect(stderr).toContain(`run: chmod 600 ${at('open.key')}`);
  });

  it('does not start with the key of another certificate', async () => {
    const files = ['--tls-cert', at('tls.pem'), '--tls-key', agencies.key];
    const listen = ['--listen', '127.0.0.1:0'];
    const { code, stderr } = await run('blindmatchd', ['serve', agencies.holder, ...listen, ...files]);
    expect(code).toBe(1);
    expect(stderr).toContain("don't go together");
  });
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function makeCertificate(): void {
  const subject = ['-subj', '/CN=blindmatch test', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', at('tls.key'), '-out', at('tls.pem')];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', ...files, ...subject],
    {
      stdio: 'ignore',
    },
  );
  execFileSync('chmod', ['600', at('tls.key')]);
}
