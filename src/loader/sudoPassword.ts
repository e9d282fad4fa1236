import type { Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';

const sudoSecret = (label: string) => `sudo ${label}`;

/** The sudo password of a host: from memory the first time, from the person when there is none or it was wrong. */
export async function askSudoPassword(
  label: string,
  again: boolean,
  {
    prompts,
    secrets,
    signal,
  }: { readonly prompts: Prompts; readonly secrets: Secrets; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const id = sudoSecret(label);
  if (again) await secrets.forget(id);
  const known = await secrets.get(id);
  if (known !== undefined) return known;
  const detail = again
    ? 'That password was wrong. Try again.'
    : 'The loader needs root to attach to the kernel.';
  const typed = await prompts.secret({ title: `sudo password on ${label}`, detail, echo: false }, signal);
  if (typed !== undefined) await secrets.set(id, typed);
  return typed;
}

/** Drops a password that sudo did not take. */
export function forgetSudoPassword(label: string, secrets: Secrets): Promise<void> {
  return secrets.forget(sudoSecret(label));
}
