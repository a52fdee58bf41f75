import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';

/** Where and when something was measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** ISO 8601, UTC. */
  readonly date: string;
  /** Of this repository, with "+" after it when the work tree had changes. */
  readonly commit: string;
}

export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.versions.node,
    date: new Date().toISOString(),
    commit: commit(),
  };
}

function commit(): string {
  const git = spawnSync('git', ['describe', '--always', '--exclude=*', '--dirty=+'], { encoding: 'utf8' });
  return git.status === 0 ? git.stdout.trim() : 'unknown';
}
