import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLedger, type Ledger } from '@blindmatch/ledger';
import { digestText, generateSigningKey, parseLeaf, type LogLeaf } from '@blindmatch/protocol';
import { readPublicKey, type Reporter } from '@blindmatch/terminal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { init } from '../src/commands/init.ts';
import { openHolderDirectory, type HolderDirectory } from '../src/holder-directory.ts';
import { adoptPolicyFile, PolicyInForce } from '../src/policy-in-force.ts';
import { readPolicy } from '../src/policy/read-policy.ts';
import { NOON } from './made-request.ts';
import { policyText, requesterEntry, spki } from './policy-text.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const home = temporaryDirectory();
let holders = 0;
let directory: HolderDirectory;
let ledger: Ledger;

beforeEach(() => {
  const path = join(home, `${++holders}`);
  init(path, { name: 'Tax Agency' }, { event: () => undefined } as unknown as Reporter);
  directory = openHolderDirectory(path);
  ledger = openSqliteLedger(directory.ledger);
});

afterEach(async () => {
  await ledger.close();
});

async function leaves(): Promise<LogLeaf[]> {
  const found: LogLeaf[] = [];
  for await (const { leaf } of ledger.log.leaves()) found.push(parseLeaf(leaf));
  return found;
}

describe('the policy file', () => {
  it('is put in force with a leaf of its digest, once', async () => {
    const { digest } = readPolicy(directory.policy);
    expect(await adoptPolicyFile(directory, ledger, NOON)).toMatchObject({
      adopted: true,
      policy: { digest },
    });
    expect(await adoptPolicyFile(directory, ledger, NOON)).toMatchObject({ adopted: false });
    expect(await leaves()).toEqual([
      { type: 'policy', time: NOON.toISOString(), policy: digestText(digest) },
    ]);
    expect(await ledger.policy()).toMatchObject({ digest, text: readFileSync(directory.policy, 'utf8') });
  });

  it('that differs in a comment only is another one', async () => {
    await adoptPolicyFile(directory, ledger, NOON);
    writeFileSync(directory.policy, `# changed\n${readFileSync(directory.policy, 'utf8')}`);
    expect(await adoptPolicyFile(directory, ledger, NOON)).toMatchObject({ adopted: true });
    expect(await leaves()).toHaveLength(2);
  });

  it('that is put back is in force again, and the log has all three', async () => {
    const first = readFileSync(directory.policy, 'utf8');
    await adoptPolicyFile(directory, ledger, NOON);
    for (const text of [`# changed\n${first}`, first]) {
      writeFileSync(directory.policy, text);
      expect(await adoptPolicyFile(directory, ledger, NOON)).toMatchObject({ adopted: true });
    }
    const [one, two, three, ...more] = await leaves();
    expect(more).toEqual([]);
    expect(three).toEqual(one);
    expect(two).not.toEqual(one);
    expect(await ledger.policy()).toMatchObject({ text: first });
  });

  it('that is not valid changes nothing', async () => {
    await adoptPolicyFile(directory, ledger, NOON);
    const before = await ledger.policy();
    writeFileSync(directory.policy, policyText({ quota: 1 }));
    await expect(adoptPolicyFile(directory, ledger, NOON)).rejects.toMatchObject({ code: 'policy_invalid' });
    expect(await ledger.policy()).toEqual(before);
    expect(await leaves()).toHaveLength(1);
  });

  it.each([
    ['sign requests', 'officials'],
    ['certify', 'certifiers'],
    ['approve', 'approvers'],
  ])("that lets the holder's identity %s is not taken", async (_, list) => {
    const own = { name: 'Holder', public_key: spki(readPublicKey(directory.publicIdentity)) };
    const other = { public_key: spki(generateSigningKey().publicKey) };
    const text = policyText(
      list === 'officials'
        ? { requesters: [requesterEntry({ officials: [own, other] })] }
        : { [list]: [own] },
    );
    writeFileSync(directory.policy, text);
    await expect(adoptPolicyFile(directory, ledger, NOON)).rejects.toMatchObject({
      code: 'policy_invalid',
      message: expect.stringContaining('identity key') as string,
    });
    expect(await leaves()).toEqual([]);
  });
});

describe('the policy in force', () => {
  it('is missing before the first', async () => {
    await expect(new PolicyInForce(ledger).current()).rejects.toMatchObject({ code: 'policy_missing' });
  });

  it('is parsed once while it stays the same, and is another one as soon as any process has changed it', async () => {
    const policies = new PolicyInForce(ledger);
    await adoptPolicyFile(directory, ledger, NOON);
    const first = await policies.current();
    expect(await policies.current()).toBe(first);
    const elsewhere = openSqliteLedger(directory.ledger);
    writeFileSync(directory.policy, policyText({ minimum_records: 7 }));
    await adoptPolicyFile(directory, elsewhere, NOON);
    await elsewhere.close();
    expect((await policies.current()).minimumRecords).toBe(7);
  });

  it('is told of once, and again when there is another one', async () => {
    const taken: number[] = [];
    const policies = new PolicyInForce(ledger, ({ minimumRecords }) => taken.push(minimumRecords));
    await adoptPolicyFile(directory, ledger, NOON);
    await Promise.all([policies.current(), policies.current()]);
    writeFileSync(directory.policy, policyText({ minimum_records: 7 }));
    await adoptPolicyFile(directory, ledger, NOON);
    await Promise.all([policies.current(), policies.current()]);
    expect(taken).toEqual([1, 7]);
  });

  it('is not what the file says until that is put in force', async () => {
    const policies = new PolicyInForce(ledger);
    await adoptPolicyFile(directory, ledger, NOON);
    writeFileSync(directory.policy, policyText({ minimum_records: 7 }));
    expect((await policies.current()).minimumRecords).toBe(1);
  });
});
