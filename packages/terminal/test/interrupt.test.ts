import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('./interrupted-program.ts', import.meta.url));

/** Runs the program, sends it a signal once it says that it is ready, and gives how it ended. */
async function interrupt(command: string, signal: NodeJS.Signals): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.once('data', () => child.kill(signal));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stderr };
}

describe('a command that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('by %s ends with 1 and one sentence', async (signal) => {
    expect(await interrupt('wait', signal)).toEqual({
      code: 1,
      stderr: 'prog: Interrupted; run the same command again to go on.\n',
    });
  });

  it('says what it kept, where it kept something', async () => {
    expect((await interrupt('keep', 'SIGINT')).stderr).toBe('prog: The request is kept.\n');
  });

  it('stops in its own order where it has one', async () => {
    expect(await interrupt('stop', 'SIGTERM')).toEqual({ code: 0, stderr: '' });
  });
});
