/** Which packets and devices a trace counts. An empty part leaves nothing out. */
export interface Scope {
  /** An expression in the syntax of pcap-filter(7): only packets that match it are counted. */
  readonly filter: string;
  /** Names of interfaces, in any namespace: only these are told. */
  readonly interfaces: readonly string[];
  /** A network namespace, by its name or its inode: only its interfaces are told. */
  readonly netns: string;
}

/** Every packet of every device. */
export const everything: Scope = { filter: '', interfaces: [], netns: '' };

export function sameScope(a: Scope, b: Scope): boolean {
  return JSON.stringify(parts(a)) === JSON.stringify(parts(b));
}

const parts = ({ filter, interfaces, netns }: Scope) => [filter, interfaces, netns];
