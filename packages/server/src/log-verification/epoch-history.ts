import type { FindingCode } from './finding.ts';

/** What does not fit an epoch that a leaf names. */
export interface EpochFinding {
  readonly code: FindingCode;
  readonly what: string;
}

/**
 * The epochs as the log announces them, one after another. Each number has one id and numbers only rise, so that quotas of
 * an epoch are counted once; requests are for the newest epoch or, while several daemons change over to it, the one before.
 */
export class EpochHistory {
  readonly #numbers = new Map<string, number>();
  /** The last two that were announced, the newest first. */
  #recent: readonly string[] = [];
  #highest = 0;

  /** A leaf announces an epoch. */
  announce(epochId: string, epoch: number): EpochFinding | undefined {
    if (this.#numbers.has(epochId))
      return { code: 'epoch_twice', what: 'announces an epoch that was announced before' };
    const taken = [...this.#numbers.values()].includes(epoch);
    this.#numbers.set(epochId, epoch);
    this.#recent = [epochId, ...this.#recent.slice(0, 1)];
    if (taken) {
      return {
        code: 'epoch_replaced',
        what: `announces an epoch ${epoch} other than the one announced before`,
      };
    }
    if (epoch < this.#highest) {
      return { code: 'epoch_fell', what: `announces epoch ${epoch}, after epoch ${this.#highest} already` };
    }
    this.#highest = epoch;
    return undefined;
  }

  /** The number of an epoch; undefined where it was not announced so far. */
  numberOf(epochId: string): number | undefined {
    return this.#numbers.get(epochId);
  }

  /** A leaf lets a request of an epoch in. */
  admit(epochId: string): EpochFinding | undefined {
    if (!this.#numbers.has(epochId))
      return { code: 'epoch_unknown', what: 'is for an epoch that was not announced before it' };
    if (this.#recent.includes(epochId)) return undefined;
    return { code: 'epoch_outdated', what: 'is for an epoch that two newer ones had followed by then' };
  }
}
