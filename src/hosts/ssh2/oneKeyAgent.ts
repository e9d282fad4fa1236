import {
  BaseAgent,
  type IdentityCallback,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from 'ssh2';
import type { Identity } from './identities';

/**
 * Lets ssh2 try one identity by its method `agent`, the only one that signs asynchronously: so a passphrase is asked
 * for after the host has said that it wants this very key, as OpenSSH does.
 */
export class OneKeyAgent extends BaseAgent<ParsedKey> {
  /** A signature was given. If authentication goes on after that, it was one step of several (partial success). */
  signed = false;

  constructor(
    private readonly identity: Identity,
    private readonly key: ParsedKey,
    /** Told why there is no signature; ssh2 then goes on to the next method. */
    private readonly onFailed: (error: unknown) => void,
  ) {
    super();
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(null, [this.key]);
  }

  override sign(
    _key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const hash = typeof options === 'function' ? undefined : options.hash;
    const done = typeof options === 'function' ? options : callback;
    this.identity.sign(data, hash).then(
      (signature) => {
        this.signed = true;
        done?.(null, signature);
      },
      (error: unknown) => {
        this.onFailed(error);
        done?.(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }
}
