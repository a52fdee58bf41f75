import type { Ledger } from '@blindmatch/ledger';
import type { Oprf } from '@blindmatch/oprf';
import type { KeyObject } from 'node:crypto';
import type { ServedEpoch } from './epoch.ts';
import type { Log } from './log.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import type { ShownLog } from './shown-log.ts';

/** What all connections of a daemon share. The daemon owns it and closes it after the last connection. */
export interface Holder {
  readonly policies: PolicyInForce;
  readonly identity: KeyObject;
  readonly epoch: ServedEpoch;
  readonly ledger: Ledger;
  readonly shownLog: ShownLog;
  readonly oprf: Oprf;
  readonly log: Log;
  readonly now: () => Date;
  /** Milliseconds from any origin, for deadlines: never set back or forward. */
  readonly monotonic: () => number;
}
