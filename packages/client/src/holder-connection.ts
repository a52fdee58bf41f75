import { RequesterSession, type OpenEpoch } from '@blindmatch/protocol';
import { profileById } from '@blindmatch/records';
import { connect, type HolderAddress } from './connect.ts';
import { checkSetSize } from './plausible-set.ts';
import { Wire, type EventOf } from './wire.ts';

/**
 * A connection to a holder: carries frames between the socket and a RequesterSession, and turns the session's events
 * into answers that are awaited. The first failure (the network's, the holder's refusal, an answer that must not be)
 * ends it and rejects everything that is awaited.
 */
export class HolderConnection {
  readonly epoch: OpenEpoch;
  readonly #wire: Wire;

  private constructor(wire: Wire, epoch: OpenEpoch) {
    this.#wire = wire;
    this.epoch = epoch;
  }

  /**
   * Connects and reads the holder's epoch, which only the pinned holder can have signed.
   *
   * @param epochId where the request is prepared already, the epoch that it is for
   * @throws CommandError `holder_unreachable`, `holder_gone` (exit code 3), `not_a_holder`; ProtocolError, also
   *   `descriptor_invalid` for a token set of an impossible size
   */
  static async open(address: HolderAddress, epochId?: Uint8Array): Promise<HolderConnection> {
    const session = new RequesterSession({
      holder: address.holder,
      profiles: (id) => profileById(id)?.hash,
      now: () => new Date(),
      ...(epochId === undefined ? {} : { epochId }),
    });
    const wire = new Wire(await connect(address), session);
    const epoch = wire.next('epoch', () => true);
    wire.send(session.start());
    const opened = (await epoch).epoch;
    try {
      checkSetSize(opened.descriptor.tokenSet);
    } catch (error) {
      wire.close();
      throw error;
    }
    return new HolderConnection(wire, opened);
  }

  /** Makes the request; resolves once the holder has accepted it. */
  async request(envelope: Uint8Array): Promise<void> {
    await this.#wire.ask(
      () => this.#wire.session.request(envelope),
      'accepted',
      () => true,
    );
  }

  /** Has a chunk evaluated. The proof that comes back is not verified yet. At most MAX_IN_FLIGHT at once. */
  async evaluate(index: number, elements: Uint8Array, path: Uint8Array): Promise<EventOf<'evaluated'>> {
    return await this.#wire.ask(
      () => this.#wire.session.chunk(index, elements, path),
      'evaluated',
      (event) => event.index === index,
    );
  }

  /** Asks for the receipt once no chunk is under way. */
  async finish(): Promise<EventOf<'receipt'>> {
    return await this.#wire.ask(
      () => this.#wire.session.finish(),
      'receipt',
      () => true,
    );
  }

  /** Reads a piece of the token set. Its content is not verified yet. At most MAX_IN_FLIGHT at once. */
  async readSet(offset: number, length: number): Promise<Uint8Array> {
    const { bytes } = await this.#wire.ask(
      () => this.#wire.session.readSet(offset, length),
      'setData',
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
}
