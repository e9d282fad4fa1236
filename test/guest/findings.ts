import type { Finding } from '../../shared/frames/frames';
import type { Guest } from './guest';
import { framesOf, loader, only } from './loaderRun';

/** Seconds that a finding may take to come or to go: it lingers for ten. */
const PATIENCE = 60;

/** A loader that runs in a guest for as long as the tests do, and what its doctor finds. */
export class Doctor {
  private constructor(private readonly guest: Guest) {}

  static async start(guest: Guest): Promise<Doctor> {
    await guest.run(`${loader} --duration 1200 </dev/null >/tmp/told 2>/tmp/said &`);
    return new Doctor(guest);
  }

  /** What is wrong now; undefined while nobody has looked. */
  async findings(): Promise<readonly Finding[] | undefined> {
    const line = await this.guest.run(`grep '^{"type":"findings"' /tmp/told | tail -n 1`);
    return only(framesOf(line), 'findings')[0]?.findings;
  }

  /** Runs a script, which has the functions of doctorTraffic.sh. */
  async after(script: string): Promise<this> {
    await this.guest.run(`. /tmp/doctorTraffic.sh\n${script}`, { timeout: 120 });
    return this;
  }

  /** Waits for findings with these ids. Throws with what was found, and what it rests on, when they do not come. */
  async finds(...ids: readonly string[]): Promise<readonly Finding[]> {
    return this.until(ids.join(', '), (findings) =>
      ids.every((id) => findings.some((finding) => finding.id === id)),
    );
  }

  /** Waits until nothing is wrong. */
  async findsNothing(): Promise<void> {
    await this.until('nothing', (findings) => findings.length === 0);
  }

  private async until(
    what: string,
    done: (findings: readonly Finding[]) => boolean,
  ): Promise<readonly Finding[]> {
    const end = Date.now() + PATIENCE * 1000;
    for (;;) {
      const findings = await this.findings();
      if (findings && done(findings)) return findings;
      if (Date.now() > end) {
        const found = JSON.stringify(findings, null, 2);
        throw new Error(`Wanted ${what}, found ${found}\n${await this.lately()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** What the loader has counted last, how the CPUs spend their time, and whether anything is sent. */
  private lately(): Promise<string> {
    return this.guest.run(`
      for type in sample softnet; do grep '^{"type":"'$type'"' /tmp/told | tail -n 2; done
      grep ^cpu /proc/stat; sleep 5; grep ^cpu /proc/stat; cat /proc/net/pktgen/d0 /tmp/said || true`);
  }
}

/** The finding with an id that is about a device, if one is named. */
export function about(findings: readonly Finding[], id: string, device?: string): Finding {
  const found = findings.find(
    (finding) => finding.id === id && (device === undefined || finding.values.device === device),
  );
  if (!found) throw new Error(`No ${id} of ${device ?? 'the host'} in ${JSON.stringify(findings, null, 2)}`);
  return found;
}
