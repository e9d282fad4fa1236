import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traits, type Architecture } from './architecture';

/** The hardware of a guest and what it boots. */
export interface MachineOptions {
  readonly arch: Architecture;
  readonly qemu: readonly string[];
  readonly vmlinuz: string;
  readonly initramfs: string;
  readonly disks: readonly string[];
  readonly cpus: number;
  readonly nodes: number;
  readonly parameters: string;
  /** Mebibytes on each node. */
  readonly memory: number;
  /** Arguments of QEMU. */
  readonly hardware: readonly string[];
  /** Whether all CPUs take turns in one thread, instead of running in one each. */
  readonly turns: boolean;
}

/**
 * What a guest's kernel says (rcu_check_gp_kthread_starvation() and its kin in kernel/rcu/tree_stall.h) when an emulated
 * CPU no longer gets its timer's interrupts: about one boot in thirty under thread=multi.
 */
const LOST_TIMER = "kthread timer wakeup didn't happen";

/** What a kernel says when it goes down, or no longer gets on. */
const WENT_DOWN = /Oops|BUG:|Kernel panic|rcu: INFO: .* detected/;

/** Characters of a console that a message shows: an oops with its registers and its stack. */
const SHOWN = 6000;

/**
 * QEMU failed and not the guest. QEMU 10 aborts about one boot in thirty (an assertion in iotlb_to_section), when
 * PCI addresses change under running CPUs, which they do only while a kernel boots.
 */
export class EmulationFault extends Error {}

/** A running QEMU. It dies with this process, however that ends. */
export class Machine {
  private output = '';
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    readonly pid: number,
    readonly arch: Architecture,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    child.stdin.on('error', () => {}); // it has ended, and whoever waits for it learns that from isRunning
    this.exited = once(child, 'exit');
  }

  static async start(options: MachineOptions): Promise<Machine> {
    const folder = await mkdtemp(join(tmpdir(), 'rps-trace-guest-'));
    const arguments_ = [...options.qemu, ...machineArguments(options, join(folder, 'console'))];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...arguments_]);
    const pid = child.pid;
    if (pid === undefined) {
      await rm(folder, { recursive: true });
      const [error] = (await once(child, 'error')) as [Error];
      throw error;
    }
    return new Machine(child, pid, options.arch, folder);
  }

  /** The file that holds everything the guest printed on its console. */
  get consolePath(): string {
    return join(this.folder, 'console');
  }

  /** The last lines on the console. */
  async lastLines(): Promise<string> {
    return (await this.console()).slice(-SHOWN);
  }

  /** Waits until the console has `text`; false when it has not within `seconds`. Throws when QEMU ends. */
  async prints(text: string, seconds: number): Promise<boolean> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const console = await this.console();
      if (console.includes(text)) return true;
      if (console.includes(LOST_TIMER)) throw new EmulationFault('The guest lost a timer interrupt.');
      this.throwIfEnded();
      await sleep(100);
    }
    return false;
  }

  /** The port of 127.0.0.1 that leads to the guest's SSH, as QEMU got it from the kernel. */
  async sshPort(): Promise<number> {
    for (;;) {
      this.child.stdin.write('{"execute":"qmp_capabilities"}\n');
      this.child.stdin.write(
        '{"execute":"human-monitor-command","arguments":{"command-line":"info usernet"}}\n',
      );
      await sleep(200);
      const port = /HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)/.exec(this.output)?.[1];
      if (port !== undefined) return Number(port);
      this.throwIfEnded();
    }
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
    await rm(this.folder, { recursive: true });
  }

  /** If the guest went down by itself, says so, and returns a file with all that was on its console. */
  async keepConsole(): Promise<string | undefined> {
    if (!this.hasEnded() && !WENT_DOWN.test(await this.console())) return undefined;
    const kept = `${this.folder}-console`;
    await copyFile(this.consolePath, kept);
    console.error(`The guest went down: see ${kept}. Its last lines:\n${await this.lastLines()}`);
    return kept;
  }

  /** All that the guest has printed; nothing before its firmware does. */
  private console(): Promise<string> {
    return readFile(this.consolePath, 'utf8').catch(() => '');
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private throwIfEnded(): void {
    if (this.child.signalCode === 'SIGABRT') throw new EmulationFault(`QEMU aborted:\n${this.output}`);
    if (this.hasEnded()) throw new Error(`QEMU ended:\n${this.output}`);
  }
}

function machineArguments(options: MachineOptions, consolePath: string): string[] {
  const { machine, console } = traits[options.arch];
  const perNode = options.cpus / options.nodes;
  const nodes = Array.from({ length: options.nodes }, (_, node) => [
    ...['-object', `memory-backend-ram,id=m${node},size=${options.memory}M`],
    ...['-numa', `node,nodeid=${node},cpus=${node * perNode}-${(node + 1) * perNode - 1},memdev=m${node}`],
  ]);
  const disks = options.disks.map((disk) => ['-drive', `file=${disk},format=raw,if=virtio,snapshot=on`]);
  return [
    ...['-accel', `tcg,thread=${options.turns ? 'single' : 'multi'}`, ...machine],
    ...['-smp', String(options.cpus), '-m', `${options.nodes * options.memory}M`, ...nodes.flat()],
    ...['-nodefaults', '-display', 'none', '-no-reboot', '-qmp', 'stdio', '-serial', `file:${consolePath}`],
    ...['-kernel', options.vmlinuz, '-initrd', options.initramfs],
    ...['-append', `console=${console} net.ifnames=0 panic=-1 ${options.parameters}`, ...disks.flat()],
    ...['-netdev', 'user,id=net,hostfwd=tcp:127.0.0.1:0-:22', '-device', 'virtio-net-pci,netdev=net'],
    ...options.hardware,
  ];
}
