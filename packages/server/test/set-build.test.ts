import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Oprf } from '@blindmatch/oprf';
import { DEFAULT_PROFILE } from '@blindmatch/records';
import type { Reporter } from '@blindmatch/terminal';
import { openTokenSetBuild } from '@blindmatch/tokenset';
import { beforeEach, describe, expect, it } from 'vitest';
import { init } from '../src/commands/init.ts';
import { openHolderDirectory, type EpochFiles, type HolderDirectory } from '../src/holder-directory.ts';
import { buildEpoch, type BuildAccount } from '../src/set-build.ts';
import { identifySource } from '../src/source-file.ts';
import { policyOf } from './policy-text.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const home = temporaryDirectory();
const people = join(home, 'people.csv');
let holders = 0;
let directory: HolderDirectory;
let files: EpochFiles;
let evaluated: number;
let onEvaluate: () => void;

beforeEach(() => {
  writeFileSync(
    people,
    'given_name,surname,street,city,state,postcode\nAda,Example,12 Main Street,Springfield,IL,62701\n',
  );
  const path = join(home, `holder ${++holders}`);
  init(path, { name: 'Tax Agency' }, { event: () => undefined } as unknown as Reporter);
  directory = openHolderDirectory(path);
  files = directory.epochFiles(1);
  evaluated = 0;
  onEvaluate = () => undefined;
});

/** What is evaluated here is random, which is what outputs look like. */
const tokens: Oprf['tokens'] = (_, { offsets }) => {
  const count = offsets.length - 1;
  evaluated += count;
  onEvaluate();
  return Promise.resolve(new Uint8Array(randomBytes(64 * count)));
};

async function build(maxElements = 8192): Promise<BuildAccount> {
  return await buildEpoch({
    directory,
    policy: { ...policyOf(), maxElements },
    profile: DEFAULT_PROFILE,
    source: await identifySource(people),
    oprf: { tokens } as Oprf,
    now: () => new Date(),
  });
}

describe('a build', () => {
  it('leaves the key, the set, the descriptor and the account of its epoch, and nothing else', async () => {
    expect(await build()).toMatchObject({ epoch: 1 });
    expect(readdirSync(files.directory).sort()).toEqual([
      'build.json',
      'epoch.dsse.json',
      'oprf.key',
      'token-set.bmts',
    ]);
    expect(await build()).toMatchObject({ epoch: 2 });
  });

  it('has its directory to itself until the descriptor is in place', async () => {
    // Something stands where the descriptor's temporary file is to be written.
    const obstacle = `${files.descriptor}.${process.pid}.new`;
    mkdirSync(obstacle);
    const failed = build();
    await expect(failed).rejects.toThrow();
    // The runs are still there: the next build goes on from them.
    expect(existsSync(files.tokenSet)).toBe(true);
    expect(readdirSync(files.build).some((name) => name.startsWith('run-'))).toBe(true);
    rmSync(obstacle, { recursive: true });
    expect(await build()).toMatchObject({ epoch: 1, resumedRows: 2 });
    expect(evaluated).toBeGreaterThan(0);
  });

  it('never replaces a descriptor that is there', async () => {
    onEvaluate = () => {
      writeFileSync(files.descriptor, 'of another build');
    };
    await expect(build()).rejects.toMatchObject({ code: 'EEXIST', path: files.descriptor });
  });

  it('waits for no other build of the same epoch', async () => {
    const other = await openTokenSetBuild(files.build, { source: 'another' });
    await expect(build()).rejects.toMatchObject({ code: 'build_locked' });
    await other.close();
  });

  it.each([
    ['cut', 'aa'],
    ['empty', ''],
    ['no scalar', `${'00'.repeat(32)}\n`],
  ])('says what to remove when the key of an epoch that was begun is %s', async (_, text) => {
    rmSync(files.key);
    writeFileSync(files.key, text, { mode: 0o600 });
    await expect(build()).rejects.toMatchObject({
      code: 'epoch_key_unusable',
      message: expect.stringContaining(
        `nothing was published from it; remove the directory ${files.directory}`,
      ) as string,
    });
    rmSync(files.directory, { recursive: true });
    expect(await build()).toMatchObject({ epoch: 1 });
  });

  it('evaluates nothing for a set whose header could not be written', async () => {
    await expect(build(2 ** 32)).rejects.toMatchObject({ code: 'argument_invalid' });
    expect(evaluated).toBe(0);
  });
});
