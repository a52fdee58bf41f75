import { existsSync, readFileSync } from 'node:fs';
import { digestText, openEpochDescriptor, ProtocolError, type OpenEpoch } from '@blindmatch/protocol';
import { CommandError } from '@blindmatch/terminal';
import { keepFile } from './kept-file.ts';

/**
 * The epochs that one holder has shown to this requester: the signed descriptor of each in `<64 hex>.epoch-<number>.dsse.json`.
 * A log may name several epochs, and two descriptors of one number in it would let the holder serve this requester another
 * key or set than the rest. Several numbers may be served in turn, so that a lower one is nothing.
 *
 * The caller lets one process at a time in here.
 */
export class RememberedEpochs {
  readonly #path: (ending: string) => string;
  readonly #holder: string;

  /**
   * @param path the path of the file with this ending
   * @param holder the fingerprint of the holder's identity key
   */
  constructor(path: (ending: string) => string, holder: string) {
    this.#path = path;
    this.#holder = holder;
  }

  /**
   * Remembers an epoch, whose descriptor is verified.
   *
   * @throws ProtocolError `log_invalid` where another one had this number, and both descriptors are kept then;
   *   CommandError `checkpoint_damaged`
   */
  keep({ descriptor: { epoch: number }, epochId, envelopeBytes }: OpenEpoch): void {
    const path = this.#path(`epoch-${number}.dsse.json`);
    if (!existsSync(path)) {
      keepFile(path, envelopeBytes);
      return;
    }
    const known = this.#read(path).epochId;
    if (Buffer.compare(known, epochId) === 0) return;
    const other = this.#path(`epoch-${number}-${Buffer.from(epochId).toString('hex', 0, 8)}.dsse.json`);
    keepFile(other, envelopeBytes);
    throw new ProtocolError(
      'log_invalid',
      `The holder serves ${digestText(epochId)} as its epoch ${number}, which was ${digestText(known)} before; do not go on and report it to the inspector. The holder has signed both: ${path} and ${other} prove it.`,
    );
  }

  #read(path: string): OpenEpoch {
    try {
      return openEpochDescriptor(new Uint8Array(readFileSync(path)), { holder: this.#holder });
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      throw new CommandError(
        'checkpoint_damaged',
        `${path} is not an epoch that the holder signed; put a copy of it back, or remove it if you accept that another epoch of its number goes unnoticed.`,
        undefined,
        { cause },
      );
    }
  }
}
