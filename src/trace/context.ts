import type { SshClientChoice } from '../hosts/openssh/choose';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import type { SshEnvironment } from '../hosts/sshconfig/environment';
import type { Target } from '../hosts/target';
import type { Binaries } from '../loader/binaries';
import type { Scope } from '../../shared/scope';

/** What a trace needs of the world. */
export interface TraceContext {
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  /** The loaders that come with the extension. */
  readonly binaries: () => Promise<Binaries>;
  /** What speaks SSH. */
  readonly client?: () => SshClientChoice;
  /** Another SSH configuration than the user's own. */
  readonly ssh?: Partial<SshEnvironment>;
  /** Milliseconds between samples. */
  readonly intervalMs: () => number;
  /** What is to be counted on a host; everything without it. */
  readonly scope?: (target: Target) => Scope;
  /** File with the types of kernels that do not tell them, or '' for none. */
  readonly btf?: () => string;
  /** Path of a loader that runs on this machine, if there is one. */
  readonly ownLoader?: string | undefined;
}
