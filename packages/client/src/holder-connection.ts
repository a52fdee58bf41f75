import type { KeyObject } from 'node:crypto';
import {
  decodeHolderMessage,
  ProtocolError,
  publicKeyFromSpki,
  RequesterSession,
  type Checkpoint,
  type OpenEpoch,
} from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import { connect, type HolderAddress } from './connect.ts';
import { checkSetSize } from './plausible-set.ts';
import { RememberedCheckpoint } from './remembered-checkpoint.ts';
import { Wire, type EventOf } from './wire.ts';

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
   * grown from the one that is remembered and is remembered from now on.
   *
   * @param epochId where the request is prepared already, the epoch that it is for
   * @throws CommandError `holder_unreachable`, `holder_gone` (exit code 3), `not_a_holder`, `checkpoint_damaged`;
   *   ProtocolError, also `log_forked`, and `descriptor_invalid` for a token set of an impossible size
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
        if (memory.keep(remembered, connection.#shown, connection.#holderKey)) return connection;
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
    try {
      return new HolderConnection(wire, memory, await wire.ask(() => session.start(), ['epoch']));
    } catch (error) {
      throw error instanceof ProtocolError && error.code === 'log_forked'
        ? withProof(error, wire.lastFrame, memory)
        : error;
    }
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

  /** Asks for the receipt once no chunk is under way, and remembers the log that it is in. */
  async finish(): Promise<EventOf<'receipt'>> {
    const answer = await this.#wire.ask(() => this.#wire.session.finish(), ['receipt']);
    this.#remember(answer.receipt.checkpoint);
    return answer;
  }

  /** Returns the sealed accounting of the matches after the receipt, and remembers the log that it is in. */
  async account(accounting: Uint8Array): Promise<EventOf<'accounted'>> {
    const answer = await this.#wire.ask(() => this.#wire.session.account(accounting), ['accounted']);
    this.#remember(answer.receipt.checkpoint);
    return answer;
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

  /** Remembers what the session has found to continue what was shown before. */
  #remember(next: Checkpoint): void {
    this.#memory.keep(this.#shown, next, this.#holderKey);
    this.#shown = next;
  }

  get #holderKey(): KeyObject {
    return publicKeyFromSpki(this.epoch.descriptor.holder.key);
  }
}

/** Keeps the checkpoint that a holder's other log was shown with, and says where the proof of it is. */
function withProof(
  forked: ProtocolError,
  frame: Uint8Array | undefined,
  memory: RememberedCheckpoint,
): ProtocolError {
  const message = frame === undefined ? undefined : decodeHolderMessage(frame);
  if (message?.type !== 'epoch') return forked;
  const path = memory.keepContradiction(Buffer.from(message.checkpoint).toString('utf8'));
  if (path === undefined) return forked;
  const sentence = `${forked.message} The holder has signed both: ${memory.path} and ${path} prove it.`;
  return new ProtocolError('log_forked', sentence, { cause: forked });
}
