/** What does not fit together in a log and what is remembered beside it. */

/**
 * - `leaf_out_of_place`, `leaf_malformed`: a leaf is not where, or not what, a leaf must be;
 * - `root_differs`: the tree over the leaves is not the one whose head is stored and signed;
 * - `log_shorter`, `checkpoint_differs`: the log is no continuation of an earlier checkpoint;
 * - `policy_unknown`, `policy_differs`: the text of a policy that a leaf names is missing, or is another or no policy;
 * - `policy_not_in_force`: a decision rests on a policy that was not in force then;
 * - `node_differs`: a hash of the stored tree, of which proofs are made, is missing or not the one that the leaves give;
 * - `epoch_unknown`, `epoch_twice`: a leaf names an epoch that was not announced before it, or announces one again;
 * - `epoch_replaced`, `epoch_fell`: the number of an epoch is announced for another epoch, or after a higher one;
 * - `epoch_outdated`: a request was let in for an epoch that is older than the newest one and the one before that;
 * - `request_unknown`: a leaf is about a request that is not remembered as what the leaf says;
 * - `accepted_twice`: two leaves accept one request;
 * - `request_differs`: a leaf, the signed manifest and what is remembered of the request disagree;
 * - `acceptance_unjustified`: the policy that is named would have refused a request that was accepted or let wait;
 * - `approval_missing`, `approval_invalid`: the approval of an accepted request is not there or does not count;
 * - `expiry_differs`: a request that expired is remembered as something else, waits or waited until another time than the
 *   policy says, or ended before it;
 * - `over_limit`: the charges of accepted requests exceed a quota of the policy;
 * - `charge_differs`: a charge or a sum of charges is not what the log says or adds up to;
 * - `accounting_differs`: a stored accounting is not the one that was logged;
 * - `leaves_differ`: something is remembered that has no leaf, or has two.
 */
export type FindingCode =
  | 'leaf_out_of_place'
  | 'leaf_malformed'
  | 'root_differs'
  | 'node_differs'
  | 'log_shorter'
  | 'checkpoint_differs'
  | 'policy_unknown'
  | 'policy_differs'
  | 'policy_not_in_force'
  | 'epoch_unknown'
  | 'epoch_twice'
  | 'epoch_replaced'
  | 'epoch_fell'
  | 'epoch_outdated'
  | 'request_unknown'
  | 'accepted_twice'
  | 'request_differs'
  | 'acceptance_unjustified'
  | 'approval_missing'
  | 'approval_invalid'
  | 'expiry_differs'
  | 'over_limit'
  | 'charge_differs'
  | 'accounting_differs'
  | 'leaves_differ';

/** One inconsistency. */
export interface Finding {
  readonly code: FindingCode;
  /** The leaf that shows it; undefined where no single one does. */
  readonly leaf: number | undefined;
  readonly sentence: string;
}

/** Takes findings as they are made: there may be as many as leaves. */
export type Found = (finding: Finding) => void;
