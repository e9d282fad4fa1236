import { quote } from '../hosts/shell';
import { Problem } from '../problem';
import { archs, type Arch, type Binaries, type Binary } from './binaries';
import { KERNEL_BTF } from './btf';
import { folders, ownFunction } from './folders';

/**
 * How this account can act as root: it is root, or has the capabilities that tracing needs (`already`), by sudo or doas
 * without a password, or by sudo with one. `doasRefuses`: there is only doas, which cannot be used without a terminal or
 * not at all. `none`: there is neither.
 */
export type RootWay = 'already' | 'sudo' | 'sudoWithPassword' | 'doas' | 'doasRefuses' | 'none';

const rootWays: readonly RootWay[] = ['already', 'sudo', 'sudoWithPassword', 'doas', 'doasRefuses', 'none'];
/** CAP_PERFMON, which CAP_BPF follows: linux/capability.h. With both a program may be loaded and attached. */
const FIRST_CAPABILITY = 38;
/** As the first word of `ls -l`: a regular file that only its owner writes to. */
const FILE = '-????-??-*';

/** What goes to hosts: the loader, and the types of a kernel that does not tell them. Their files' names begin with it. */
export type Kind = 'rpstrace' | 'btf';

/** What a host needs before a trace can start. */
export interface Needed {
  readonly binaries: Binaries;
  /** The types of a kernel that does not tell them itself. They are left here where the kernel does. */
  readonly btf: Binary | undefined;
}

/** Paths of files on a host whose content was verified from here, for one that has no tool that computes SHA-256. */
export type Verified = Partial<Readonly<Record<Kind, string>>>;

/** Whether a file was uploaded before. */
export interface Found {
  /** Path of one on the host that has the right content, or undefined when it must be uploaded. */
  readonly cached: string | undefined;
  /** Path of one whose content the host cannot check: it has no tool that computes SHA-256. */
  readonly unchecked: string | undefined;
}

/** What a host tells of itself. */
export interface Survey {
  readonly arch: Arch;
  readonly root: RootWay;
  readonly loader: Found;
  readonly btf: Found;
  /** Whether the kernel tells its types itself, so that no file with them is needed. */
  readonly tellsTypes: boolean;
  /** What doas said when it refused; untrusted text. */
  readonly doasSaid: string;
  /** Whether nothing was missing, so that the loader is being started. */
  readonly starts: boolean;
}

/** Shell function `hash FILE`: prints the SHA-256 with whatever the host has; nothing when it has no tool. */
export const hashFunction =
  `hash() { { sha256sum <"$1" || shasum -a 256 <"$1" || openssl dgst -r -sha256 <"$1"; } 2>/dev/null | ` +
  `cut -d' ' -f1; }`;

/**
 * Shell function `look KIND HASH VERIFIED`: sets `p` to the path of the file with that content, if there is one in a folder
 * of the account: a file of the account, no link, which nobody else writes to. What the host cannot hash, because it has no
 * tool that hashes anything, is taken only when it is the file that was verified from here.
 */
const lookFunction =
  `look() { p=; for d in ${folders}; do d=$(own "$d") || continue; f=$d/$1-$2; ` +
  `[ -O "$f" ] && [ -x "$f" ] || continue; case $(ls -ld "$f") in ${FILE}) ;; *) continue;; esac; ` +
  `s=$(hash "$f"); g=$s; [ -n "$g" ] || g=$(hash /dev/null); ` +
  `if [ "$s" = "$2" ] || { [ -z "$g" ] && [ "$f" = "$3" ]; }; then p=$f; echo "$1 $f"; break; fi; ` +
  `[ -n "$g" ] || echo "unchecked-$1 $f"; done; }`;

const rootStatement =
  `if [ "$u" = 0 ]; then r=already; ` +
  `elif has sudo && sudo -n true </dev/null >/dev/null 2>&1; then r=sudo; ` +
  `elif has doas && s=$(doas -n true </dev/null 2>&1); then r=doas; ` +
  `elif [ "$((0x\${c:-0} >> ${FIRST_CAPABILITY} & 3))" = 3 ]; then r=already; ` +
  `elif has sudo; then r=sudoWithPassword; ` +
  `elif has doas; then r=doasRefuses; echo "doas $s"; ` +
  `else r=none; fi`;

/**
 * Statements for sh, on one line, that tell what the host is. They leave the way to become root in `r`, the path of the
 * loader in `l` and of the types in `b`, and something in `t` where the kernel tells its types.
 */
export function surveyScript({ binaries, btf }: Needed, verified: Verified): string {
  const look = (kind: Kind, sha256: string) => `look ${kind} ${sha256} ${quote(verified[kind] ?? '')}`;
  return [
    ownFunction,
    hashFunction,
    lookFunction,
    'u=$(id -u); m=$(uname -m); echo "os $(uname -s)"; echo "machine $m"',
    `case $m in ${archs.map((arch) => `${arch}) h=${binaries[arch].sha256};;`).join(' ')} *) h=none;; esac`,
    'has() { command -v "$1" >/dev/null 2>&1; }',
    `c=$(sed -n 's/^CapEff:[^0-9a-f]*//p' /proc/self/status 2>/dev/null)`,
    rootStatement,
    'echo "root $r"',
    `t=; if [ -r ${KERNEL_BTF} ]; then t=yes; echo "types yes"; fi`,
    `${look('rpstrace', '"$h"')}; l=$p`,
    btf === undefined ? 'b=' : `${look('btf', btf.sha256)}; b=$p`,
  ].join('; ');
}

/**
 * Reads what the statements of `surveyScript` printed.
 * @throws Problem NOT_LINUX, ARCH_UNKNOWN
 */
export function readSurvey(label: string, answer: string): Survey {
  const facts = new Map(
    answer
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
  );
  const os = facts.get('os');
  if (os !== 'Linux') {
    throw new Problem(
      'NOT_LINUX',
      `${label} runs ${os === undefined || os === '' ? 'an unknown system' : os}, not Linux.`,
      'RPS is part of the Linux kernel. Choose a Linux host.',
    );
  }
  const machine = facts.get('machine');
  const arch = archs.find((known) => known === machine);
  if (arch === undefined) {
    throw new Problem(
      'ARCH_UNKNOWN',
      `${label} has the architecture ${machine ?? '?'}, for which there is no loader.`,
      `The loader is built for ${archs.join(' and ')}.`,
    );
  }
  const found = (kind: Kind) => ({ cached: facts.get(kind), unchecked: facts.get(`unchecked-${kind}`) });
  return {
    arch,
    root: rootWays.find((way) => way === facts.get('root')) ?? 'sudoWithPassword',
    loader: found('rpstrace'),
    btf: found('btf'),
    tellsTypes: facts.get('types') === 'yes',
    doasSaid: facts.get('doas') ?? '',
    starts: facts.get('starts') === 'yes',
  };
}
