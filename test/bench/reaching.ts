import { readBinaries } from '../../src/loader/binaries';
import type { Connection } from '../../src/hosts/connection';
import type { User } from '../guest/session';
import { firstSample } from '../ssh/firstSample';
import { Scene } from '../ssh/scene';
import { Rounds, type Section } from './section';

const ROUNDS = 5;
/** What tc-netem(8) adds to everything that leaves the guest, and so to each round trip, milliseconds. */
const DELAY_MS = 100;
/** The goal: one to open a channel, one to run a command in it, one for a password, and one to spare. */
const MOST_TRIPS = 4;

/** Who logs in, and by what; alice's sudo asks for a password, which is known. */
const ways = [
  { name: 'root by ssh2', user: 'root', client: 'ssh2' },
  { name: 'sudo with a password by ssh2', user: 'alice', client: 'ssh2' },
  { name: 'sudo with a password by OpenSSH', user: 'alice', client: 'openssh' },
] as const satisfies readonly { name: string; user: User; client: string }[];
type Way = (typeof ways)[number]['name'];

/** How long it takes from Start to the first sample over an open SSH connection, the loader being there already. */
export const reaching: Section = {
  name: 'reaching',
  async measure(bench) {
    const guest = await bench.guest();
    const binaries = await readBinaries('dist/loader');
    const scene = await Scene.create();
    const connections = new Map<Way, Connection>();
    try {
      const host = [`HostName ${guest.host}`, `Port ${guest.port}`, `IdentityFile ${guest.privateKeyPath}`];
      await scene.configure(['Host *', ...host, 'StrictHostKeyChecking no'].join('\n  '));
      for (const { name, user, client } of ways) {
        scene.client = client;
        scene.person.answers = ['alice-pw'];
        const connection = await scene.open(`${user}@guest`);
        connections.set(name, connection);
        await firstSample(connection, scene, binaries);
      }
      const rounds = new Rounds<`${Way}, ${'near' | 'far'}`>();
      const names = ways.flatMap(({ name }) => [`${name}, near`, `${name}, far`] as const);
      await rounds.run(bench, ROUNDS, names, async (name) => {
        const delay = name.endsWith('far') ? DELAY_MS : 0;
        await guest.run(`tc qdisc replace dev eth0 root netem delay ${delay}ms limit 10000`);
        const way = ways.find((each) => name.startsWith(`${each.name},`));
        const connection = way && connections.get(way.name);
        if (!connection) throw new Error(`no connection for ${name}`);
        return firstSample(connection, scene, binaries);
      });
      await guest.run('tc qdisc del dev eth0 root');
      return {
        figures: ways.flatMap(({ name }) => {
          const near = rounds.median(`${name}, near`);
          const trips = (rounds.median(`${name}, far`) - near) / DELAY_MS;
          return [
            { what: `first sample, ${name}`, value: near, unit: 'ms' },
            { what: `round trips of that`, value: trips, unit: '', goal: MOST_TRIPS },
          ];
        }),
        every: rounds.every,
      };
    } finally {
      for (const connection of connections.values()) connection.dispose();
      await scene.end();
    }
  },
};
