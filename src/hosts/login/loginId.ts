import type { TokenSource } from '../sshconfig/tokens';

/** What tells one login from another. */
export type LoginParts = TokenSource & { readonly proxyCommand: string | undefined };

/**
 * Names one login: its user, its host by every name that the configuration gives it, its port, and the way there. A
 * secret is remembered under it, so that no other host, port or alias is ever sent it.
 * @param via the id of the login that this one goes through, or '' for none
 */
export function loginId(login: LoginParts, via = ''): string {
  const { user, alias, hostName, hostKeyAlias, port, proxyJump, proxyCommand } = login;
  return JSON.stringify([user, alias, hostName, hostKeyAlias, port, proxyJump, proxyCommand, via]);
}

/** The login as people write it: `alice@web`, or `alice@10.0.0.1:2222` where no alias tells the port. */
export function loginName({ user, alias, hostName, port }: LoginParts): string {
  if (alias !== hostName || port === 22) return `${user}@${alias}`;
  return `${user}@${alias.includes(':') ? `[${alias}]` : alias}:${port}`;
}
