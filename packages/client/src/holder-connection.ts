import type { KeyObject } from 'node:crypto';
import {
  ProtocolError,
  publicKeyFromSpki,
  RequesterSession,
  type Checkpoint,
  type OpenEpoch,
} from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import { CommandError } from '@blindmatch/terminal';
import { connect, type HolderAddress } from './connect.ts';
import { checkSetSize } from './plausible-set.ts';
import { RememberedCheckpoint } from './remembered-checkpoint.ts';
import { shownCheckpoint } from './shown-checkpoint.ts';
import { HolderRefusal, Wire, type EventOf } from './wire.ts';

/**
 * A connection to a holder: carries frames between the socket and a RequesterSession, and turns the session's events
 * into answers that are awaited. The first failure (the network's, the holder's refusal, an answer that must not be)
 * ends it and rejects everything that is awaited.
 */
export class HolderConnection {
  readonly epoch: OpenEpoch;
  readonly #wire: Wire;
  readonly #memory: RememberedCheckpoint;
  /** The log as the holder last showed it, which the next checkpoint of the connection continues. */
  #shown: Checkpoint;

  private constructor(wire: Wire, memory: RememberedCheckpoint, { epoch, checkpoint }: EventOf<'epoch'>) {
    this.#wire = wire;
    this.#memory = memory;
    this.#shown = checkpoint;
    this.epoch = epoch;
  }

  /**
   * Connects and reads the holder's epoch, which only the pinned holder can have signed, and its log, which must have
   * grown from the one that is remembered and is remembered from now on, like the epoch.
   *
   * @param epochId where the request is prepared already, the epoch that it is for
   * @throws CommandError `holder_unreachable`, `holder_gone` (exit code 3), `not_a_holder`, `checkpoint_damaged`;
   *   ProtocolError, also `log_forked`, `log_invalid` for another epoch than had the number before, and
   *   `descriptor_invalid` for a token set of an impossible size
   */
  static async open(address: HolderAddress, epochId?: Uint8Array): Promise<HolderConnection> {
    const memory = new RememberedCheckpoint(address.checkpoints, address.holder);
    // Another command may remember something else meanwhile. Then the log has to be shown to continue that: each time
    // round, one of the commands that run at once has got on.
    for (;;) {
      const remembered = memory.recall();
      const connection = await HolderConnection.#greet(address, memory, remembered, epochId);
      try {
        checkSetSize(connection.epoch.descriptor.tokenSet);
        memory.keepEpoch(connection.epoch);
        if (memory.keep(remembered, connection.#shown, connection.#holderKey)) {
          if (remembered === undefined) address.onFirstSeen?.(connection.#shown.size);
          return connection;
        }
      } catch (error) {
        connection.close();
        throw error;
      }
      connection.close();
    }
  }

  static async #greet(
    address: HolderAddress,
    memory: RememberedCheckpoint,
    remembered: Checkpoint | undefined,
    epochId: Uint8Array | undefined,
  ): Promise<HolderConnection> {
    const session = new RequesterSession({
      holder: address.holder,
      profiles: (id) => profileById(id)?.hash,
      now: () => new Date(),
      ...(remembered === undefined ? {} : { remembered }),
      ...(epochId === undefined ? {} : { epochId }),
    });
    const wire = new Wire(await connect(address), session);
    const greet = async (): Promise<EventOf<'epoch'>> => await wire.ask(() => session.start(), ['epoch']);
    return new HolderConnection(wire, memory, await provingForks(greet, wire, memory, remembered));
  }

  /** Makes the request; resolves once the holder has accepted it, or has said that it waits for an approval. */
  async request(envelope: Uint8Array): Promise<EventOf<'accepted' | 'pending'>> {
    return await this.#wire.ask(() => this.#wire.session.request(envelope), ['accepted', 'pending']);
  }

  /** Has a chunk evaluated. The proof that comes back is not verified yet. At most MAX_IN_FLIGHT at once. */
  async evaluate(index: number, elements: Uint8Array, path: Uint8Array): Promise<EventOf<'evaluated'>> {
    return await this.#wire.ask(
      () => this.#wire.session.chunk(index, elements, path),
      ['evaluated'],
      (event) => event.index === index,
    );
  }

  /**
   * Asks for the receipt once no chunk is under way, and remembers the log that it is in.
   *
   * @throws LogOvertaken; ProtocolError, also `log_forked`, for which both checkpoints are kept
   */
  async finish(): Promise<EventOf<'receipt'>> {
    return await this.#remembering(
      async () => await this.#wire.ask(() => this.#wire.session.finish(), ['receipt']),
    );
  }

  /** Returns the sealed accounting of the matches after the receipt, and remembers the log that it is in, likewise. */
  async account(accounting: Uint8Array): Promise<EventOf<'accounted'>> {
    return await this.#remembering(
      async () => await this.#wire.ask(() => this.#wire.session.account(accounting), ['accounted']),
    );
  }

  /** Reads a piece of the token set. Its content is not verified yet. At most MAX_IN_FLIGHT at once. */
  async readSet(offset: number, length: number): Promise<Uint8Array> {
    const { bytes } = await this.#wire.ask(
      () => this.#wire.session.readSet(offset, length),
      ['setData'],
      (event) => event.offset === offset,
    );
    return bytes;
  }

  /** Bytes of messages so far. */
  get traffic(): { readonly sent: number; readonly received: number } {
    return { sent: this.#wire.sent, received: this.#wire.received };
  }

  close(): void {
    this.#wire.close();
  }

  /** Remembers the log of the answer, which the session has found to continue what was shown before. */
  async #remembering<Answer extends EventOf<'receipt' | 'accounted'>>(
    ask: () => Promise<Answer>,
  ): Promise<Answer> {
    const answer = await provingForks(ask, this.#wire, this.#memory, this.#shown);
    const { checkpoint } = answer.receipt;
    if (!this.#memory.keep(this.#shown, checkpoint, this.#holderKey)) throw new LogOvertaken();
    this.#shown = checkpoint;
    return answer;
  }

  get #holderKey(): KeyObject {
    return publicKeyFromSpki(this.epoch.descriptor.holder.key);
  }
}

/**
 * Another command has remembered something else of the holder's log since this connection began, and nothing shows that
 * an answer on it continues that. Whoever asks again on a new connection is shown it.
 */
export class LogOvertaken extends CommandError {
  constructor() {
    super(
      'checkpoint_changed',
      "Another command has remembered more of the holder's log meanwhile; run this one again.",
    );
  }
}

/** Asks; where the answer is of another log than `earlier`, both checkpoints are kept for whoever is told of it. */
async function provingForks<Answer>(
  ask: () => Promise<Answer>,
  wire: Wire,
  memory: RememberedCheckpoint,
  earlier: Checkpoint | undefined,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProtocolError) || error.code !== 'log_forked' || error instanceof HolderRefusal)
      throw error;
    const frame = wire.lastFrame;
    const later = frame === undefined ? undefined : shownCheckpoint(frame, memory.holder);
    throw earlier === undefined || later === undefined
      ? error
      : memory.keepContradiction(earlier, later, error);
  }
}
