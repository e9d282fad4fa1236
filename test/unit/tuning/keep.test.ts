import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Device } from '../../../shared/frames/host';
import type { KeepForm, QueueMask } from '../../../shared/messages/tuning';
import { keepTexts } from '../../../src/tuning/keep/keep';
import { cpus, device } from './scene';

/** The texts that give every queue of some devices a mask. */
function kept(lists: readonly (readonly string[])[], devices: readonly Device[]) {
  const queues = devices.flatMap(({ netns, ifindex, instance }, place) =>
    (lists[place] ?? []).map((list, queue): QueueMask => ({ netns, ifindex, instance, queue, list })),
  );
  const texts = keepTexts(queues, { devices, cpus });
  const of = (form: KeepForm) => texts.find((text) => text.form === form);
  return {
    texts,
    of,
    text: (form: KeepForm) =>
      of(form)
        ?.files.map(({ text }) => text)
        .join('') ?? '',
  };
}

const odd = `e"'*[$!\\|`;

describe('the texts that make masks last', () => {
  it('are there in every form, and write what the kernel takes', () => {
    const { of, text } = kept([['0-1', '2-3']], [device('eth0', ['0', '0'])]);
    expect(of('systemd')).toBeUndefined();
    expect(text('udev').split('\n')[1]).toBe(
      'ACTION=="add|move", SUBSYSTEM=="net", KERNEL=="eth0", ATTR{queues/rx-1/rps_cpus}="c"',
    );
    expect(text('networkManager')).toContain("echo c >'/sys/class/net/eth0/queues/rx-1/rps_cpus'");
    expect(text('script')).toContain("echo 3 >'/sys/class/net/eth0/queues/rx-0/rps_cpus' || failed=1");
    expect(of('script')?.files).toMatchObject([{ path: '/usr/local/sbin/rps-masks', mode: '0755' }]);
  });

  it('say in systemd’s words what all queues of a device share, and leave out the others', () => {
    const devices = [
      device('eth0', ['0', '0']),
      device('eth1', ['0', '0'], { ifindex: 3 }),
      device('eth2', ['0'], { ifindex: 4 }),
      device('eth3', ['0', '0'], { ifindex: 5 }),
    ];
    const { of } = kept([['0,2-3', '0,2-3'], ['0', '1'], [''], ['1']], devices);
    const files = of('systemd')?.files ?? [];
    expect(files.map(({ path }) => path)).toEqual([
      '/etc/systemd/network/10-rps-0.link',
      '/etc/systemd/network/10-rps-1.link',
    ]);
    expect(files[0]?.text).toContain('OriginalName=eth0\n');
    expect(files[0]?.text).toContain('ReceivePacketSteeringCPUMask=0 2-3\n');
    expect(files[1]?.text).toContain('ReceivePacketSteeringCPUMask=disable\n');
    expect(of('systemd')?.notes).toEqual(['systemd256', 'sameForAll']);
  });

  it('quote names of devices', () => {
    const { text } = kept([['1']], [device(odd, ['0'])]);
    expect(text('udev')).toContain('KERNEL=="e??[*][[]$???"');
    expect(text('systemd')).toContain('OriginalName=e??[*][[]$???\n');
    const folder = mkdtempSync(join(tmpdir(), 'rps-keep-'));
    try {
      const file = join(folder, 'class/net', odd, 'queues/rx-0/rps_cpus');
      for (const form of ['networkManager', 'script'] as const) {
        mkdirSync(join(file, '..'), { recursive: true });
        writeFileSync(join(folder, form), text(form).replaceAll('/sys/', `${folder}/`));
        execFileSync('sh', [join(folder, form), odd, 'up']);
        expect(readFileSync(file, 'utf8')).toBe('2\n');
        rmSync(join(folder, 'class'), { recursive: true });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('go into namespaces where that can be said, and say what is left out', () => {
    const devices = [
      device('eth0', ['0'], { netns_name: 'blue' }),
      device('eth0', ['0'], { netns: 8, netns_name: 'pid 12' }),
      device('eth0', ['0'], { netns: 9, netns_name: '/srv/ns' }),
      device('e\ufffd', ['0'], { netns: 10 }),
    ];
    const { texts, text, of } = kept([['1'], ['1'], ['1'], ['1']], devices);
    expect(texts.map(({ form }) => form)).toEqual(['script']);
    expect(of('script')?.notes).toEqual(['namelessOut']);
    expect(text('script')).toContain(`ip netns exec 'blue' sh -c '`);
    expect(text('script')).not.toContain('pid 12');
  });

  it('leave out lists that nobody can read', () => {
    expect(kept([['0-']], [device('eth0', ['0'])]).texts).toEqual([]);
  });
});
