import type { RequestManifest } from '@blindmatch/protocol';
import { orderOf, type RequestRecord } from '@blindmatch/records';

type Range = RequestManifest['orders'];

/** The days of the oldest and the newest order behind the submitted records. */
export class OrderDates {
  #from: string | undefined;
  #to: string | undefined;

  add(record: RequestRecord): void {
    const date = orderOf(record)?.date;
    if (date === undefined) return;
    if (this.#from === undefined || date < this.#from) this.#from = date;
    if (this.#to === undefined || date > this.#to) this.#to = date;
  }

  /** null where no record has one. */
  get range(): Range {
    return this.#from === undefined || this.#to === undefined ? null : { from: this.#from, to: this.#to };
  }

  /** Whether a manifest says the same; one that says nothing says nothing wrong. */
  fit(said: Range): boolean {
    return said === null || (said.from === this.#from && said.to === this.#to);
  }
}
