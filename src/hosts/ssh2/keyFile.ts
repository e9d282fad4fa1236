import { readFile } from 'node:fs/promises';
// Node does not see this name among a CommonJS module's: it takes it from the whole.
import ssh2, { type ParsedKey } from 'ssh2';
import type { Asker } from '../login/asker';

/** How often a passphrase is asked for before the key is passed over, as ssh does. */
const TRIES = 3;

/** A key file of the configuration. Its passphrase is asked for only when a host wants the key's signature. */
export class KeyFile {
  /**
   * Reads a key file. A private key whose public half can be told without its passphrase comes with it.
   * @throws Error that says why the file is of no use.
   */
  static async read(path: string): Promise<KeyFile> {
    const text = await readFile(path, 'utf8');
    const key = ssh2.utils.parseKey(text);
    if (!(key instanceof Error)) return new KeyFile(path, text, key, key.isPrivateKey() ? key : undefined);
    if (!ENCRYPTED.test(key.message)) throw key;
    const beside = await readFile(`${path}.pub`, 'utf8').then(
      (line) => ssh2.utils.parseKey(line),
      () => undefined,
    );
    const publicKey = publicHalf(text) ?? (beside instanceof Error ? undefined : beside);
    return new KeyFile(path, text, publicKey, undefined);
  }

  private constructor(
    readonly path: string,
    private readonly text: string,
    /** Undefined for an encrypted key in an old format that has no .pub file beside it. */
    readonly publicKey: ParsedKey | undefined,
    private unlocked: ParsedKey | undefined,
  ) {}

  /** Whether it can sign. A file that holds a public key only names a key of the agent. */
  get isPrivate(): boolean {
    return /PRIVATE KEY|^PuTTY/.test(this.text);
  }

  /**
   * Returns the private key, or undefined when the person knows no passphrase that opens it.
   * @throws Cancelled
   */
  async unlock(asker: Asker): Promise<ParsedKey | undefined> {
    const id = `passphrase ${this.path}`;
    const title = `Passphrase for key ${this.path}`;
    for (let attempt = 0; this.unlocked === undefined && attempt < TRIES; attempt++) {
      const detail = attempt === 0 ? '' : 'That passphrase was wrong. Try again.';
      const passphrase = await asker.remembered(id, { title, detail, echo: false });
      const key = ssh2.utils.parseKey(this.text, passphrase);
      if (key instanceof Error) {
        await asker.refused(id);
      } else {
        await asker.accepted(id);
        this.unlocked = key;
      }
      if (passphrase === '') break;
    }
    return this.unlocked;
  }
}

/** What ssh2's parser says of a key that needs a passphrase. */
const ENCRYPTED = /no passphrase given/;

/** The public half of an encrypted key, which OpenSSH's format keeps in the clear: PROTOCOL.key in its sources. */
function publicHalf(text: string): ParsedKey | undefined {
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  let at = 'openssh-key-v1\0'.length;
  try {
    const next = () => bytes.subarray((at += 4), (at += bytes.readUInt32BE(at - 4)));
    // Cipher, key derivation and its options come first, then the number of keys.
    for (let field = 0; field < 3; field++) next();
    at += 4;
    const key = ssh2.utils.parseKey(next());
    return key instanceof Error ? undefined : key;
  } catch {
    return undefined;
  }
}
