/** The 33 leaves of log.json: every type and every optional member, from fixed values. */

import { digestText } from '../../../packages/protocol/src/digest.ts';
import type { LogLeaf } from '../../../packages/protocol/src/log-leaf.ts';

const digest = (byte: number): string => digestText(new Uint8Array(32).fill(byte));
const at = (hour: number, second: number): string =>
  new Date(Date.UTC(2026, 10, 21, hour, 0, second)).toISOString();

const epochId = digest(0xe1);
const policy = digest(0xa0);
const requester = 'Requesting Agency';
const statute = '8 U.S.C. 1253(a)(1)';

const accepted: LogLeaf = {
  type: 'accepted',
  time: at(9, 0),
  request: digest(1),
  records: 2500,
  elements: 5004,
  policy,
  epoch_id: epochId,
  requester,
  officials: [digest(0x11)],
  certifiers: [],
  statute,
  purpose: null,
  investigators: 0,
  approval: null,
};

const first: readonly { readonly comment: string; readonly leaf: LogLeaf }[] = [
  { comment: 'the policy in force', leaf: { type: 'policy', time: at(8, 0), policy } },
  { comment: 'an epoch', leaf: { type: 'epoch', time: at(8, 1), epoch: 1, epoch_id: epochId } },
  { comment: 'an accepted request that says as little as it may', leaf: { ...accepted, statute: null } },
  { comment: 'its receipt was asked for', leaf: { type: 'finished', time: at(9, 30), request: digest(1) } },
  {
    comment: 'its sealed accounting',
    leaf: { type: 'accounting', time: at(9, 45), request: digest(1), accounting: digest(0xac), bytes: 517 },
  },
  {
    comment: 'a request that waits for approval',
    leaf: {
      type: 'pending',
      time: at(10, 0),
      request: digest(2),
      records: 40,
      elements: 82,
      policy,
      epoch_id: epochId,
      requester,
    },
  },
  {
    comment: 'its approval',
    leaf: {
      type: 'approval',
      time: at(10, 20),
      request: digest(2),
      decision: 'approved',
      approver: digest(0x21),
      approval: digest(0xb2),
    },
  },
  {
    comment: 'its acceptance, with two officials, a certifier and the approval',
    leaf: {
      ...accepted,
      time: at(10, 30),
      request: digest(2),
      records: 40,
      elements: 82,
      officials: [digest(0x11), digest(0x12)],
      certifiers: [digest(0x31)],
      purpose: 'Location of individuals under a final order of removal',
      investigators: 2,
      approval: digest(0xb2),
    },
  },
  {
    comment: 'a denial of another request',
    leaf: {
      type: 'approval',
      time: at(11, 0),
      request: digest(3),
      decision: 'denied',
      approver: digest(0x21),
      approval: digest(0xb3),
    },
  },
  {
    comment: 'a refusal of a request that an allowed official had signed',
    leaf: {
      type: 'refused',
      time: at(11, 1),
      request: digest(3),
      records: 7,
      elements: 16,
      policy,
      code: 'approval_denied',
      requester,
    },
  },
  {
    comment: 'a refusal of a request that nobody known had signed',
    leaf: {
      type: 'refused',
      time: at(11, 2),
      request: digest(4),
      records: 1,
      elements: 3,
      policy,
      code: 'official_unknown',
      requester: null,
    },
  },
  {
    comment: 'the rest of such refusals in one hour',
    leaf: { type: 'unidentified', time: at(12, 0), hour: at(11, 0), requests: 968 },
  },
  { comment: 'a receipt, with no accounting behind it', leaf: { type: 'finished', time: at(12, 0), request: digest(2) } },
  {
    comment: 'a waiver of that accounting',
    leaf: {
      type: 'approval',
      time: at(12, 1),
      request: digest(2),
      decision: 'accounting_waived',
      approver: digest(0x21),
      approval: digest(0xb4),
    },
  },
  {
    comment: 'text with a quotation mark, a reverse solidus and characters beyond ASCII',
    leaf: {
      ...accepted,
      time: at(12, 1),
      request: digest(5),
      requester: 'Büro "Nord" \\ 北京 𝒜',
      statute: '§ 8 U.S.C. 1253(a)(1)/(2)',
    },
  },
];

/** The leaves in the order of the log, with what each is. */
export const events: readonly { readonly comment: string; readonly leaf: LogLeaf }[] = [
  ...first,
  ...Array.from({ length: 33 - first.length }, (_, count) => ({
    comment: `one of ${33 - first.length} refusals in a row`,
    leaf: {
      type: 'refused' as const,
      time: at(13, count),
      request: digest(64 + count),
      records: count + 1,
      elements: 2 * count + 4,
      policy,
      code: 'quota_exceeded' as const,
      requester,
    },
  })),
];
