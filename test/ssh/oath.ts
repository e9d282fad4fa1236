import { createHmac, randomBytes } from 'node:crypto';

/** A token that shows one-time codes, one after the other: HOTP, RFC 4226. */
export class Token {
  readonly #key = randomBytes(20);
  #counter = 0;

  constructor(private readonly user: string) {}

  /** The line of pam_oath's usersfile. */
  get line(): string {
    return `HOTP ${this.user} - ${this.#key.toString('hex')}\n`;
  }

  /** The next code. */
  next(): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(this.#counter++));
    const mac = createHmac('sha1', this.#key).update(counter).digest();
    const at = (mac.at(-1) ?? 0) & 0xf;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
  }
}

/** What pam_oath asks, as far as it tells a code from a password. */
export const CODE_PROMPT = /One-time password \(OATH\)/;

/** A PAM service in which these are needed, one after the other. */
export function pamService(...steps: readonly ('password' | 'code')[]): string {
  const modules = {
    password: 'auth required pam_unix.so nullok',
    code: 'auth required pam_oath.so usersfile=/etc/users.oath window=20 digits=6',
  };
  return [
    ...steps.map((step) => modules[step]),
    'account required pam_permit.so',
    'session required pam_permit.so',
  ]
    .map((line) => `${line}\n`)
    .join('');
}
