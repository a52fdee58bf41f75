/** The messages of both roles, as values that can't be wrong (protocol-spec/exchange.md, "Messages"). */

import type { ProblemCode } from './problem.ts';

/** What a requester says. */
export type RequesterMessage =
  | { readonly type: 'hello'; readonly version: number }
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
  | { readonly type: 'setRead'; readonly offset: number; readonly length: number };

/** What a holder says. */
export type HolderMessage =
  | { readonly type: 'epoch'; readonly envelope: Uint8Array }
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
  | { readonly type: 'receipt'; readonly envelope: Uint8Array }
  | { readonly type: 'setData'; readonly offset: number; readonly bytes: Uint8Array };

/** The first number of each message on the wire. 23 is kept for a `pending` to come. */
export const MESSAGE_NUMBERS: {
  readonly hello: 1;
  readonly request: 2;
  readonly chunk: 3;
  readonly finish: 4;
  readonly setRead: 5;
  readonly epoch: 17;
  readonly accepted: 18;
  readonly refused: 19;
  readonly evaluated: 20;
  readonly receipt: 21;
  readonly setData: 22;
} = {
  hello: 1,
  request: 2,
  chunk: 3,
  finish: 4,
  setRead: 5,
  epoch: 17,
  accepted: 18,
  refused: 19,
  evaluated: 20,
  receipt: 21,
  setData: 22,
};
