import { describe, expect, it } from 'vitest';
import type { Row } from '../../shared/frames/frames';
import { bootForTests } from './bootForTests';
import type { Guest } from './guest';
import { bootWithLoader, decisions, framesOf, keyOf, LO, loader, only, whileTracing } from './loaderRun';

let guest: Guest;

bootForTests(bootWithLoader, (booted) => void (guest = booted));

const flood = (count: number) => `ping -q -f -c ${count} 127.0.0.1 >/dev/null`;
/** What tracing leaves in the kernel and among the processes. */
const leftBehind = 'bpftool prog show | grep tracing; bpftool link show; pgrep -a rpstrace';

describe('counting', () => {
  it('counts exactly two decisions for each ping, and says the same in samples and at the end', async () => {
    const { code, frames, end } = await whileTracing(guest, `${flood(5000)}; sleep 1`);
    expect(code).toBe(0);
    expect(decisions(end.rows, LO)).toBe(10000);
    expect(end).toMatchObject({ missed: 0, lost: 0 });

    const last = new Map<string, Row>();
    for (const sample of only(frames, 'sample')) for (const row of sample.rows) last.set(keyOf(row), row);
    expect(decisions([...last.values()], LO)).toBe(10000);
    const bytes = end.rows.filter((row) => row[1] === LO).reduce((sum, row) => sum + row[8], 0);
    expect(bytes).toBe(10000 * 84);
  });

  it('counts what several CPUs decide at once, each in its own rows', async () => {
    const floods = [0, 1, 2, 3].map((cpu) => `taskset -c ${cpu} ${flood(2500)} & p${cpu}=$!`).join('\n');
    const { end } = await whileTracing(guest, `${floods}\nwait $p0 $p1 $p2 $p3`);
    expect(decisions(end.rows, LO)).toBe(20000);
    expect(new Set(end.rows.map((row) => row[3])).size).toBeGreaterThan(2);
    expect(new Set(end.rows.map(keyOf)).size).toBe(end.rows.length);
  });

  it('tells apart what rps_cpus, the RFS table and nobody decided', async () => {
    const { end } = await whileTracing(
      guest,
      `${flood(100)}
       echo 32768 >/proc/sys/net/core/rps_sock_flow_entries
       echo 4096 >/sys/class/net/lo/queues/rx-0/rps_flow_cnt
       told configuration '"rps_sock_flow_entries":32768'; told devices '"rps_flow_cnt":4096'
       sleep 2 # It looks every second whether RFS may choose.
       iperf3 -s -1 -D --logfile /dev/null; soon iperf3 -c 127.0.0.1 -t 2 >/dev/null
       while pgrep iperf3 >/dev/null; do sleep 0.1; done; sleep 1 # until its last packet has come
       echo 0 >/proc/sys/net/core/rps_sock_flow_entries
       echo 0 >/sys/class/net/lo/queues/rx-0/rps_flow_cnt
       # Some other queue keeps a mask, or the kernel would not ask at all.
       echo f >/sys/class/net/eth0/queues/rx-0/rps_cpus
       echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus
       ${flood(100)}
       echo f >/sys/class/net/lo/queues/rx-0/rps_cpus
       echo 0 >/sys/class/net/eth0/queues/rx-0/rps_cpus`,
    );
    const of = (verdict: string) => end.rows.filter((row) => row[1] === LO && row[5] === verdict);
    expect(decisions(of('map'), LO)).toBeGreaterThanOrEqual(200);
    expect(decisions(of('flow'), LO)).toBeGreaterThan(100);
    expect(decisions(of('none'), LO)).toBe(200);
    expect(new Set(of('none').map((row) => row[4]))).toEqual(new Set([-1]));
  });

  it('counts each of many devices as the device itself does', async () => {
    const { end, printed } = await whileTracing(
      guest,
      `ip netns add many
       for i in $(seq 100); do
         echo "link add a$i index $((1000 + i)) type veth peer name b$i index $((2000 + i))"
         echo "link set a$i up"; echo "link set b$i up"
       done | ip -n many -b -
       sleep 5
       for i in $(seq 100); do echo "link set a$i down"; echo "link set b$i down"; done | ip -n many -b -
       ip netns exec many sh -c 'for d in /sys/class/net/[ab]*; do echo $(cat $d/ifindex $d/statistics/rx_packets); done'
       ip netns del many`,
    );
    const truth = printed
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    const counted = truth.map(([ifindex = 0]) => [ifindex, decisions(end.rows, ifindex)]);
    expect(truth.length).toBe(200);
    expect(truth.every(([, packets = 0]) => packets > 0)).toBe(true);
    expect(counted).toEqual(truth);
  });

  it('keeps devices apart that have the same number in different namespaces', async () => {
    const { end } = await whileTracing(
      guest,
      `for n in one two; do ip netns add $n; ip -n $n link set lo up; done
       ip netns exec one ${flood(100)}
       ip netns exec two ${flood(200)}
       ip netns del one; ip netns del two`,
    );
    const namespaces = new Map<number, Row[]>();
    for (const row of end.rows) namespaces.set(row[0], [...(namespaces.get(row[0]) ?? []), row]);
    const counts = [...namespaces.values()].map((rows) => decisions(rows, LO));
    expect(counts).toEqual(expect.arrayContaining([200, 400]));
  });

  it('lets two loaders count everything at once', async () => {
    const { end, printed } = await whileTracing(
      guest,
      `${loader} --interval 100 --duration 600 >/tmp/second </dev/null & second=$!
       for i in $(seq 300); do grep -q '"seq":0' /tmp/second && break; sleep 0.1; done
       ${flood(1000)}
       kill $second; wait $second; cat /tmp/second`,
    );
    const [other] = only(framesOf(printed), 'end');
    expect(decisions(end.rows, LO)).toBe(2000);
    expect(decisions(other?.rows ?? [], LO)).toBe(2000);
  });

  it('says how many decisions found no room', async () => {
    const { frames, end } = await whileTracing(
      guest,
      `taskset -c 0 ${flood(500)}; ip netns add full; ip -n full link set lo up
       taskset -c 0 ip netns exec full ${flood(500)}; told health '"lost":[1-9][0-9][0-9]'; ip netns del full`,
      '--interval 200 --rows 1',
    );
    const counted = end.rows.reduce((sum, row) => sum + row[6], 0);
    expect(end.lost).toBeGreaterThan(500);
    expect(counted + end.lost).toBeGreaterThanOrEqual(2000);
    expect(only(frames, 'health').at(-1)?.lost).toBeGreaterThan(500);
  });
});

describe('writes of masks', () => {
  it('are told or counted, even when nobody takes them for a while', async () => {
    const { frames } = await whileTracing(
      guest,
      `seen '"type":"audit"'; kill -STOP $loader
      for i in $(seq 4000); do echo f; done >/sys/class/net/lo/queues/rx-0/rps_cpus
      kill -CONT $loader; seen '"lost":[1-9][0-9]*}$'`,
    );
    const told = only(frames, 'audit');
    const count = told.reduce((sum, { writes }) => sum + writes.length, 0);
    expect(count).toBeGreaterThan(2500);
    expect(count + (told.at(-1)?.lost ?? NaN)).toBe(4000);
  });

  it('are told in the table, whoever has made the last one', async () => {
    const stdout = await guest.run(
      `mkfifo /tmp/table; exec 4<>/tmp/table
      ${loader} --interval 200 --format table </tmp/table 4<&- >/tmp/drawn & loader=$!
      for i in $(seq 300); do
        bash -c 'printf "a\\e[2Jb" >/proc/$$/comm; echo f >/sys/class/net/lo/queues/rx-0/rps_cpus'
        grep -q 'was written by' /tmp/drawn && break; sleep 0.1
      done
      kill -INT $loader; wait $loader; cat /tmp/drawn`,
    );
    expect(stdout).toMatch(/^rps_cpus of lo rx-0 was written by a\?\[2Jb \(pid \d+, uid 0\)$/m);
  });
});

describe('what it tells of the host', () => {
  it('names the CPUs with their nodes, the kernel and the backend first', async () => {
    const { frames } = await whileTracing(guest, 'true');
    expect(frames[0]).toMatchObject({
      type: 'hello',
      protocol: 1,
      backend: 'fexit',
      kernel: (await guest.run('uname -r')).trim(),
      arch: 'x86_64',
      interval_ms: 200,
      cpus: [0, 1, 2, 3].map((id) => ({ id, node: id >> 1, online: true })),
    });
    const types = frames.map((frame) => frame.type);
    expect(types.slice(1, 3)).toEqual(['devices', 'sample']);
    expect(types).toEqual(expect.arrayContaining(['health', 'configuration', 'softnet']));
  });

  it('names devices inside their own namespaces, whatever bytes a name has, and follows changes', async () => {
    const { frames } = await whileTracing(
      guest,
      `ip netns add blue; seen blue
       ip -n blue link add v0 index 7 type veth peer name v0 netns 1 index 8; seen '"v0"'
       ip netns exec blue sh -c 'echo 3 >/sys/class/net/v0/queues/rx-0/rps_cpus'
       seen '"name":"v0",.*"rps_cpus":"3"'
       ip link set v0 name "$(printf 'n\\377"\\\\')"; seen ufffd
       unshare -n sleep 60 & sleeper=$!; seen "pid $sleeper"; kill $sleeper
       ip netns del blue; untold devices blue`,
    );
    const lists = only(frames, 'devices').map((frame) => frame.devices);
    const names = (list: (typeof lists)[number] = []) =>
      list.map((device) => `${device.netns_name ?? 'host'} ${device.ifindex} ${device.name}`);
    expect(names(lists[0]).toSorted()).toEqual(['host 1 lo', 'host 2 eth0']);
    expect(lists.map(names)).toContainEqual(expect.arrayContaining(['blue 7 v0', 'host 8 n\ufffd"\\']));
    expect(names(lists.at(-1))).not.toContain('blue 7 v0');
  });

  it('is a pleasant table on request', async () => {
    const table = await guest.run(
      `${loader} --duration 600 --format table </dev/null >/tmp/pleasant & loader=$!
       until grep -q "^rpstrace on" /tmp/pleasant; do kill -0 $loader || break; sleep 0.1; done
       ${flood(1000)}; sleep 1; kill -INT $loader; wait $loader; cat /tmp/pleasant`,
    );
    expect(table).toMatch(/^rpstrace on rps-guest/);
    expect(table).toMatch(/CPU \\ target .*│ +none\n/);
    const last = table.slice(table.lastIndexOf('In '));
    const totals = [...last.matchAll(/^lo .* map .* (\d+)$/gm)].map((match) => Number(match[1]));
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(2000);
  });
});

describe('ending', () => {
  const afterwards = () => guest.runRaw(leftBehind).then((outcome) => outcome.stdout);

  it.each([
    ['its stdin is closed', 'exec 3>&-', 'stdin closed'],
    ['it is interrupted', 'kill -INT $loader', 'SIGINT'],
    ['it is asked to', 'kill -TERM $loader', 'SIGTERM'],
  ])('ends with the final totals when %s', async (_, script, reason) => {
    const { code, end } = await whileTracing(guest, `${flood(100)}; ${script}; sleep 1`);
    expect(code).toBe(0);
    expect(end.reason).toBe(reason);
    expect(decisions(end.rows, LO)).toBe(200);
    expect(await afterwards()).toBe('');
  });

  it('runs alone for a given time, and every line it prints is a frame', async () => {
    const frames = framesOf(await guest.run(`${loader} --duration 3 --format ndjson`));
    const end = frames.at(-1);
    expect(end).toMatchObject({ type: 'end', reason: 'duration' });
    const seconds = end?.type === 'end' ? (end.ns - (only(frames, 'sample')[0]?.ns ?? 0)) / 1e9 : 0;
    expect(seconds).toBeGreaterThan(2.5);
    expect(seconds).toBeLessThan(10);
  });

  it('ends when nobody reads any more', async () => {
    const code = await guest.run(`
      { sleep 60 & echo $! >/tmp/sleeper; wait; } | { ${loader} --interval 100; echo $? >/tmp/code; } | head -n 3 >/dev/null &
      for i in $(seq 300); do [ -s /tmp/code ] && break; sleep 0.1; done
      cat /tmp/code; kill $(cat /tmp/sleeper)`);
    expect(code.trim()).toBe('0');
    expect(await afterwards()).toBe('');
  });

  it('leaves nothing behind when it is killed', async () => {
    await guest.run(`sleep 60 | ${loader} --interval 100 >/tmp/killed &
      for i in $(seq 300); do grep -q '"seq":2' /tmp/killed && break; sleep 0.1; done
      kill -KILL $(head -n 1 /tmp/killed | sed 's/.*"pid":\\([0-9]*\\).*/\\1/'); pkill sleep`);
    await expect.poll(afterwards).toBe('');
  });

  it('ends when its lease runs out, and not before', async () => {
    const { end } = await whileTracing(
      guest,
      'for i in 1 2 3 4; do sleep 1; echo >&3; done; wait $loader',
      '--interval 200 --lease 3',
    );
    expect(end.reason).toBe('lease');
    expect(end.ns / 1e9).toBeGreaterThan(6);
  });

  it('does not wait for a reader that has stalled, and loses nothing when it reads on', async () => {
    const { stdout } = await guest.runRaw(`
      mkfifo /tmp/slow; exec 4<>/tmp/slow
      perl -e 'fcntl(STDOUT, 1031, 4096)' >&4 # F_SETPIPE_SZ
      sleep 60 | ${loader} --interval 10 >/tmp/slow 4<&- &
      for i in $(seq 300); do grep -qs '^Seccomp:.*2$' /proc/$(pgrep -o rpstrace)/status && break; sleep 0.1; done
      ${flood(500)}; sleep 1
      timeout 2 cat /tmp/slow >/tmp/read 4<&-; sleep 3
      kill -TERM $(pgrep -o rpstrace)
      for i in $(seq 100); do pgrep rpstrace >/dev/null || break; sleep 0.1; done; pkill sleep
      cat /tmp/read`);
    expect(await afterwards()).toBe('');
    const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
    const samples = only(framesOf(whole), 'sample');
    const last = new Map<string, Row>();
    for (const sample of samples) for (const row of sample.rows) last.set(keyOf(row), row);
    expect(decisions([...last.values()], LO)).toBe(1000);
  });
});

describe('what it refuses', () => {
  it.each([
    ['--interval 9', '--interval takes a whole number from 10 to 60000, not "9"'],
    ['--interval 60001', '--interval takes a whole number from 10 to 60000, not "60001"'],
    ['--interval -1', '--interval takes a whole number from 10 to 60000, not "-1"'],
    ['--interval 1e9', '--interval takes a whole number from 10 to 60000, not "1e9"'],
    ["--interval=''", '--interval takes a whole number from 10 to 60000, not ""'],
    ['--duration 0', '--duration takes a whole number from 1 to 31536000, not "0"'],
    ['--lease x', '--lease takes a whole number from 1 to 31536000, not "x"'],
    [
      '--rows 99999999999999999999',
      '--rows takes a whole number from 1 to 65536, not "99999999999999999999"',
    ],
    ['--format xml', '--format takes ndjson or table, not "xml"'],
    ['--backend magic', '--backend takes auto, fexit, kprobe, kretprobe or none, not "magic"'],
    ['--interval', '--interval needs a value'],
    ['--what', 'unknown option --what'],
    ['what', 'unknown option what'],
  ])('refuses %s and says why', async (option, message) => {
    const { code, stdout, stderr } = await guest.runRaw(`${loader} ${option}`);
    expect(code).toBe(2);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'USAGE', stage: 'options', message }]);
    expect(stderr).toContain(message);
  });

  it('explains itself', async () => {
    expect(await guest.run(`${loader} --help`)).toContain('--duration S');
    expect(await guest.run(`${loader} --version`)).toMatch(/^rpstrace \d+\.\d+\.\d+\n$/);
  });

  it('tells somebody who may not trace what it takes', async () => {
    const { code, stdout } = await guest.runRaw(`${loader} --backend fexit --duration 1`, { user: 'carol' });
    expect(code).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code: 'NO_CAPABILITY', stage: 'load' }]);
  });

  it('shows somebody who may not trace what can be read, and says what it takes to trace', async () => {
    const frames = framesOf(await guest.run(`${loader} --duration 1`, { user: 'carol' }));
    const [hello] = only(frames, 'hello');
    expect(hello?.backend).toBe('none');
    expect(hello?.backends?.[0]).toMatchObject({ state: 'refused', code: 'NO_CAPABILITY' });
    expect(hello?.backends?.[0]?.hint).toContain('sudo');
    expect(only(frames, 'devices')[0]?.devices.map(({ name }) => name)).toContain('lo');
    expect(only(frames, 'softnet')[0]?.cpus).toHaveLength(4);
    expect(only(frames, 'configuration')[0]?.netdev_max_backlog).toBe(1000);
  });

  it('keeps no right it does not need', async () => {
    const { printed } = await whileTracing(guest, `grep -E 'CapPrm|CapEff|NoNewPrivs' /proc/$loader/status`);
    expect(printed.match(/\S+$/gm)).toEqual(['0000000000000000', '0000000000000000', '1']);
  });
});
