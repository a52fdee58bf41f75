import type { WebSocket } from 'ws';

/** No more is read from a requester while this much waits to be sent to it. */
const UNSENT_BYTES_MAX = 1 << 20;

/** How long a requester may take to answer a close before it is cut off. */
const CLOSE_GRACE_MS = 5000;

/** How long a requester may take no byte of what waits for it before it is cut off. */
const STALL_MS = 60_000;

/** What the pace is kept with. */
export interface Pacing {
  /** Milliseconds from any origin: never set back or forward. */
  readonly monotonic: () => number;
  /** Runs what the socket's taking of a frame leads to; a fault in it must not leave this. */
  readonly guard: (act: () => void) => void;
}

/**
 * What is sent to one requester, no faster than it takes it. Nobody else sends over the socket, pauses, resumes or closes
 * it; what comes from the socket is its caller's.
 *
 * Reading stops while more than a bound waits to be sent, and an answer that waits for `drained` is not queued before
 * that: so what one requester can make this process hold has a bound.
 */
export class PacedSocket {
  readonly #socket: WebSocket;
  readonly #pacing: Pacing;
  /** When the socket last took something, or had nothing to take, on the monotonic clock. */
  #takenAt: number;
  /** Answers that wait until the socket has taken enough of what was sent before. */
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket, pacing: Pacing) {
    this.#socket = socket;
    this.#pacing = pacing;
    this.#takenAt = pacing.monotonic();
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame, (error) => {
      // A failed send is followed by the socket's close, which is where it is dealt with.
      if (error) return;
      this.#pacing.guard(() => {
        this.#taken();
      });
    });
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) this.#socket.pause();
  }

  /** Resolves when little enough waits to be sent that one more answer may be queued, or the socket is gone. */
  async drained(): Promise<void> {
    while (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount > UNSENT_BYTES_MAX) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Lets every answer that waits look at the socket again. To be called when the socket is gone. */
  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Whether the requester has taken nothing of what waits for it for too long. To be asked about once a second. */
  stalls(): boolean {
    const now = this.#pacing.monotonic();
    if (this.#socket.bufferedAmount > 0) return now - this.#takenAt > STALL_MS;
    this.#takenAt = now;
    return false;
  }

  /** Closes the socket behind what is queued, and cuts it off where that takes too long. */
  close(closeCode: number): void {
    this.#socket.close(closeCode);
    setTimeout(() => {
      this.cutOff();
    }, CLOSE_GRACE_MS).unref();
  }

  /** Ends the socket at once, whatever is queued. */
  cutOff(): void {
    this.#socket.terminate();
  }

  #taken(): void {
    this.#takenAt = this.#pacing.monotonic();
    if (this.#socket.bufferedAmount > UNSENT_BYTES_MAX) return;
    if (this.#socket.isPaused) this.#socket.resume();
    this.release();
  }
}
