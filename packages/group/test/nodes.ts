import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const installed = (name: string): string =>
  fileURLToPath(new URL(`../../../test/node-versions/node_modules/${name}/bin/node`, import.meta.url));

/** The Node.js of this test, and those beside it that the engines and the programs must run on as well. */
export const NODES = [
  { version: process.versions.node, path: process.execPath },
  { version: '22', path: installed('node-22') },
  { version: '26', path: installed('node-26') },
].map(({ version, path }) => {
  const isMissing = !existsSync(path);
  return { name: isMissing ? `${version} (skipped: its binary is not installed)` : version, path, isMissing };
});

/** What a program prints, as the JSON that it is. */
export function runJson(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): unknown {
  const output = execFileSync(node, args, { encoding: 'utf8', env: { ...process.env, ...env } });
  return JSON.parse(output);
}
