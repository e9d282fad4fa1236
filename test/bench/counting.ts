import { loader } from '../guest/loaderRun';
import { Comparison } from './comparison';

const bpftrace = (program: string) => `bpftrace -e '${program}'`;
const rpstrace = (backend: string) => `${loader} --backend ${backend} --interval 1000 </tmp/bench/stdin`;

/** What counting costs the kernel, against an empty program and against bpftrace counting the same. */
export const counting = new Comparison(
  {
    'empty fexit': { command: bpftrace('kretfunc:vmlinux:get_rps_cpu { }') },
    fexit: { command: rpstrace('fexit') },
    'bpftrace count()': {
      command: bpftrace('kretfunc:vmlinux:get_rps_cpu { @[args.dev->ifindex, cpu, retval] = count(); }'),
    },
    kprobe: { command: rpstrace('kprobe') },
    kretprobe: { command: rpstrace('kretprobe') },
    'empty fexit, RFS': { command: bpftrace('kretfunc:vmlinux:get_rps_cpu { }'), rfs: true },
    'fexit, RFS': { command: rpstrace('fexit'), rfs: true },
  },
  [
    { what: 'fexit against an empty fexit program', of: 'fexit', to: 'empty fexit', goal: 1.5 },
    { what: 'the same with RFS on', of: 'fexit, RFS', to: 'empty fexit, RFS', goal: 3 },
    { what: 'fexit against bpftrace', of: 'fexit', to: 'bpftrace count()', goal: 0.3 },
    {
      ...{ what: 'the same without what an empty program takes', above: 'empty fexit' },
      ...{ of: 'fexit', to: 'bpftrace count()' },
    },
    { what: 'kprobe against kprobe + kretprobe', of: 'kprobe', to: 'kretprobe', goal: 0.5 },
  ],
);
