import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { bootForTests } from './bootForTests';
import type { Guest } from './guest';
import {
  backends,
  bootWithLoader,
  decisions,
  floodFromTwo,
  framesOf,
  LO,
  loader,
  only,
  whileTracing,
} from './loaderRun';

let guest: Guest;

bootForTests(bootWithLoader, async (booted) => {
  guest = booted;
  const folder = await mkdtemp(join(tmpdir(), 'inject-'));
  await run('gcc', ['-static', '-o', join(folder, 'inject'), join(import.meta.dirname, 'injectSyscall.c')]);
  await guest.run('cat >/tmp/inject; chmod 755 /tmp/inject', {
    input: await readFile(join(folder, 'inject')),
  });
  await rm(folder, { recursive: true });
});

const EPERM = -1;
const NOBODY = 65534;
/** CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE and CAP_SYS_ADMIN. */
const SCANNER = '0000000000280004';
/** GUARD_USER in bpf/guard/guard_rights.c. */
const GUARD = 0x7ffffffe;
/** Ways to have the kernel signal a process: F_SETOWN, F_SETSIG, FIOSETOWN and tgkill(2); TIOCSTI types into a terminal. */
const signalling = {
  own: '72,0,8,1',
  chooseSignal: '72,0,10,9',
  ownByIoctl: '16,0,0x8901,0',
  signalThread: '234,0,0,0',
  typeIntoTerminal: '16,0,0x5412,0',
} as const;
/** Numbers of system calls with their arguments, x86_64. What is not refused fails otherwise: its paths are NULL. */
const calls = {
  openForReading: '257,-100,0,0',
  openForWriting: '257,-100,0,1',
  becomeRoot: '117,0,0,0',
  socket: '41,2,1,0',
  fork: '57',
  execute: '59,0,0,0',
  kill: '62,1,0',
  trace: '101,16,1,0',
  mount: '165,0,0,0,0,0',
  enterMountNamespace: '308,0,0x20000',
  bpf: '321,0,0,0',
  mapExecutable: '9,0,4096,5,34,-1',
  ...signalling,
} as const;

/** What a process has: its users, its capabilities, and what each of some system calls answers. */
function rightsOf(pid: string, asked: readonly (keyof typeof calls)[]): string {
  const inject = `/tmp/inject ${pid} ${asked.map((call) => calls[call]).join(' ')}`;
  return `grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/${pid}/status | tr -s ' \\t' ' ' | sed 's/ $//'; ${inject}`;
}

/** The same as it is expected, where every one of the calls is refused. */
const rights = (users: string, group: number, capabilities: string, refused: number) => [
  `Uid: ${users}`,
  `Gid: ${Array(4).fill(group).join(' ')}`,
  'Groups:',
  ...['CapPrm', 'CapEff'].map((set) => `${set}: ${capabilities}`),
  'NoNewPrivs: 1',
  'Seccomp: 2',
  Array(refused).fill(EPERM).join(' '),
];

/** The loader as alice, with the two capabilities that tracing takes and no other. */
const few = '--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon';
const withFew = `setpriv --reuid alice --regid alice --clear-groups ${few} ${loader}`;

describe('least privilege', () => {
  it.each(backends)('gives up every capability and most system calls once %s counts', async (backend) => {
    const { printed, end } = await whileTracing(
      guest,
      `grep -hE '^(CapPrm|CapEff|NoNewPrivs|Seccomp):' /proc/$loader/status; ${floodFromTwo(200)}; sleep 2`,
      `--interval 200 --backend ${backend}`,
    );
    expect(printed.match(/\S+$/gm)).toEqual(['0000000000000000', '0000000000000000', '1', '2']);
    expect(end.reason).toBe('stdin closed');
    expect(decisions(end.rows, LO)).toBeGreaterThan(0);
  });

  it('leaves the process that prints no way to signal another one, to write, or to get a right', async () => {
    // It opens files for reading, and becoming root changes nothing: it is root.
    const asked = Object.keys(calls).filter((call) => call !== 'openForReading') as (keyof typeof calls)[];
    const inject = `/tmp/inject $loader ${asked.map((call) => calls[call]).join(' ')}`;
    const { printed, end } = await whileTracing(guest, `seen '"type":"audit"'; ${inject}`);
    expect(printed.trim().split(' ')).toEqual(asked.map(() => String(EPERM)));
    expect(end.reason).toBe('stdin closed');
  });

  it.each(backends)('needs no more than CAP_BPF and CAP_PERFMON for %s', async (backend) => {
    const stdout = await guest.run(
      `sysctl -qw kernel.perf_event_paranoid=2
       ${withFew} --backend ${backend} --duration 600 --interval 200 </dev/null >/tmp/few & loader=$!
       for i in $(seq 300); do grep -q '"type":"audit"' /tmp/few && break; sleep 0.1; done
       ${floodFromTwo(500)}; kill $loader; wait $loader
       sysctl -qw kernel.perf_event_paranoid=3; cat /tmp/few`,
    );
    expect(only(framesOf(stdout), 'audit')[0]).toMatchObject({ state: 'used', by: 'fexit' });
    const [end] = only(framesOf(stdout), 'end');
    const seen = decisions(end?.rows ?? [], LO);
    if (backend === 'kprobe') expect(seen).toBeGreaterThan(0);
    else expect(seen).toBe(1000);
  });

  it('leaves the attaching of the audit to a process that ends, however soon the trace does', async () => {
    const { printed } = await whileTracing(
      guest,
      `seen '"type":"audit"'; pgrep -P $loader | wc -l; grep -h CapPrm /proc/$(pgrep -P $loader)/status`,
    );
    expect(printed.split(/\s+/)).toEqual(['1', 'CapPrm:', SCANNER, '']);
    expect(await guest.run(`${loader} </dev/null >/dev/null; pgrep -a rpstrace || true`)).toBe('');
  });

  it('says what keeps those capabilities from using kprobes on Debian', async () => {
    const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_CAPABILITY', stage: 'attach' }]);
    expect(stdout).toContain('kernel.perf_event_paranoid');
  });

  it('leaves the process that looks at devices no user of root, and no way to write or to get one', async () => {
    const refused = Object.keys(calls).filter((call) => call !== 'openForReading') as (keyof typeof calls)[];
    const { printed } = await whileTracing(
      guest,
      `seen '"type":"audit"'; soon eval '[ $(pgrep -c -P $loader) = 1 ]'; scanner=$(pgrep -P $loader)
       ip netns add later; told devices '"netns_name":"later"'; ${rightsOf('$scanner', refused)}; ip netns del later`,
    );
    expect(printed.trim().split('\n')).toEqual(
      rights(`0 ${NOBODY} 0 ${NOBODY}`, NOBODY, SCANNER, refused.length),
    );
  });

  it('leaves a guard and its keeper the one capability that a write takes, and a user that owns nothing', async () => {
    const refused = Object.keys(calls) as (keyof typeof calls)[];
    const both = ['$guard', '$(pgrep -P $guard)'].map((pid) => rightsOf(pid, refused)).join('; ');
    const printed = await guest.run(
      `ip link add g0 type veth peer name g1; cd /sys/class/net/g0; mkfifo /tmp/guard
       ${loader} --guard </tmp/guard >/tmp/guarded & guard=$!
       exec 3>/tmp/guard; directory=$(stat -L -c %i .)
       echo "write $(stat -L -c %i /proc/1/ns/net) $(cat ifindex) $((directory & 0x1fffffff)) g0 0 0 2" >&3
       echo 'apply 600' >&3
       for i in $(seq 300); do grep -q applied /tmp/guarded && break; sleep 0.1; done
       ${both}; echo revert >&3; exec 3>&-; wait $guard; cd /; cat $OLDPWD/queues/rx-0/rps_cpus; ip link del g0`,
    );
    // CAP_NET_ADMIN.
    const each = rights(Array(4).fill(GUARD).join(' '), GUARD, '0000000000001000', refused.length);
    expect(printed.trim().split('\n')).toEqual([...each, ...each, '0']);
  });

  it('compiles a filter as nobody, without a capability', async () => {
    // A name server that never answers keeps libpcap at it.
    const printed = await guest.run(
      `ip link add sink type dummy; ip link set sink up; ip route add 192.0.2.1 dev sink
       cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver 192.0.2.1' >/etc/resolv.conf
       ${loader} --compile-only --filter 'host rps-trace.invalid' >/dev/null 2>&1 & loader=$!
       for i in $(seq 300); do child=$(pgrep -P $loader) && grep -q '^7 ' /proc/$child/syscall && break; sleep 0.1; done
       grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|NoNewPrivs):' /proc/$child/status
       /tmp/inject $child ${Object.values(signalling).join(' ')}
       kill -KILL $loader; wait $loader
       for i in $(seq 100); do [ -d /proc/$child ] || break; sleep 0.1; done
       [ -d /proc/$child ] && echo left behind; cp /tmp/resolv.conf /etc/resolv.conf; ip link del sink`,
    );
    const nobody = Array(4).fill(NOBODY).join(' ');
    expect(
      printed
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).filter(Boolean).join(' ')),
    ).toEqual([
      `Uid: ${nobody}`,
      `Gid: ${nobody}`,
      'Groups:',
      'CapPrm: 0000000000000000',
      'CapEff: 0000000000000000',
      'NoNewPrivs: 1',
      Array(Object.keys(signalling).length).fill(EPERM).join(' '),
    ]);
  });
});

describe('a filter with a name', () => {
  it('has it looked up over the network by the process without rights', async () => {
    await guest.run('cat >/tmp/nameServer.pl', {
      input: `use Socket; my $s; socket($s, PF_INET, SOCK_DGRAM, 17) && bind($s, sockaddr_in(53, INADDR_ANY)) or die;
        while (my $from = recv($s, my $query, 512, 0)) {
          my $name = substr($query, 12, index($query, "\\0", 12) - 11);
          my $is_a = unpack("n", substr($query, 12 + length($name), 2)) == 1;
          my $answer = $is_a ? pack("n n n N n C4", 0xc00c, 1, 1, 60, 4, 192, 0, 2, 7) : "";
          send($s, substr($query, 0, 2) . pack("n5", 0x8180, 1, $is_a, 0, 0) . substr($query, 12, length($name) + 4) . $answer, 0, $from);
        }`,
    });
    const printed = await guest.run(
      `cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver 127.0.0.1' >/etc/resolv.conf
       perl /tmp/nameServer.pl & server=$!
       for i in $(seq 100); do grep -q :0035 /proc/net/udp && break; sleep 0.1; done
       ${loader} --compile-only --filter 'host rps-trace.test' 2>&1; echo $?
       kill $server; cp /tmp/resolv.conf /etc/resolv.conf`,
    );
    expect(printed).toBe('0\n');
  });

  it('is given up by the loader itself when it takes too long, also while what compiles it is stopped', async () => {
    const seconds = 30;
    const printed = await guest.run(
      `ip link add sink type dummy; ip link set sink up; ip route add 192.0.2.1 dev sink
       cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver 192.0.2.1' >/etc/resolv.conf
       timeout -s KILL ${2 * seconds} ${loader} --compile-only --filter 'host rps-trace.invalid' >/tmp/late 2>/dev/null & timeout=$!
       for i in $(seq 300); do
         child=$(pgrep -P $(pgrep -P $timeout)) && grep -q '^Seccomp:.*2$' /proc/$child/status && break; sleep 0.1
       done
       kill -STOP $child; grep -E '^Max (cpu time|file size|processes|address space)' /proc/$child/limits
       wait $timeout; echo $?; cat /tmp/late; [ -d /proc/$child ] && echo left behind
       cp /tmp/resolv.conf /etc/resolv.conf; ip link del sink`,
      { timeout: 3 * seconds },
    );
    const [cpu, size, processes, memory, code, frame, left] = printed.split('\n');
    expect([cpu, size, processes, memory].map((line) => line?.split(/\s{2,}/)[1])).toEqual([
      String(seconds),
      '0',
      '0',
      '536870912',
    ]);
    expect(code).toBe('1');
    expect(frame).toContain(`"code":"FILTER_FAILED"`);
    expect(left).toBe('');
  });
});

describe('a host that refuses', () => {
  it('is told apart as a sandbox when bpf() is not permitted although the capabilities are there', async () => {
    // As container engines do it: a seccomp filter that answers bpf() (321 on x86_64) with EPERM.
    const { code, stdout } = await guest.runRaw(`perl -e '
      my @filter = ([0x20, 0, 0, 0], [0x15, 0, 1, 321], [0x06, 0, 0, 0x00050001], [0x06, 0, 0, 0x7fff0000]);
      my $code = join "", map { pack "SCCL", @$_ } @filter;
      my $program = pack "S x6 P", scalar @filter, $code;
      syscall(157, 38, 1, 0, 0, 0) == 0 or die $!; # PR_SET_NO_NEW_PRIVS
      syscall(157, 22, 2, $program) == 0 or die $!; # PR_SET_SECCOMP
      exec "${loader}", "--backend", "fexit", "--duration", "1"'`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'BPF_REFUSED', stage: 'load' }]);
  });

  it('is told apart when the verifier rejects the program, with the end of its log', async () => {
    // Types without a member that the program reads: what the kernel is given in its place is no valid instruction. With
    // CAP_SYS_ADMIN the loader would have the true ones from the kernel.
    await guest.run(`LC_ALL=C sed 's/queue_mapping/queue_mappinq/g' /sys/kernel/btf/vmlinux >/tmp/lacking.btf
      mount --bind /tmp/lacking.btf /sys/kernel/btf/vmlinux`);
    try {
      const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
      const [error] = only(framesOf(stdout), 'error');
      expect(code).toBe(1);
      expect(error).toMatchObject({ code: 'VERIFIER', stage: 'load' });
      expect(error?.message).toMatch(/rejected the program[^]*queue_mapping/);
    } finally {
      await guest.run('umount /sys/kernel/btf/vmlinux');
    }
  });
});

describe('a kernel that hides its types in sysfs', () => {
  it('tells them by their number to who has CAP_SYS_ADMIN, and to nobody else', async () => {
    await guest.run('mount -t tmpfs none /sys/kernel/btf');
    try {
      const { frames, end } = await whileTracing(guest, floodFromTwo(500));
      expect(only(frames, 'hello')[0]?.backend).toBe('fexit');
      expect(decisions(end.rows, LO)).toBe(1000);
      const { code, stdout } = await guest.runRaw(`${withFew} --duration 1 --backend fexit`);
      expect(code).toBe(1);
      expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_BTF' }]);
    } finally {
      await guest.run('umount /sys/kernel/btf');
    }
  });
});
