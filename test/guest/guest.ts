import { readFile } from 'node:fs/promises';
import type { Architecture } from './architecture';
import { getImage } from './image';
import { getKernel, type KernelName } from './kernels';
import { EmulationFault, Machine, type MachineOptions } from './machine';
import { qemuCommand } from './qemu';
import { Sessions, type Outcome, type RunOptions } from './session';

export interface GuestOptions {
  /** x86_64 unless told. An aarch64 guest has root alone, by key, and no bpftool and bpftrace. */
  readonly arch?: Architecture;
  readonly kernel?: KernelName;
  /** 4 unless told, spread evenly over the nodes. */
  readonly cpus?: number;
  /** NUMA nodes, 2 unless told. */
  readonly nodes?: number;
  /** More of the kernel's command line. */
  readonly parameters?: string;
  /** Mebibytes of memory on each node, 512 unless told. */
  readonly memory?: number;
  /** More hardware: arguments of QEMU. */
  readonly hardware?: readonly string[];
  /**
   * Its CPUs take turns instead of running at the same time. docs/kernels.md says what was seen where they do not, while
   * a kernel's own code changes again and again.
   */
  readonly turns?: boolean;
}

/** Seconds until the kernel's first line. One boot in fifty hangs before it, in the emulation and not in the guest. */
const FIRST_LINE = 30;
/** Seconds until sshd listens: ten on an idle machine. One boot in some hundred comes to a stand on the way, without a word. */
const SSHD = 100;
const ATTEMPTS = 3;

/** Boots a Debian kernel in an emulated machine. Its disk forgets every change when it stops. */
export async function bootGuest(options: GuestOptions = {}): Promise<Guest> {
  const arch = options.arch ?? 'x86_64';
  const qemu = await qemuCommand(arch);
  const kernel = await getKernel(options.kernel ?? '6.12', arch);
  const image = await getImage(arch);
  const disks = [image.disk, kernel.modules];
  const machine = await boot({
    ...{ arch, qemu, ...kernel, disks },
    ...{ cpus: options.cpus ?? 4, nodes: options.nodes ?? 2 },
    parameters: options.parameters ?? '',
    memory: options.memory ?? 512,
    hardware: options.hardware ?? [],
    turns: options.turns ?? false,
  });
  try {
    const privateKey = await readFile(image.privateKeyPath);
    return new Guest(machine, await machine.sshPort(), image.privateKeyPath, privateKey, image.hostKey);
  } catch (error) {
    await machine.stop();
    throw error;
  }
}

/** Boots again what did not come up: the tests begin when it has. */
async function boot(options: MachineOptions): Promise<Machine> {
  for (let attempt = 1; ; attempt++) {
    const machine = await Machine.start(options);
    try {
      if (!(await machine.prints('Linux version', FIRST_LINE))) {
        throw new EmulationFault(`The kernel printed nothing within ${FIRST_LINE} s.`);
      }
      if (await machine.prints('Server listening on', SSHD)) return machine;
      throw new EmulationFault(
        `The guest did not come up within ${SSHD} s. Its last lines:\n${await machine.lastLines()}`,
      );
    } catch (error) {
      await machine.stop();
      if (!(error instanceof EmulationFault) || attempt === ATTEMPTS) throw error;
      console.error(`booting again: ${error.message}`);
    }
  }
}

/** A running guest. Whoever booted it stops it. */
export class Guest {
  readonly host = '127.0.0.1';
  private readonly sessions: Sessions;
  private stopped: Promise<string | undefined> | undefined;

  constructor(
    private readonly machine: Machine,
    readonly port: number,
    /** Opens root, alice, bob and carol. */
    readonly privateKeyPath: string,
    privateKey: Buffer,
    private readonly hostKey: string,
  ) {
    this.sessions = new Sessions({ host: this.host, port, privateKey });
  }

  get arch(): Architecture {
    return this.machine.arch;
  }

  get pid(): number {
    return this.machine.pid;
  }

  get consolePath(): string {
    return this.machine.consolePath;
  }

  get knownHostsLine(): string {
    return `[${this.host}]:${this.port} ${this.hostKey}`;
  }

  /** Runs a command by the user's shell and returns its stdout. Throws with all it printed when it fails. */
  async run(command: string, options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.runRaw(command, options);
    if (code === 0) return stdout;
    throw new Error(`in the guest, ended with ${code}: ${command}\n${stdout}${stderr}`);
  }

  /** The same whatever its exit code. Throws with the end of the guest's console when it has none. */
  async runRaw(command: string, options: RunOptions = {}): Promise<Outcome> {
    try {
      return await this.sessions.run(command, options);
    } catch (error) {
      const console = await this.machine.lastLines();
      throw new Error(`${String(error)}\nThe console's last lines:\n${console}`, { cause: error });
    }
  }

  /** Returns a file with all that was on the console if the guest went down by itself. */
  stop(): Promise<string | undefined> {
    return (this.stopped ??= this.end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  private async end(): Promise<string | undefined> {
    await this.sessions.end();
    const kept = await this.machine.keepConsole();
    await this.machine.stop();
    return kept;
  }
}
