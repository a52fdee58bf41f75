import {
  decodeHolderMessage,
  openCheckpoint,
  openEpochDescriptor,
  publicKeyFromSpki,
  verifyAccountingReceipt,
  verifyReceipt,
  type Checkpoint,
} from '@blindmatch/protocol';

/**
 * The checkpoint of the holder's log that a frame shows, signed by the holder; undefined for a frame that shows none.
 *
 * @throws ProtocolError what is wrong with the frame
 */
export function shownCheckpoint(frame: Uint8Array, holder: string): Checkpoint | undefined {
  const message = decodeHolderMessage(frame);
  switch (message.type) {
    case 'epoch': {
      const { descriptor } = openEpochDescriptor(message.envelope, { holder });
      const note = Buffer.from(message.checkpoint).toString('utf8');
      return openCheckpoint(note, publicKeyFromSpki(descriptor.holder.key));
    }
    case 'receipt':
      return verifyReceipt(message.envelope, { holder }).checkpoint;
    case 'accounted':
      return verifyAccountingReceipt(message.envelope, { holder }).checkpoint;
    case 'accepted':
    case 'pending':
    case 'refused':
    case 'evaluated':
    case 'setData':
      return undefined;
  }
}
