import type { Log, Prompts } from '../prompts';
import type { Secrets } from '../secrets';
import type { SshEnvironment } from '../sshconfig/environment';

/** What reaching a host needs of the world. */
export interface ReachOptions {
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly environment: SshEnvironment;
  readonly signal: AbortSignal;
  /** Told what is being waited for. */
  readonly onStep: (step: string) => void;
}
