import type { Holder } from './holder.ts';
import { logFault } from './fault.ts';
import { expireWaiting, summariseStrangers } from './waiting-requests.ts';

/** How often what depends on the time alone is looked after. */
const INTERVAL_MS = 60_000;

/** What a daemon does without being asked: ends the waiting of requests and sums up the refusals of strangers. */
export class Upkeep {
  readonly #holder: Pick<Holder, 'ledger' | 'policies' | 'log' | 'now'>;
  readonly #timer: NodeJS.Timeout;
  /** The round that is under way, or the last one. */
  #round: Promise<void> = Promise.resolve();

  constructor(holder: Pick<Holder, 'ledger' | 'policies' | 'log' | 'now'>) {
    this.#holder = holder;
    this.#timer = setInterval(() => {
      this.#round = this.#round.then(() => this.look());
    }, INTERVAL_MS);
  }

  /** One round. Never rejects: what fails is in the daemon's log, and is tried again in the next one. */
  async look(): Promise<void> {
    const { ledger, policies, log, now } = this.#holder;
    try {
      const time = now();
      await expireWaiting(ledger, await policies.current(), time);
      await summariseStrangers(ledger, time);
    } catch (error) {
      logFault(log, error);
    }
  }

  /** Ends it, and resolves when nothing of it is under way. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }
}
