import type { KeyObject } from 'node:crypto';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  cosignatureBy,
  digestText,
  openCheckpoint,
  openRequest,
  parseEnvelope,
  parseNote,
  PAYLOAD_TYPES,
  ProtocolError,
  publicKeyFromSpki,
  requireReceiptFor,
  verifyAccountingReceipt,
  verifyReceipt,
  type AccountingReceipt,
  type Checkpoint,
  type Receipt,
} from '@blindmatch/protocol';
import { CommandError, EXIT, readPublicKey, readTextFile, type Reporter } from '@blindmatch/terminal';
import { z } from 'zod';
import { accountingFiles } from '../accounting-files.ts';
import { parseGrowthProof, requireContinuation } from '../log-proof.ts';
import { openRequestDirectory } from '../request-directory.ts';
import { parseHolder } from './holder-options.ts';

/** A witness as the command line names it. */
export interface NamedWitness {
  readonly name: string;
  /** The file with its public key. */
  readonly keyFile: string;
}

export interface VerifyOptions {
  readonly holder: string;
  /** The directory of the request that the receipt must be for. */
  readonly request?: string;
  /** Another checkpoint of the holder, and the proof that one of the two logs continues the other. */
  readonly checkpoint?: string;
  readonly consistency?: string;
  readonly witness?: readonly NamedWitness[];
}

/** `blindmatch verify`: offline, what a receipt proves to somebody who knows nothing but the holder's fingerprint. */
export function verify(path: string, options: VerifyOptions, reporter: Reporter): void {
  const holder = parseHolder(options.holder);
  if (options.consistency !== undefined && options.checkpoint === undefined) {
    throw new CommandError(
      'checkpoint_missing',
      '--consistency shows that one checkpoint continues another; name the other one with --checkpoint.',
      EXIT.usage,
    );
  }
  const bytes = Buffer.from(readTextFile(path));
  const opened = naming(path, () => openAnyReceipt(bytes, holder));
  if (options.request !== undefined) requireFor(opened, options.request);
  // The checkpoint that witnesses have seen is one that was published, where the user has one.
  const published = checkContinuation(opened.receipt.checkpoint, opened.holderKey, options);
  const witnessed = (options.witness ?? []).map((witness) => {
    insistOnCovering(opened.receipt.checkpoint, published, witness);
    return witnessedBy(witness, published);
  });
  tell(opened, holder, published, witnessed, options, reporter);
}

type OpenedReceipt = (
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'accounting'; readonly receipt: AccountingReceipt }
) & { readonly holderKey: KeyObject };

/** Opens the receipt in a file; an error says what to do with the file. */
function naming<Opened>(path: string, open: () => Opened): Opened {
  try {
    return open();
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    const check =
      cause.code === 'holder_unexpected'
        ? `Check the fingerprint, and that ${path} is the receipt that you mean.`
        : `Check that ${path} is a receipt, whole and as the holder gave it.`;
    throw new ProtocolError(cause.code, `${cause.message} ${check}`, { cause });
  }
}

function openAnyReceipt(bytes: Uint8Array, holder: string): OpenedReceipt {
  const type = isOfAccounting(bytes) ? PAYLOAD_TYPES.accountingReceipt : PAYLOAD_TYPES.receipt;
  if (type === PAYLOAD_TYPES.accountingReceipt) {
    const receipt = verifyAccountingReceipt(bytes, { holder });
    return { kind: 'accounting', receipt, holderKey: holderKeyOf(bytes, type) };
  }
  const receipt = verifyReceipt(bytes, { holder });
  return { kind: 'receipt', receipt, holderKey: holderKeyOf(bytes, type) };
}

/** Which of the two kinds the bytes say they are; whether they are one is for others to find. */
function isOfAccounting(bytes: Uint8Array): boolean {
  try {
    parseEnvelope(bytes, PAYLOAD_TYPES.accountingReceipt);
    return true;
  } catch (error) {
    if (error instanceof ProtocolError) return false;
    throw error;
  }
}

/** The key that a receipt holds, once the receipt is verified. */
function holderKeyOf(bytes: Uint8Array, type: Parameters<typeof parseEnvelope>[1]): KeyObject {
  const payload: unknown = JSON.parse(Buffer.from(parseEnvelope(bytes, type).payload).toString('utf8'));
  const { holder_key } = z.looseObject({ holder_key: z.base64() }).parse(payload);
  return publicKeyFromSpki(Buffer.from(holder_key, 'base64'));
}

/** Insists that the receipt is for the request in a directory; what travels to officials and holders is enough. */
function requireFor({ kind, receipt }: OpenedReceipt, path: string): void {
  const files = openRequestDirectory(path);
  const request = openRequest(new Uint8Array(readFileSync(files.manifest)));
  const id = kind === 'receipt' ? receipt.accepted.request : receipt.accounting.request;
  if (id !== digestText(request.requestId)) {
    throw new ProtocolError(
      'receipt_invalid',
      `The receipt is for another request than that in ${path}; check that the directory is the request of this receipt.`,
    );
  }
  if (kind === 'receipt') {
    requireReceiptFor(receipt, request);
    return;
  }
  const { sealed } = accountingFiles(files);
  if (!existsSync(sealed) || receipt.accounting.accounting === digestText(sha256(readFileSync(sealed))))
    return;
  throw new ProtocolError(
    'receipt_invalid',
    `The receipt is for another accounting of the request than ${sealed}; check that the file is the one that was returned, and report it if it is.`,
  );
}

/** The other checkpoint, shown to be of the same log as the receipt's; the receipt's own where none is named. */
function checkContinuation(
  own: Checkpoint,
  holderKey: KeyObject,
  { checkpoint, consistency }: VerifyOptions,
): Checkpoint {
  if (checkpoint === undefined) return own;
  const other = openCheckpoint(readTextFile(checkpoint), holderKey);
  const growth = consistency === undefined ? undefined : parseGrowthProof(readTextFile(consistency));
  const [earlier, later] = other.size < own.size ? [other, own] : [own, other];
  requireContinuation(earlier, later, growth, holderKey);
  return other;
}

interface Witnessed {
  readonly name: string;
  readonly time: Date;
}

/** Insists that what the witness is to have cosigned has all that the receipt's log has, which one from before has not. */
function insistOnCovering(own: Checkpoint, published: Checkpoint, { name }: NamedWitness): void {
  if (published.size >= own.size) return;
  throw new CommandError(
    'witness_missing',
    `What the witness ${name} is to have cosigned is the log of ${published.size} leaves, and the receipt is in that of ${own.size}: it says nothing of the receipt. Ask the witness for a checkpoint of at least ${own.size} leaves, and the holder for the proof with: blindmatchd log prove --from ${own.size} --to SIZE`,
  );
}

function witnessedBy({ name, keyFile }: NamedWitness, { note }: Checkpoint): Witnessed {
  const cosignature = cosignatureBy(parseNote(note), { name, key: readPublicKey(keyFile) });
  if (cosignature === undefined) {
    throw new CommandError(
      'witness_missing',
      `The witness ${name} has not cosigned this checkpoint; ask it for one that it has, and name that with --checkpoint.`,
    );
  }
  return { name, time: cosignature.time };
}

function tell(
  opened: OpenedReceipt,
  holder: string,
  published: Checkpoint,
  witnessed: readonly Witnessed[],
  options: VerifyOptions,
  reporter: Reporter,
): void {
  const { checkpoint } = opened.receipt;
  const { fields, lines } =
    opened.kind === 'receipt' ? ofReceipt(opened.receipt) : ofAccounting(opened.receipt);
  reporter.event(
    'verified',
    {
      kind: opened.kind,
      holder,
      ...fields,
      log_size: checkpoint.size,
      for_request: options.request ?? null,
      checkpoint_size: options.checkpoint === undefined ? null : published.size,
      witnesses: witnessed.map(({ name, time }) => `${name} ${time.toISOString()}`),
    },
    [
      `This receipt is good. The holder ${holder} has signed that`,
      ...lines,
      `It is in the holder's log of ${checkpoint.size} leaves, which the holder has signed too.`,
      ...(options.request === undefined ? [] : [`It is for exactly the request in ${options.request}.`]),
      ...(options.checkpoint === undefined ? [] : [continuation(checkpoint, published)]),
      ...witnessed.map(
        ({ name, time }) =>
          `The witness ${name} saw the log of ${published.size} leaves, which has this, at ${time.toISOString()}.`,
      ),
    ],
  );
}

function continuation(own: Checkpoint, other: Checkpoint): string {
  if (other.size === own.size) return 'The other checkpoint is of the same log.';
  const [earlier, later] = other.size < own.size ? [other, own] : [own, other];
  return `The log of ${later.size} leaves continues that of ${earlier.size}: nothing before was changed or removed.`;
}

type Told = {
  readonly fields: Readonly<Record<string, string | number | null | readonly string[]>>;
  readonly lines: readonly string[];
};

function ofReceipt({ accepted, completed }: Receipt): Told {
  const { requester, records, elements, statute, purpose, officials, certifiers, investigators } = accepted;
  return {
    fields: {
      request: accepted.request,
      requester,
      records,
      elements,
      statute,
      purpose,
      officials,
      certifiers,
      investigators,
      policy: accepted.policy,
      approval: accepted.approval,
      epoch_id: accepted.epoch_id,
      accepted: accepted.time,
      completed: completed.toISOString(),
    },
    lines: [
      `  request      ${accepted.request}`,
      `  by           ${requester}`,
      `  asked about  ${records} records (${elements} elements) in the epoch ${accepted.epoch_id}`,
      `  statute      ${statute ?? 'as the manifest says; the log does not have it'}`,
      ...(purpose === null ? [] : [`  purpose      ${purpose}`]),
      ...officials.map((official) => `  official     ${official}`),
      ...certifiers.map((certifier) => `  certifier    ${certifier}`),
      ...(investigators === 0 ? [] : [`  named        ${investigators} investigators`]),
      `  policy       ${accepted.policy}, which the log has before this`,
      ...(accepted.approval === null ? [] : [`  approval     ${accepted.approval}`]),
      `  accepted     ${accepted.time}, before anything was evaluated`,
      `  finished     ${completed.toISOString()}`,
    ],
  };
}

function ofAccounting({ accounting }: AccountingReceipt): Told {
  return {
    fields: {
      request: accounting.request,
      accounting: accounting.accounting,
      bytes: accounting.bytes,
      logged: accounting.time,
    },
    lines: [
      `  request      ${accounting.request}`,
      `  was followed by its accounting ${accounting.accounting} (${accounting.bytes} bytes, sealed)`,
      `  logged       ${accounting.time}`,
    ],
  };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}
