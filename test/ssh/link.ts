import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes that leave at once: TCP's usual segment on Ethernet. */
const SEGMENT = 1448;
/** Bytes under way in one direction before the sender has to wait, as TCP's window makes it. */
const WINDOW = 1024 * 1024;

/**
 * The way to a server on this machine, which can be cut, made slow, and made long. It is a TCP connection all the same:
 * bytes arrive in the order in which they left, whatever happens to the delay and the bandwidth meanwhile; an end or a
 * reset arrives after them, and ends one direction or both as it did where it came from.
 */
export class Link {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #directions = new Set<Direction>();
  bytesPerSecond = Infinity;
  /** How long bytes take in each direction, milliseconds. Connecting takes no time. */
  delayMs = 0;

  static async open(port: number): Promise<Link> {
    const made = new Link(port);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  private constructor(port: number) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
      }
      for (const direction of [new Direction(this, near, far), new Direction(this, far, near)]) {
        this.#directions.add(direction);
        void direction.pass().finally(() => this.#directions.delete(direction));
      }
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Waits until everything that is under way has arrived. */
  async arrived(): Promise<void> {
    await Promise.all(Array.from(this.#directions, ({ arrival }) => arrival));
  }

  /** Breaks all connections: both ends get a reset, and what is under way is lost. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** One direction of a connection over a link. */
class Direction {
  /** Settles when what left last has arrived; never rejects. */
  arrival: Promise<void> = Promise.resolve();
  #underWay = 0;

  constructor(
    private readonly link: Link,
    private readonly from: Socket,
    private readonly to: Socket,
  ) {}

  /** Passes everything on, until the end or the reset of where it comes from has arrived. */
  async pass(): Promise<void> {
    try {
      for await (const chunk of this.from.iterator({ destroyOnReturn: false }))
        await this.#send(chunk as Buffer);
      this.#leave(() => this.to.end());
    } catch {
      this.#leave(() => this.to.resetAndDestroy());
    }
    await this.arrival;
  }

  async #send(chunk: Buffer): Promise<void> {
    for (let at = 0; at < chunk.length; at += SEGMENT) {
      const segment = chunk.subarray(at, at + SEGMENT);
      if (this.link.bytesPerSecond < Infinity)
        await sleep((segment.length / this.link.bytesPerSecond) * 1000);
      this.#underWay += segment.length;
      this.#leave(async () => {
        // Whether it was written or the receiver has gone.
        await new Promise<void>((resolve) => this.to.write(segment, () => resolve()));
        this.#underWay -= segment.length;
      });
      if (this.#underWay > WINDOW) await this.arrival;
    }
  }

  /** Has something arrive after the delay, and after all that left before. */
  #leave(arrive: () => unknown): void {
    const due = performance.now() + this.link.delayMs;
    const before = this.arrival;
    this.arrival = (async () => {
      await before;
      const left = due - performance.now();
      if (left > 0) await sleep(left);
      await arrive();
    })();
  }
}
