import { randomBytes } from 'node:crypto';
import type { Connection } from '../hosts/connection';
import { execText } from '../hosts/shell';
import { Problem } from '../problem';
import { archs, type Arch, type Binaries, type Binary } from './binaries';
import { KERNEL_BTF } from './btf';

/**
 * How this account can act as root: it is root, or has the capabilities that tracing needs (`already`), by sudo or doas
 * without a password, or by sudo with one. `doasRefuses`: there is only doas, which cannot be used without a terminal or
 * not at all. `none`: there is neither.
 */
export type RootWay = 'already' | 'sudo' | 'sudoWithPassword' | 'doas' | 'doasRefuses' | 'none';

const rootWays: readonly RootWay[] = ['already', 'sudo', 'sudoWithPassword', 'doas', 'doasRefuses', 'none'];
/** CAP_PERFMON, which CAP_BPF follows: linux/capability.h. With both a program may be loaded and attached. */
const FIRST_CAPABILITY = 38;

/** Whether a file was uploaded before. */
export interface Found {
  /** Path of one on the host that has the right content, or undefined when it must be uploaded. */
  readonly cached: string | undefined;
  /** Path of one whose content the host cannot check: it has no tool that computes SHA-256. */
  readonly unchecked: string | undefined;
}

/** What one round trip tells about a host. */
export interface Survey {
  readonly arch: Arch;
  readonly root: RootWay;
  readonly loader: Found;
  readonly btf: Found;
  /** Whether the kernel tells its types itself, so that no file with them is needed. */
  readonly tellsTypes: boolean;
  /** What doas said when it refused; untrusted text. */
  readonly doasSaid: string;
}

/**
 * Folders on the host that may hold the loader, best first, as shell words. The last ones are for a home that is
 * read-only, noexec, full or absent; `place.ts` uses one of them only when it belongs to the account.
 */
export const folders = [
  '"${XDG_CACHE_HOME:-$HOME/.cache}/rps-trace"',
  '"/var/tmp/rps-trace-$u"',
  '"/tmp/rps-trace-$u"',
  '"/dev/shm/rps-trace-$u"',
].join(' ');

/** Shell function `hash FILE`: prints the SHA-256 with whatever the host has; nothing when it has no tool. */
export const hashFunction = `hash() {
  { sha256sum "$1" || shasum -a 256 "$1" || openssl dgst -r -sha256 "$1"; } 2>/dev/null | cut -d' ' -f1
}`;

const script = (binaries: Binaries, btf: Binary | undefined) => `
${hashFunction}
u=$(id -u); m=$(uname -m)
echo "os $(uname -s)"; echo "machine $m"
case $m in ${archs.map((arch) => `${arch}) h=${binaries[arch].sha256};;`).join(' ')} *) h=none;; esac
has() { command -v "$1" >/dev/null 2>&1; }
c=$(sed -n 's/^CapEff:[^0-9a-f]*//p' /proc/self/status 2>/dev/null)
if [ "$u" = 0 ]; then echo root already
elif has sudo && sudo -n true </dev/null >/dev/null 2>&1; then echo root sudo
elif has doas && s=$(doas -n true </dev/null 2>&1); then echo root doas
elif [ "$((0x\${c:-0} >> ${FIRST_CAPABILITY} & 3))" = 3 ]; then echo root already
elif has sudo; then echo root sudoWithPassword
elif has doas; then echo root doasRefuses; echo "doas $s"
else echo root none; fi
[ -r ${KERNEL_BTF} ] && echo 'types yes'
look() {
  for d in ${folders}; do
    f=$d/$1-$2
    [ -O "$f" ] && [ -x "$f" ] || continue
    s=$(hash "$f")
    if [ "$s" = "$2" ]; then echo "$1 $f"; break; fi
    [ -n "$s" ] || echo "unchecked-$1 $f"
  done
}
look rpstrace "$h"
look btf ${btf?.sha256 ?? 'none'}
`;

/**
 * Asks the host what it is, in one round trip.
 * @throws Problem NOT_LINUX, ARCH_UNKNOWN, or HOST_ANSWER when the account's shell gave no usable answer.
 */
export async function survey(
  connection: Connection,
  binaries: Binaries,
  btf: Binary | undefined,
  signal: AbortSignal,
): Promise<Survey> {
  // Login shells and their rc files print banners: only what stands between two random marks is the answer.
  const mark = `rpstrace-${randomBytes(12).toString('hex')}`;
  // The script goes in by stdin: csh takes no newline inside quotes.
  const body = `echo ${mark}; ${script(binaries, btf)}\necho ${mark}\n`;
  const { stdout, stderr } = await execText(connection, 'sh -s', { input: body, signal });
  const answer = stdout.split(`${mark}\n`)[1];
  if (answer === undefined) {
    throw new Problem(
      'HOST_ANSWER',
      `${connection.label} did not answer as a shell does: ${lastLine(stderr) || lastLine(stdout) || 'no output'}`,
      'Log in by hand and check that the account may run commands: its shell must not be nologin, git-shell or sftp-only.',
    );
  }
  return read(connection.label, answer);
}

function read(label: string, answer: string): Survey {
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
  const found = (kind: string) => ({ cached: facts.get(kind), unchecked: facts.get(`unchecked-${kind}`) });
  return {
    arch,
    root: rootWays.find((way) => way === facts.get('root')) ?? 'sudoWithPassword',
    loader: found('rpstrace'),
    btf: found('btf'),
    tellsTypes: facts.get('types') === 'yes',
    doasSaid: facts.get('doas') ?? '',
  };
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
