import { describe, expect, it } from 'vitest';
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

bootForTests(bootWithLoader, (booted) => void (guest = booted));

/** The loader as alice, with the two capabilities that tracing takes and no other. */
const rights = '--inh-caps=-all,+bpf,+perfmon --ambient-caps=-all,+bpf,+perfmon';
const withFew = `setpriv --reuid alice --regid alice --clear-groups ${rights} ${loader}`;

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
    expect(printed.split(/\s+/)).toEqual(['1', 'CapPrm:', '0000000000280000', '']);
    expect(await guest.run(`${loader} </dev/null >/dev/null; pgrep -a rpstrace || true`)).toBe('');
  });

  it('says what keeps those capabilities from using kprobes on Debian', async () => {
    const { code, stdout } = await guest.runRaw(`${withFew} --backend kprobe --duration 1`);
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_CAPABILITY', stage: 'attach' }]);
    expect(stdout).toContain('kernel.perf_event_paranoid');
  });

  it('compiles a filter as nobody, without a capability', async () => {
    // A name server that never answers keeps libpcap at it.
    const printed = await guest.run(
      `ip link add sink type dummy; ip link set sink up; ip route add 192.0.2.1 dev sink
       cp /etc/resolv.conf /tmp/resolv.conf; echo 'nameserver 192.0.2.1' >/etc/resolv.conf
       ${loader} --compile-only --filter 'host rps-trace.invalid' >/dev/null 2>&1 & loader=$!
       for i in $(seq 300); do child=$(pgrep -P $loader) && grep -q '^CapPrm:.*0$' /proc/$child/status && break; sleep 0.1; done
       grep -E '^(Uid|Gid|Groups|CapPrm|CapEff|NoNewPrivs):' /proc/$child/status
       kill -KILL $loader; wait $loader
       for i in $(seq 100); do [ -d /proc/$child ] || break; sleep 0.1; done
       [ -d /proc/$child ] && echo left behind; cp /tmp/resolv.conf /etc/resolv.conf; ip link del sink`,
    );
    const nobody = Array(4).fill('65534').join(' ');
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
    ]);
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
