/** A question that only a person can answer while a host is being reached. */
export interface SecretRequest {
  /** What is asked for: `Password for alice@web-1`, `Passphrase for key ~/.ssh/id_ed25519`. */
  readonly title: string;
  /** Sentence of the extension, or empty. */
  readonly detail: string;
  /** Text of the host, untrusted: it is shown as a quote, also when it reads like a sentence of the extension. */
  readonly hostSays?: string;
  /** Whether what is typed may be shown. */
  readonly echo: boolean;
}

/** An SSH host key that known_hosts does not hold. */
export interface UnknownHostKey {
  /** As known_hosts names it: `web-1` or `[web-1]:2222`. */
  readonly host: string;
  /** `ssh-ed25519`, … */
  readonly keyType: string;
  /** `SHA256:…`, as ssh-keygen prints it. */
  readonly fingerprint: string;
}

/** The person at the keyboard. `src/ui` implements it with VS Code, the tests with a script. */
export interface Prompts {
  /** Returns undefined when the person cancels. */
  secret(request: SecretRequest, signal: AbortSignal): Promise<string | undefined>;
  /** Returns true only when the person accepts the key. */
  acceptHostKey(key: UnknownHostKey, signal: AbortSignal): Promise<boolean>;
}

/** Where the log goes. Secrets never do. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
