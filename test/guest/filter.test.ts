import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import type { FrameOf } from '../../src/protocol/frames';
import { prepareTraffic, record } from './filterTraffic';
import { bootGuest, type Guest } from './guest';
import { framesOf, keyOf, loader, only, putLoader, whileTracing } from './loaderRun';
import { frames, packets, untagged } from './packets';

let guest: Guest;

beforeAll(async () => {
  await buildLoader();
  guest = await bootGuest();
  await putLoader(guest);
  await prepareTraffic(guest);
  await record(guest);
});
afterAll(() => guest.stop());

const networks = (count: number) =>
  Array.from({ length: count }, (_, i) => `net 10.${i}.0.0/16`).join(' or ');

const expressions = [
  '',
  'ip',
  'ip6',
  'arp',
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'not ip',
  'vlan',
  'vlan 5',
  'vlan 5 and ip',
  'vlan 5 and tcp port 443',
  'vlan 7',
  'vlan 5 and vlan 9',
  'vlan 100 and vlan 5',
  'not vlan',
  'vlan and arp',
  'ether broadcast',
  'ether multicast',
  'ether src 02:00:00:00:00:01',
  'ether dst 02:00:00:00:00:99 and udp',
  'ether proto 0x88cc',
  'ether[0] & 1 = 1',
  'mpls',
  'host 10.0.0.2',
  'src host 10.0.0.2',
  'dst host 10.0.0.2 and icmp',
  'host fd00::3',
  'net 10.0.0.0/8',
  'src net 192.168.0.0/16',
  'net fd00::/64',
  'tcp port 443 and host 10.0.0.1',
  'port 53',
  'udp dst port 53',
  'portrange 40000-40002',
  'tcp src portrange 1-1023',
  'ip proto 89',
  'ip proto 132 or ip proto 47',
  'sctp',
  'ip multicast',
  'ip6 proto 0',
  'greater 1000',
  'less 60',
  'len > 300 and len < 1300',
  'len % 7 = 3',
  'ip[8] < 10',
  'ip[2:2] > 500',
  'ip[0] & 0xf > 5',
  'ip[6:2] & 0x1fff != 0',
  'ip[6] & 0x20 != 0',
  'ip[9] << 1 = 34',
  'ip[2:2] / ip[8] > 4',
  'ip[2:2] - 100 > ip[8] * 2',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'tcp[tcpflags] == tcp-syn',
  'tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420',
  'icmp[icmptype] = icmp-echo',
  'icmp[icmptype] != icmp-echo and icmp[icmptype] != icmp-echoreply',
  'udp[4:2] > 200',
  'ip6[6] = 58',
  'ip and not (tcp or udp)',
  'tcp port 80 or tcp port 22 or (udp and len > 500)',
  networks(30),
  `${networks(20)} or port 443`,
];

const quoted = (text: string) => `'${text}'`;

/** How many of the recorded packets tcpdump shows. A device for which it refuses the expression has none. */
async function shownByTcpdump(): Promise<number[]> {
  const counts = expressions.map(
    (expression) =>
      `echo $(for d in vb tun0; do tcpdump -nr /tmp/$d.pcap ${quoted(expression)}; done | wc -l)`,
  );
  return (await guest.run(`{ ${counts.join('\n')}\n} 2>/dev/null`)).trim().split('\n').map(Number);
}

/** Runs a loader for each expression, some at a time, while the packets are sent, and returns what they counted. */
async function counted(list: readonly string[], backend: string): Promise<number[]> {
  const start = list.map(
    (expression, i) =>
      `${loader} --backend ${backend} --interval 60000 --filter=${quoted(expression)} <$folder/stdin >$folder/${i} 2>&1 &`,
  );
  const stdout = await guest.run(
    `folder=$(mktemp -d); mkfifo $folder/stdin; exec 3<>$folder/stdin
     ${start.join('\n')}
     for i in $(seq 0 ${list.length - 1}); do
       for n in $(seq 600); do grep -q '"seq":0\\|"error"' $folder/$i && break; sleep 0.1; done
     done
     sh /tmp/send; kill $(jobs -p); wait
     for i in $(seq 0 ${list.length - 1}); do tail -n 1 $folder/$i; done
     stat -L -c %i /run/netns/fb`,
    { timeout: 300 },
  );
  const [namespace, ...ends] = stdout.trim().split('\n').toReversed();
  return ends.toReversed().map((line) => {
    const [end] = only(framesOf(`${line}\n`), 'end');
    if (end === undefined) throw new Error(line);
    return end.rows.filter((row) => row[0] === Number(namespace)).reduce((sum, row) => sum + row[6], 0);
  });
}

const AT_ONCE = 11;

async function countedAll(backend: string): Promise<number[]> {
  const counts: number[] = [];
  for (let i = 0; i < expressions.length; i += AT_ONCE)
    counts.push(...(await counted(expressions.slice(i, i + AT_ONCE), backend)));
  return counts;
}

/** The rows as the last sample that has each of them tells it. */
const lastRows = (samples: readonly FrameOf<'sample'>[]) => [
  ...new Map(samples.flatMap((sample) => sample.rows.map((row) => [keyOf(row), row] as const))).values(),
];

const table = (counts: readonly number[]) =>
  Object.fromEntries(expressions.map((text, i) => [text, counts[i]]));

const SYNTAX = "can't parse filter expression: syntax error";

describe('a filter', () => {
  it.each(['fexit', 'kretprobe'])(
    'counts with %s the packets that tcpdump shows for the same expression',
    async (backend) => {
      const shown = await shownByTcpdump();
      expect(shown[0]).toBe(frames.length + untagged.length + packets.length);
      expect(shown.filter((count) => count > 0).length).toBeGreaterThan(expressions.length - 3);
      expect(table(await countedAll(backend))).toEqual(table(shown));
    },
    600_000,
  );

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
    const sizeWith = async (options: string) => {
      const shown = await guest.run(
        `${loader} --duration 4 ${options} </dev/null >/dev/null & sleep 2; bpftool prog show name get_rps_cpu; wait`,
      );
      return Number(/xlated (\d+)B/.exec(shown)?.[1]);
    };
    const without = await sizeWith('');
    expect(without).toBeLessThan(4000);
    expect(await sizeWith('--filter tcp')).toBeGreaterThan(without + 500);
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
