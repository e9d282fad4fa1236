import { loader } from '../guest/loaderRun';
import { Comparison } from './comparison';

const command = `${loader} --backend fexit --interval 1000 </tmp/bench/stdin`;
/** Four masks for the queue of the loopback device. */
const setFour = `
  queue=$(readlink /proc/self/ns/net | tr -dc 0-9):1:0
  echo "shadow 1 $queue=0-3 ; 2 $queue=0-1 ; 3 $queue=2-3 ; 4 $queue=1-3" >&3
  until grep -q '"type":"shadow"' /tmp/bench/out; do sleep 0.1; done`;

/** What it costs the kernel to evaluate candidate masks beside counting. */
export const predicting = new Comparison(
  {
    'no candidate': { command },
    'four candidates': { command, then: setFour },
    'no candidate, RFS': { command, rfs: true },
    'four candidates, RFS': { command, rfs: true, then: setFour },
  },
  [
    { what: 'four candidates against none', of: 'four candidates', to: 'no candidate', goal: 2.5 },
    { what: 'the same with RFS on', of: 'four candidates, RFS', to: 'no candidate, RFS', goal: 2.5 },
  ],
);
