/** What sudo asks. */
export interface SudoQuestion {
  /** `password` when PAM asks for nothing but "Password:"; anything else may be good only once, a code for instance. */
  readonly kind: 'password' | 'other';
  /** The question of kind `other`, in the words of the host; untrusted text. */
  readonly text: string;
}

/** The prompt by which PAM asks for the account's password: pam_unix. */
const PASSWORD = /^password: ?$/i;

/** The beginning of a prompt of sudo-rs, which puts the mark before PAM's own prompt: `[sudo: MARK] Password: `. */
const RUST = '[sudo: ';

/**
 * Reads what sudo asks from a line without an end. SUDO_PROMPT, a random mark, stands for PAM's "Password:" only; what
 * else PAM asks comes in its own words: use_pam_prompt() in sudo's auth/pam.c. (With `sudo -p` the mark would stand for
 * every question.) sudo-rs puts the mark before everything: converse.rs.
 * @param isQuiet whether nothing has followed for a while: a line that is still being written is no question
 * @returns undefined when it is no question yet
 */
export function sudoQuestion(line: string, mark: string, isQuiet: boolean): SudoQuestion | undefined {
  const rust = line.lastIndexOf(`${RUST}${mark}`);
  if (rust < 0 && line.endsWith(mark)) return { kind: 'password', text: '' };
  if (!isQuiet || line.trim() === '') return undefined;
  const text = rust < 0 ? line : line.slice(rust + RUST.length + mark.length).replace(/^[^\]]*\] ?/, '');
  const isPassword = rust >= 0 && PASSWORD.test(text);
  return isPassword ? { kind: 'password', text: '' } : { kind: 'other', text: text.replaceAll(mark, '') };
}
