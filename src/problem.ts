/** Every way a trace can fail that the product can explain. */
export type ProblemCode =
  // reaching the host
  | 'HOST_UNREACHABLE'
  | 'HOST_NAME_INVALID'
  | 'HOST_KEY_CHANGED'
  | 'HOST_KEY_REJECTED'
  | 'AUTH_FAILED'
  | 'SSH_CONFIG'
  | 'CONNECTION_LOST'
  // what the host is
  | 'NOT_LINUX'
  | 'ARCH_UNKNOWN'
  | 'HOST_ANSWER'
  // what is to be counted
  | 'FILTER_REFUSED'
  | 'SCOPE_INVALID'
  | 'BTF_FILE'
  // putting the loader there and becoming root
  | 'LOADER_MISSING'
  | 'UPLOAD_FAILED'
  | 'ROOTLESS_FOLDER'
  | 'SUDO_MISSING'
  | 'SUDO_PASSWORD_WRONG'
  | 'SUDO_NOT_ALLOWED'
  | 'SUDO_NEEDS_TTY'
  // the loader itself
  | 'LOADER_FAILED'
  | 'LOADER_DIED'
  | 'LOADER_STUCK'
  | 'PROTOCOL'
  // changing masks
  | 'NOT_TRACED'
  | 'MASK_INVALID'
  | 'MASK_CHANGED'
  | 'MASK_GUARDED'
  | 'MASK_TOO_WIDE'
  | 'MASK_REFUSED'
  | 'QUEUE_GONE'
  | 'SYSFS_READ_ONLY'
  | 'WRITE_REFUSED'
  // recordings
  | 'RECORDING_FAILED'
  | 'RECORDING_UNREADABLE'
  | 'EXPORT_FAILED';

/**
 * A failure with a cause a person understands (`message`) and what mends it (`hint`).
 * Everything below `src/extension.ts` throws these; anything else that is thrown is a bug.
 */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The person cancelled; nothing went wrong and nothing is to be reported. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor() {
    super('cancelled');
  }
}
