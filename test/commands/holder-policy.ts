/** Changes of a holder's policy file, as somebody with an editor makes them. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed, type RunOptions } from '../running-program.ts';

/** Sets a member of `holder.yaml` that stands on a line of its own. */
export function setPolicy(directory: string, member: string, value: string): void {
  const path = join(directory, 'holder.yaml');
  const text = readFileSync(path, 'utf8');
  const changed = text.replace(new RegExp(`^( *)${member}: .*$`, 'm'), `$1${member}: ${value}`);
  if (changed === text) throw new Error(`holder.yaml has no other ${member}`);
  writeFileSync(path, changed);
}

/** Makes a key for an approver, and has the policy ask for approval; gives the key's path. */
export async function requireApproval(
  directory: string,
  key: string,
  options: RunOptions = {},
): Promise<string> {
  await succeed('blindmatch', ['keygen', key], options);
  const pem = readFileSync(key.replace(/\.pem$/, '.pub.pem'), 'utf8');
  const spki = pem.replace(/-----[^\n]*\n/g, '').replaceAll('\n', '');
  const approvers = `\napprovers:\n  - name: Ann Operator\n    public_key: ${spki}`;
  setPolicy(directory, 'approval', `human${approvers}`);
  return key;
}
