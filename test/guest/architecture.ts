/** What a guest may be: in the words of uname, which the loader's file names use. */
export type Architecture = 'x86_64' | 'aarch64';

/** The same in the words of Debian, and what QEMU must be told to emulate one. */
interface Traits {
  readonly debian: string;
  /** Debian's package with QEMU's program. */
  readonly qemu: string;
  readonly machine: readonly string[];
  /** The console on the first serial line. */
  readonly console: string;
}

export const traits: Record<Architecture, Traits> = {
  x86_64: {
    debian: 'amd64',
    qemu: 'qemu-system-x86',
    // Features that the emulation lacks would each be warned about.
    machine: ['-cpu', 'Haswell-noTSX,-pcid,-tsc-deadline,-invpcid'],
    console: 'ttyS0',
  },
  aarch64: {
    debian: 'arm64',
    qemu: 'qemu-system-arm',
    machine: ['-M', 'virt,gic-version=3', '-cpu', 'cortex-a72'],
    console: 'ttyAMA0',
  },
};
