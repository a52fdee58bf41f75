import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import {
  fingerprint,
  isLine,
  MATCH_TIERS,
  MAX_ORDER_AGE_DAYS,
  NAME_MAX,
  publicKeyFromSpki,
  publicKeyToSpki,
  type MatchTier,
} from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import type { KeyObject } from 'node:crypto';
import { isMap, isSeq, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';

/** Someone whose signature authorises a request. */
interface Official {
  readonly key: KeyObject;
  readonly fingerprint: string;
}

/** An agency that may ask, within its cap. */
export interface Requester {
  readonly name: string;
  /** The largest number of records that one request may hold. */
  readonly maxRecords: number;
  readonly officials: readonly Official[];
}

/**
 * The holder's policy, parsed. Invariants: names of requesters are distinct, and an official's key belongs to one
 * requester only, so that a signature names one requester.
 */
export interface Policy {
  /** The holder's name as requesters see it. */
  readonly name: string;
  /** The largest number of elements that a request may hold; decides how many bits a token keeps. */
  readonly maxElements: number;
  /** The tiers that are answered: at least one, the stronger first. An epoch answers those it was built with. */
  readonly answeredTiers: readonly MatchTier[];
  /** The least age of an order that may be asked under, in days. */
  readonly minimumOrderAgeDays: number;
  readonly requesters: readonly Requester[];
}

const name = z.string().refine((text) => isLine(text, NAME_MAX), 'must be one printable line');

const policyFile = z.strictObject({
  name,
  max_elements: z
    .int()
    .min(1)
    .max(2 ** 32 - 1),
  answered_tiers: z
    .array(z.enum(MATCH_TIERS))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'must name no tier twice'),
  minimum_order_age_days: z.int().min(0).max(MAX_ORDER_AGE_DAYS),
  requesters: z.array(
    z.strictObject({
      name,
      max_records: z
        .int()
        .min(1)
        .max(2 ** 32 - 1),
      officials: z.array(z.strictObject({ public_key: z.string().min(1).max(200) })).min(1),
    }),
  ),
});

/** What `holder.yaml` says about the tiers: how often each confirms someone who is not on file, as measured. */
const TIERS_COMMENT = `# What a match must rest on (tiers). A change takes effect with the next build.
#   name_address_dob   name, address and date of birth. Measured on 365,276 made-up requests for people who are not on
#                      file: 7 wrong confirmations, 1.9 in 100,000 (95% interval 0.8 to 3.9). Finds 91.2% of the people
#                      who are on file at that address.
#   name_address       name and address only, for requests without a date of birth. Measured on 121,624 such requests:
#                      168 wrong confirmations, 1.4 in 1,000 (1.2 to 1.6). Finds 80.8%. Where 3.7% of all requests are for
#                      people on file, about 95.7% of the matches are right; the others confirm people who are not on file.
# Nearly all wrong confirmations without a date of birth are relatives of one name in one household, such as a father
# and his son: if only one of them is on file, nothing in name and address tells them apart. If both are, neither is
# confirmed.
# Take name_address out of the list unless the agreement asks for it and a match leads to no step against anybody before
# somebody has looked at it.`;

/** The text of `holder.yaml` for a new holder. */
export function newPolicyText(holderName: string, maxElements: number): string {
  return `# The policy of this holder. blindmatchd reads it when it starts; a key that it does not know is refused.

# The name that requesters see.
name: ${JSON.stringify(holderName)}

# The largest number of elements (match keys and canaries) that one request may hold. It decides how many bits of a
# token the set keeps, so that a whole request has a false positive with probability at most 2^-40. A change takes
# effect with the next build.
max_elements: ${maxElements}

${TIERS_COMMENT}
answered_tiers: [${MATCH_TIERS.join(', ')}]

# The least age, in days, of the removal order behind a record; 0 asks for none. Requesters' programs keep back younger
# ones; the elements don't show it. A change takes effect with the next build.
minimum_order_age_days: 0

# Who may ask. blindmatchd allow adds to this list:
#   - name: Requesting Agency
#     max_records: 1000000        # in one request
#     officials:                  # a request must carry the signature of one of them
#       - public_key: MCowBQYDK2VwAyEA...   # Ed25519, SPKI, base64
requesters: []
`;
}

/**
 * Reads and checks the policy.
 *
 * @throws CommandError `policy_invalid`, with the line where that is known
 */
export function readPolicy(path: string): Policy {
  return checkPolicy(path, parsePolicyDocument(path));
}

/** What `allowOfficial` did, for the account that `allow` gives. */
export interface AllowedOfficial {
  readonly fingerprint: string;
  /** False where the official was already allowed and only the cap was set. */
  readonly added: boolean;
}

/**
 * Allows an official to authorise requests of a requester, and sets the requester's cap. The file keeps its
 * comments and is replaced in one step.
 *
 * @throws CommandError `policy_invalid`; `official_taken` if the key is an official of another requester;
 *   `policy_locked` while another process changes the file
 */
export function allowOfficial(
  path: string,
  allowed: { readonly requester: string; readonly key: KeyObject; readonly maxRecords: number },
): AllowedOfficial {
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

function changePolicy(
  path: string,
  allowed: { readonly requester: string; readonly key: KeyObject; readonly maxRecords: number },
): AllowedOfficial {
  const document = parsePolicyDocument(path);
  const policy = checkPolicy(path, document);
  const id = fingerprint(allowed.key);
  const owner = policy.requesters.find((requester) =>
    requester.officials.some((official) => official.fingerprint === id),
  );
  if (owner !== undefined && owner.name !== allowed.requester) {
    throw new CommandError(
      'official_taken',
      `This key already is an official of "${owner.name}"; an official signs for one requester only, so use another key.`,
    );
  }
  setOfficial(document, allowed, owner === undefined);
  checkPolicy(path, document);
  replaceFile(path, document.toString({ lineWidth: 0 }));
  return { fingerprint: id, added: owner === undefined };
}

function setOfficial(
  document: Document,
  allowed: { readonly requester: string; readonly key: KeyObject; readonly maxRecords: number },
  add: boolean,
): void {
  const requesters = document.get('requesters');
  if (!isSeq(requesters)) return;
  requesters.flow = false;
  const official = document.createNode({
    public_key: Buffer.from(publicKeyToSpki(allowed.key)).toString('base64'),
  });
  const entry = requesters.items.find((item) => isMap(item) && item.get('name') === allowed.requester);
  if (!isMap(entry)) {
    requesters.add(
      document.createNode({
        name: allowed.requester,
        max_records: allowed.maxRecords,
        officials: [official],
      }),
    );
    return;
  }
  entry.set('max_records', allowed.maxRecords);
  const officials = entry.get('officials');
  if (add && isSeq(officials)) officials.add(official);
}

function parsePolicyDocument(path: string): Document.Parsed {
  const document = parseDocument(readFileSync(path, 'utf8'), { prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error === undefined) return document;
  const line = error.linePos?.[0].line;
  throw invalid(path, `${line === undefined ? '' : `line ${line}: `}it is not valid YAML`);
}

function checkPolicy(path: string, document: Document): Policy {
  const parsed = policyFile.safeParse(plainValue(path, document));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(path, issue === undefined ? 'it has the wrong form' : describe(issue));
  }
  const policy: Policy = {
    name: parsed.data.name,
    maxElements: parsed.data.max_elements,
    answeredTiers: MATCH_TIERS.filter((tier) => parsed.data.answered_tiers.includes(tier)),
    minimumOrderAgeDays: parsed.data.minimum_order_age_days,
    requesters: parsed.data.requesters.map((requester) => ({
      name: requester.name,
      maxRecords: requester.max_records,
      officials: requester.officials.map((official) =>
        parseOfficial(path, requester.name, official.public_key),
      ),
    })),
  };
  refuseTwice(
    path,
    'the requester',
    policy.requesters.map((requester) => requester.name),
  );
  refuseTwice(
    path,
    'the official',
    policy.requesters.flatMap((requester) => requester.officials.map((official) => official.fingerprint)),
  );
  return policy;
}

/** The document as a plain value. An alias could name more than anyone reviewed, so none is followed. */
function plainValue(path: string, document: Document): unknown {
  visit(document, {
    Alias: () => {
      throw invalid(path, 'it holds an alias (*name) and everything must be written out');
    },
  });
  return document.toJS();
}

function parseOfficial(path: string, requester: string, text: string): Official {
  try {
    const spki = Buffer.from(text, 'base64');
    // One key has one text, so that a reviewer who looks for it finds it.
    if (spki.toString('base64') !== text) throw new RangeError('not canonical base64');
    const key = publicKeyFromSpki(spki);
    return { key, fingerprint: fingerprint(key) };
  } catch {
    throw invalid(path, `a public_key of "${requester}" is not an Ed25519 key (SPKI, base64)`);
  }
}

function refuseTwice(path: string, what: string, values: readonly string[]): void {
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) throw invalid(path, `${what} ${twice} stands in it twice`);
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.map(String).join('.');
  return `${where === '' ? '' : `${where}: `}${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

function invalid(path: string, what: string): CommandError {
  return new CommandError(
    'policy_invalid',
    `${path} can't be used: ${what}; correct the file and try again.`,
  );
}
