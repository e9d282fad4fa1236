import { describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import type { FrameOf } from '../../shared/frames/frames';
import { bootForTests } from './bootForTests';
import { compare, countedBy, isSteered, quoted, shownBy } from './filterComparison';
import { expressions, networks, streamExpressions } from './filterExpressions';
import { prepareStreaming, prepareTraffic } from './filterTraffic';
import { bootGuest, type Guest } from './guest';
import { framesOf, keyOf, loader, only, putLoader, whileTracing } from './loaderRun';
import { frames, packets, untagged } from './packets';

let guest: Guest;

bootForTests(bootGuest, async (booted) => {
  guest = booted;
  await buildLoader();
  await putLoader(guest);
  await prepareTraffic(guest);
});

/** The rows as the last sample that has each of them tells it. */
const lastRows = (samples: readonly FrameOf<'sample'>[]) => [
  ...new Map(samples.flatMap((sample) => sample.rows.map((row) => [keyOf(row), row] as const))).values(),
];

const SYNTAX = "can't parse filter expression: syntax error";

describe('a filter', () => {
  it.each(['fexit', 'kretprobe'] as const)(
    'counts with %s the packets that tcpdump shows for the same expression',
    async (backend) => {
      const jobs = expressions.map((expression) => ({ expression, backend }));
      const outcomes = await compare(guest, jobs, ['vb', 'tun0']);
      const shown = Object.values(shownBy(outcomes)).map((by) => (by['vb'] ?? 0) + (by['tun0'] ?? 0));
      expect(shown[0]).toBe(frames.length + untagged.length + packets.length);
      expect(shown.filter((count) => count > 0).length).toBeGreaterThan(expressions.length - 3);
      expect(countedBy(outcomes)).toEqual(shownBy(outcomes));
    },
    600_000,
  );

  it('sees what a host sends to a group and hears itself, which has no link header', async () => {
    await guest.run('ip -n fa addr add 10.7.0.1/24 dev va; cat >/tmp/group.pl', {
      input: `use Socket; my ($in, $out, $heard); my ($own, $group) = map { inet_aton($_) } "10.7.0.1", "239.1.1.1";
        socket($in, PF_INET, SOCK_DGRAM, 17) && bind($in, sockaddr_in(5000, INADDR_ANY)) or die;
        setsockopt($in, 0, 35, $group . $own) or die; # IP_ADD_MEMBERSHIP
        socket($out, PF_INET, SOCK_DGRAM, 17) && setsockopt($out, 0, 32, $own) or die; # IP_MULTICAST_IF
        for (1 .. 20) { send($out, "x", 0, sockaddr_in(5000, $group)) && defined(recv($in, $heard, 9, 0)) or die }`,
    });
    const { end } = await whileTracing(
      guest,
      'ip netns exec fa taskset -c 1 perl /tmp/group.pl || exit',
      `--interval 200 --filter 'udp dst port 5000'`,
    );
    // The copies on va, and the originals on vb.
    expect(end.rows.map((row) => [row[6], row[8]])).toEqual([
      [20, 20 * 29],
      [20, 20 * 29],
    ]);
  });

  it('is told in the first frame', async () => {
    const frames = framesOf(
      await guest.run(`${loader} --duration 1 --filter 'tcp port 443' --format ndjson`),
    );
    expect(frames[0]).toMatchObject({ type: 'hello', filter: 'tcp port 443' });
  });

  it('is told in the head of the table for people, with the choice of devices', async () => {
    const options = `--format table --filter 'tcp port 443' --interface vb --interface tun0 --netns fb`;
    const [, head] = (await guest.run(`${loader} --duration 1 ${options} </dev/null`)).split('\n');
    expect(head).toBe('only tcp port 443, on vb tun0, in namespace fb');
  });

  it('leaves nothing in a program without one', async () => {
    /** The functions of the program as the kernel runs it. */
    const functionsWith = async (options: string) => {
      const shown = await guest.run(
        `rm -f /tmp/out; ${loader} --duration 600 ${options} </dev/null >/tmp/out & loader=$!
         until grep -qs '"seq":0' /tmp/out; do sleep 0.1; done
         bpftool prog dump xlated id $(bpftool prog show | sed -n 's/^\\([0-9]*\\): tracing .*name get_rps_cpu.*/\\1/p'); kill $loader; wait`,
      );
      return [...shown.matchAll(/^\w[^\n(]* \*?(\w+)\(.*\):$/gm)].map(([, name]) => name);
    };
    const common = ['count_all', 'look_at_segments', 'predict_candidates', 'search'];
    const without = await functionsWith('');
    expect(without.toSorted()).toEqual([...common, 'count_looking', 'get_rps_cpu'].toSorted());
    const filters = ['count_matching', 'matches', 'matches_ethernet', 'matches_raw'];
    const filtered = await functionsWith('--filter tcp');
    expect(filtered.toSorted()).toEqual([...common, ...filters, 'get_rps_cpu_filtered'].toSorted());
  });

  it.each([
    ['an open parenthesis', '(tcp or udp', 'FILTER_SYNTAX', `${SYNTAX} at the end`],
    ['empty parentheses', 'tcp and ()', 'FILTER_SYNTAX', `${SYNTAX} at character 10: \\")\\"`],
    ['a word too many', ' tcp  port 80 and and udp', 'FILTER_SYNTAX', `${SYNTAX} at character 19: \\"and\\"`],
    ['a sign that means nothing', 'udp and @', 'FILTER_SYNTAX', `${SYNTAX} at character 9: \\"@\\"`],
    ['an unknown kind of host', 'ether host 1', 'FILTER_SYNTAX', 'illegal link layer address'],
    ['an impossible address', 'host 10.0.0.300', 'FILTER_SYNTAX', "invalid IPv4 address '10.0.0.300'"],
    ['an impossible port', 'tcp port 70000', 'FILTER_SYNTAX', 'illegal port number 70000 > 65535'],
    [
      'another link type',
      'wlan type mgt',
      'FILTER_SYNTAX',
      '802.11 link-layer types supported only on 802.11',
    ],
    ['a contradiction', 'ip and ip6', 'FILTER_SYNTAX', 'expression rejects all packets'],
    ['a loop', 'ip6 protochain 6', 'FILTER_SYNTAX', 'the kernel runs no filter with a loop'],
    ['10 kB', `tcp${' or tcp'.repeat(1500)}`, 'FILTER_TOO_LONG', 'the filter has more than 4096 characters'],
    ['too many networks', networks(180), 'FILTER_TOO_LONG', 'it makes more than 2047 instructions'],
  ])('refuses %s', async (_, expression, code, message) => {
    const command = `${loader} --compile-only --filter ${quoted(expression)}`;
    const { code: status, stdout } = await guest.runRaw(command, { user: 'carol' });
    expect(status).toBe(1);
    expect(framesOf(stdout)).toMatchObject([{ type: 'error', code, stage: 'options' }]);
    expect(stdout).toContain(message);
  });

  it('can be tried without rights and without tracing', async () => {
    const command = `${loader} --compile-only --filter 'vlan 5 and tcp port 443'`;
    expect(await guest.runRaw(command, { user: 'carol' })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});

describe('a choice of devices', () => {
  const onEthernet = frames.length + untagged.length;
  const inode = () => guest.run('stat -L -c %i /run/netns/fb');

  it.each([
    ['an interface', () => '--interface vb', [onEthernet]],
    ['several interfaces', () => '--interface vb --interface tun0', [onEthernet, packets.length]],
    ['a namespace by name', () => '--netns fb', [onEthernet, packets.length]],
    ['a namespace by inode', async () => `--netns ${(await inode()).trim()}`, [onEthernet, packets.length]],
    ['both, and a filter', () => '--netns fb --interface tun0 --filter ip6', [4]],
    ['an interface of another namespace', () => '--netns fa --interface vb', []],
  ])('tells only of %s', async (_, options, expected) => {
    const run = await whileTracing(
      guest,
      'ping -q -f -c 50 127.0.0.1 >/dev/null; sh /tmp/send',
      `--interval 200 ${await options()}`,
    );
    for (const rows of [run.end.rows, lastRows(only(run.frames, 'sample'))]) {
      const devices = new Map<string, number>();
      for (const row of rows)
        devices.set(`${row[0]} ${row[1]}`, (devices.get(`${row[0]} ${row[1]}`) ?? 0) + row[6]);
      expect([...devices.values()].toSorted((a, b) => b - a)).toEqual(expected);
    }
  });

  it('follows a device that appears later, until after its end', async () => {
    const { end } = await whileTracing(
      guest,
      `ip netns add later; ip -n later link set lo name late up
       seen '"late"'; ip netns exec later ping -q -f -c 50 127.0.0.1 >/dev/null; sleep 1; ip netns del later; sleep 3`,
      '--interval 200 --interface late',
    );
    expect(end.rows.reduce((sum, row) => sum + row[6], 0)).toBe(100);
  });
});

describe('a filter on streams', () => {
  it('sees TCP that GRO has merged, on Ethernet and out of WireGuard, by every backend', async () => {
    await prepareStreaming(guest);
    const jobs = streamExpressions.flatMap((expression) =>
      (['fexit', 'kprobe'] as const).map((backend) => ({ expression, backend })),
    );
    const outcomes = await compare(guest, jobs, ['vb', 'wg0'], 'sh /tmp/stream');
    const [every, steered] = [
      outcomes.filter(({ backend }) => backend !== 'kprobe'),
      outcomes.filter(({ backend }) => backend === 'kprobe'),
    ];
    expect(shownBy(every)['greater 2000']?.['wg0']).toBeGreaterThan(10);
    expect(countedBy(every)).toEqual(shownBy(every));
    expect(countedBy(steered)).toEqual(countedBy(every, isSteered));
    expect(countedBy(steered)['tcp']?.['wg0']).toBeGreaterThan(10);
  });
});
