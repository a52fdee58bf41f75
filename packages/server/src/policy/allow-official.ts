import { closeSync, openSync, rmSync } from 'node:fs';
import { fingerprint, publicKeyToSpki } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { KeyObject } from 'node:crypto';
import { isMap, isSeq } from 'yaml';
import { replaceFile } from '../replace-file.ts';
import { PolicyDocument } from './policy-document.ts';
import { checkPolicy, parsePolicy, readPolicyText } from './read-policy.ts';
import { DEFAULT_ROLE, formatSignatureRule } from './signature-rule.ts';

/** Whom to allow. */
export interface OfficialToAllow {
  readonly requester: string;
  readonly key: KeyObject;
  /** The requester's cap for one request. */
  readonly maxRecords: number;
  /** What people know the official by. */
  readonly name?: string;
  /** `official` unless given; one who is listed keeps the role. */
  readonly role?: string;
}

/** What `allowOfficial` did, for the account that `allow` gives. */
export interface AllowedOfficial {
  readonly fingerprint: string;
  /** False where the official was already allowed and only the cap and the name were set. */
  readonly added: boolean;
  readonly role: string;
}

/**
 * Allows an official to sign requests of a requester, and sets the requester's cap. A requester that is new needs one
 * signature of the official's role. The file keeps its comments and is replaced in one step.
 *
 * @throws CommandError `policy_invalid`; `official_taken` if the key stands in the policy in another place or role;
 *   `policy_locked` while another process changes the file
 */
export function allowOfficial(path: string, allowed: OfficialToAllow): AllowedOfficial {
  return lockedPolicy(path, () => changePolicy(path, allowed));
}

/** Runs one change of the file at a time: of two at once, the second would undo the first. */
function lockedPolicy<T>(path: string, change: () => T): T {
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, 'wx', 0o600));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new CommandError(
      'policy_locked',
      `Another blindmatchd allow is changing ${path}; try again when it has ended, or remove ${lock} if none is running.`,
      undefined,
      { cause },
    );
  }
  try {
    return change();
  } finally {
    rmSync(lock, { force: true });
  }
}

function changePolicy(path: string, allowed: OfficialToAllow): AllowedOfficial {
  const text = readPolicyText(path);
  const document = new PolicyDocument(text, path);
  const policy = checkPolicy(document, text);
  const id = fingerprint(allowed.key);
  const owner = policy.requesters.find(({ officials }) =>
    officials.some((official) => official.fingerprint === id),
  );
  const listed = owner?.officials.find((official) => official.fingerprint === id);
  if (owner !== undefined && owner.name !== allowed.requester) {
    throw taken(
      `This key already is an official of "${owner.name}"; an official signs for one requester only`,
    );
  }
  if (listed !== undefined && allowed.role !== undefined && listed.role !== allowed.role) {
    throw taken(`This key already is an official of the role ${listed.role}; a key has one role only`);
  }
  if ([...policy.certifiers, ...policy.approvers].some((other) => other.fingerprint === id)) {
    throw taken('This key already is one of a certifier or an approver; a key has one role only');
  }
  const role = listed?.role ?? allowed.role ?? DEFAULT_ROLE;
  setOfficial(document, allowed, role);
  const changed = document.toString();
  // What is written is what was checked.
  parsePolicy(changed, path);
  replaceFile(path, changed);
  return { fingerprint: id, added: listed === undefined, role };
}

function setOfficial(
  { yaml }: PolicyDocument,
  { requester, key, maxRecords, name }: OfficialToAllow,
  role: string,
): void {
  const requesters = yaml.get('requesters');
  if (!isSeq(requesters)) return;
  requesters.flow = false;
  const publicKey = Buffer.from(publicKeyToSpki(key)).toString('base64');
  const official = yaml.createNode({
    ...(name === undefined ? {} : { name }),
    ...(role === DEFAULT_ROLE ? {} : { role }),
    public_key: publicKey,
  });
  const entry = requesters.items.find((item) => isMap(item) && item.get('name') === requester);
  if (!isMap(entry)) {
    requesters.add(
      yaml.createNode({
        name: requester,
        required_signatures: formatSignatureRule([{ count: 1, role }]),
        caps: { records_per_request: maxRecords },
        officials: [official],
      }),
    );
    return;
  }
  entry.setIn(['caps', 'records_per_request'], maxRecords);
  const officials = entry.get('officials');
  if (!isSeq(officials)) return;
  const present = officials.items.find((item) => isMap(item) && item.get('public_key') === publicKey);
  if (!isMap(present)) officials.add(official);
  else if (name !== undefined) present.set('name', name);
}

function taken(what: string): CommandError {
  return new CommandError('official_taken', `${what}, so use another key.`);
}
