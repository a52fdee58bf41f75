import type { IncomingMessage } from 'node:http';
import { HOLDER_FRAME_MAX, SUBPROTOCOL } from '@blindmatch/protocol';
import { CommandError, EXIT } from '@blindmatch/terminal';
import { WebSocket } from 'ws';

/** Which holder to talk to, and how to know it. */
export interface HolderAddress {
  readonly server: URL;
  /** The fingerprint of the holder's identity key. */
  readonly holder: string;
  /** PEM certificates to trust in place of the system's, for a holder with a certificate of its own. */
  readonly ca?: string;
  /** The directory in which the last checkpoint of each holder's log is remembered. */
  readonly checkpoints: string;
  /** Called where no checkpoint of the holder was remembered before, with the number of entries that its log has now. */
  readonly onFirstSeen?: (entries: number) => void;
}

const CONNECT_DEADLINE_MS = 15_000;

/**
 * Opens the WebSocket to a holder's daemon, over TLS 1.3 unless it is on this machine.
 *
 * @throws CommandError `holder_unreachable`, `certificate_untrusted`, `holder_busy`, `not_a_holder`; exit code 3
 */
export async function connect({ server, ca }: Pick<HolderAddress, 'server' | 'ca'>): Promise<WebSocket> {
  const socket = new WebSocket(server, SUBPROTOCOL, {
    perMessageDeflate: false,
    maxPayload: HOLDER_FRAME_MAX,
    maxFragments: 64,
    maxBufferedChunks: 1024,
    handshakeTimeout: CONNECT_DEADLINE_MS,
    followRedirects: false,
    minVersion: 'TLSv1.3',
    ...(ca === undefined ? {} : { ca }),
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_, response) => {
      reject(refusedUpgrade(server, response));
      socket.terminate();
    });
    socket.on('error', (cause: Error) => {
      reject(unreachable(server, cause));
    });
  });
  socket.removeAllListeners('error');
  return socket;
}

function refusedUpgrade(server: URL, { statusCode }: IncomingMessage): CommandError {
  if (statusCode === 503) {
    return new CommandError(
      'holder_busy',
      `${server.host} serves as many requesters as it can; try again later.`,
      EXIT.network,
    );
  }
  return notAHolder(server);
}

function notAHolder(server: URL, cause?: Error): CommandError {
  return new CommandError(
    'not_a_holder',
    `${server.host} is not a holder that speaks ${SUBPROTOCOL}; check the address and that both sides run matching releases.`,
    EXIT.network,
    { cause },
  );
}

/** What ws says, without a code, of an answer to the upgrade that no holder gives. */
const WRONG_UPGRADE = /subprotocol|Sec-WebSocket|Upgrade header/i;

function unreachable(server: URL, cause: Error): CommandError {
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new CommandError(
      'certificate_untrusted',
      `The certificate of ${server.host} is for another address; use the address that it names, or ask the holder for one that names this.`,
      EXIT.network,
      { cause },
    );
  }
  const untrusted = /CERT|SELF_SIGNED|ISSUER/.test(code);
  if (untrusted) {
    return new CommandError(
      'certificate_untrusted',
      `The certificate of ${server.host} can't be trusted (${code}); name its issuer with --ca, or ask the holder for one that is valid for this address.`,
      EXIT.network,
      { cause },
    );
  }
  if (code.startsWith('HPE_') || (code === '' && WRONG_UPGRADE.test(cause.message)))
    return notAHolder(server, cause);
  if (code === 'EPROTO') {
    return new CommandError(
      'not_a_holder',
      `Something answers at ${server.host} but does not speak TLS; a daemon on this machine without a certificate is at ws://${server.host}.`,
      EXIT.network,
      { cause },
    );
  }
  const tls =
    code === 'ECONNRESET' && server.protocol === 'ws:' ? ' (with a certificate it is at wss://)' : '';
  const why = code === '' ? cause.message : code;
  return new CommandError(
    'holder_unreachable',
    `No holder answers at ${server.host} (${why}); check the address${tls} and that its daemon runs.`,
    EXIT.network,
    { cause },
  );
}
