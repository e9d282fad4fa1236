import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** The way to a server on this machine, which can be cut, made slow, and made long. */
export class Link {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  bytesPerSecond = Infinity;
  /** How long everything takes in each direction, milliseconds. */
  delayMs = 0;

  static async open(port: number): Promise<Link> {
    const made = new Link(port);
    made.#server.listen(0, '127.0.0.1');
    await once(made.#server, 'listening');
    return made;
  }

  private constructor(port: number) {
    this.#server = createServer((near) => {
      const far = connect({ port, host: '127.0.0.1', noDelay: true });
      near.setNoDelay(true);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
      }
      this.#pass(near, far);
      this.#pass(far, near);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (chunk: Buffer) => {
      if (this.delayMs > 0) setTimeout(() => to.write(chunk), this.delayMs);
      else to.write(chunk);
      if (this.bytesPerSecond === Infinity) return;
      from.pause();
      setTimeout(() => from.resume(), (chunk.length / this.bytesPerSecond) * 1000);
    });
    from.once('close', () => to.destroy());
  }
}
