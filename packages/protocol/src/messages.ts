/** The messages of both roles, as values that can't be wrong (protocol-spec/exchange.md, "Messages"). */

import type { ProblemCode } from './problem.ts';

/** What a requester says. */
export type RequesterMessage =
  | {
      readonly type: 'hello';
      readonly version: number;
      /** How many leaves the holder's log had when this requester last saw it; 0 for the first time. */
      readonly logSize: number;
    }
  | { readonly type: 'request'; readonly envelope: Uint8Array }
  | {
      readonly type: 'chunk';
      readonly index: number;
      /** 32 bytes an element, 1 to 4,096 elements. */
      readonly elements: Uint8Array;
      /** 32 bytes a node, at most 32 nodes. */
      readonly path: Uint8Array;
    }
  | { readonly type: 'finish' }
  | { readonly type: 'setRead'; readonly offset: number; readonly length: number }
  | {
      readonly type: 'accounting';
      /** Bytes of the whole accounting, at most 1,114,112. */
      readonly total: number;
      readonly offset: number;
      /** The bytes from `offset` on: 131,072, the last time the rest. */
      readonly bytes: Uint8Array;
    };

/** What a holder says. */
export type HolderMessage =
  | {
      readonly type: 'epoch';
      readonly envelope: Uint8Array;
      /** A signed note in UTF-8. */
      readonly checkpoint: Uint8Array;
      /** Where the epoch's leaf stands in the log, its bytes, and the inclusion proof; 32 bytes a node. */
      readonly leafIndex: number;
      readonly leaf: Uint8Array;
      readonly path: Uint8Array;
      /** From the size in `hello` to the checkpoint's; 32 bytes a node. */
      readonly consistency: Uint8Array;
    }
  | { readonly type: 'accepted'; readonly requestId: Uint8Array }
  | { readonly type: 'refused'; readonly code: ProblemCode; readonly sentence: string }
  | {
      readonly type: 'evaluated';
      readonly index: number;
      readonly elements: Uint8Array;
      /** 32 bytes an element, or none at all. Whatever they are decides nothing. */
      readonly roots: Uint8Array;
      /** 64 bytes. */
      readonly proof: Uint8Array;
    }
  | {
      readonly type: 'receipt';
      readonly envelope: Uint8Array;
      /** From the checkpoint in `epoch` to the receipt's; 32 bytes a node. */
      readonly consistency: Uint8Array;
    }
  | {
      readonly type: 'pending';
      readonly requestId: Uint8Array;
      /** Seconds after which the requester may ask again. */
      readonly retryAfter: number;
    }
  | {
      readonly type: 'accounted';
      readonly envelope: Uint8Array;
      /** From the checkpoint of `receipt` to this receipt's; 32 bytes a node. */
      readonly consistency: Uint8Array;
    }
  | { readonly type: 'setData'; readonly offset: number; readonly bytes: Uint8Array };

/** The first number of each message on the wire. */
export const MESSAGE_NUMBERS: {
  readonly hello: 1;
  readonly request: 2;
  readonly chunk: 3;
  readonly finish: 4;
  readonly setRead: 5;
  readonly accounting: 6;
  readonly epoch: 17;
  readonly accepted: 18;
  readonly refused: 19;
  readonly evaluated: 20;
  readonly receipt: 21;
  readonly setData: 22;
  readonly pending: 23;
  readonly accounted: 24;
} = {
  hello: 1,
  request: 2,
  chunk: 3,
  finish: 4,
  setRead: 5,
  accounting: 6,
  epoch: 17,
  accepted: 18,
  refused: 19,
  evaluated: 20,
  receipt: 21,
  setData: 22,
  pending: 23,
  accounted: 24,
};
