import { Problem, type ProblemCode } from '../problem';

/** What sudo says (LC_ALL=C) when it refuses, and what that means. See sudo(8), sudoers(5) and sudo's logging.c. */
const refusals: readonly (readonly [RegExp, ProblemCode, string, string])[] = [
  [
    /not in the sudoers file|is not allowed to (execute|run)|may not run sudo/,
    'SUDO_NOT_ALLOWED',
    'This account may not use sudo to run the loader',
    'Log in as root or as an account that may use sudo, or have an administrator allow it.',
  ],
  [
    /must have a tty|no tty present|a terminal is required to (read|authenticate)/,
    'SUDO_NEEDS_TTY',
    'sudo wants a terminal',
    'Remove `requiretty` for this account from the sudoers file, or log in as root.',
  ],
  [
    /timed out reading password/,
    'SUDO_PASSWORD_WRONG',
    'sudo did not wait any longer for the password',
    'Start again, and type it within the time that passwd_timeout of the sudoers file gives.',
  ],
  [
    /incorrect password|Sorry, try again|Authentication failure|no password was provided/i,
    'SUDO_PASSWORD_WRONG',
    'The sudo password was wrong',
    'Start again and type the password of the account on that host.',
  ],
];

/** The Problem that sudo's messages tell of, or undefined when they tell of none. */
export function sudoProblem(label: string, stderr: string): Problem | undefined {
  for (const [pattern, code, what, hint] of refusals) {
    if (pattern.test(stderr)) return new Problem(code, `${what} on ${label}.`, hint);
  }
  return undefined;
}

/** The Problem of a host on which nobody can become root. */
export function noSudo(label: string): Problem {
  return new Problem(
    'SUDO_MISSING',
    `Tracing needs root on ${label}, and neither sudo nor doas is installed there.`,
    'Log in as root, or install sudo and allow this account to use it.',
  );
}

/** The Problem of a host that has only doas, by what doas said. It reads a password from nothing but a terminal. */
export function doasProblem(label: string, said: string): Problem {
  // opendoas 6.8: "doas: Authentication required", before that "Authorization required"; no rule: "Operation not permitted".
  if (/required/i.test(said)) {
    const hint =
      'Install sudo, or log in as root. `nopass` in doas.conf helps too, but makes root of every program of this account.';
    return new Problem(
      'SUDO_NEEDS_TTY',
      `doas wants a password, and a terminal to read it, on ${label}.`,
      hint,
    );
  }
  const hint =
    'Log in as root, or install sudo. `permit nopass` in doas.conf helps too, but makes root of every program of this account.';
  return new Problem('SUDO_NOT_ALLOWED', `This account may not use doas on ${label}.`, hint);
}
