import { createHmac, hkdfSync } from 'node:crypto';
import { OWNER_BYTES } from '@blindmatch/tokenset';

/**
 * Who the match keys of a build belong to, as the token set's build wants it: 8 bytes, the same for rows of one person.
 * They lie on the disk while the build goes on, so they are made with a key that only the epoch's OPRF key gives: without
 * it they say nothing about anybody, and no two epochs give one person the same.
 */
export class Owners {
  readonly #key: Uint8Array;

  /** @param oprfKey the epoch's OPRF key, 32 bytes; it is not kept */
  constructor(oprfKey: Uint8Array) {
    this.#key = new Uint8Array(hkdfSync('sha256', oprfKey, '', 'blindmatch token set owners v1', 32));
  }

  /** The owner of a person's match keys, from what the profile tells people apart by. */
  ofPerson(identity: string): Uint8Array {
    return this.#owner(`person ${identity}`);
  }

  /** The owner of a canary: nobody else has it. */
  ofCanary(index: number): Uint8Array {
    return this.#owner(`canary ${index}`);
  }

  /** Overwrites the key; no owner can be made any more. */
  wipe(): void {
    this.#key.fill(0);
  }

  #owner(whose: string): Uint8Array {
    const owner = new Uint8Array(
      createHmac('sha256', this.#key).update(whose).digest().subarray(0, OWNER_BYTES),
    );
    // Eight bytes ff stand for no owner; without the first bit none can come to that.
    owner[0] = (owner[0] ?? 0) & 0x7f;
    return owner;
  }
}
