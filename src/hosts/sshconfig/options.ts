import { isIP } from 'node:net';

/**
 * How the clients treat an option of ssh_config(5):
 * - `honoured`: the built-in client follows it as ssh does;
 * - `handedOver`: only the system's ssh follows it, where `isAsked` says so of its value. `auto` then takes that ssh.
 *   Of `protection` the built-in client refuses to connect without it; without a way to log in (`login`) it tries others;
 * - `ignored`: it changes nothing for a program run without a terminal, for the reason that stands with it.
 */
export type Treatment =
  | { readonly kind: 'honoured' }
  | {
      readonly kind: 'handedOver';
      readonly purpose: 'protection' | 'login';
      readonly isAsked: (value: string) => boolean;
    }
  | { readonly kind: 'ignored' };

const honoured: Treatment = { kind: 'honoured' };
const ignored: Treatment = { kind: 'ignored' };
/** Words by which an option is off. */
const isSet = (value: string) => !/^(|no|none|false)$/i.test(value);
const protection = (isAsked = isSet): Treatment => ({ kind: 'handedOver', purpose: 'protection', isAsked });
const login = (isAsked = isSet): Treatment => ({ kind: 'handedOver', purpose: 'login', isAsked });

/** No terminal is opened, and nobody types into one. */
const noTerminal = ignored;
/** Neither client forwards anything: the built-in one cannot, ssh is told not to. */
const noForwarding = ignored;
/** Each program is named when it is started; ssh is told to run no other, and that it gets a stdin. */
const noCommand = ignored;
/** It changes what ssh logs or draws, and no check. */
const onlyLogs = ignored;
/** It matters with GSSAPIAuthentication or GSSAPIKeyExchange, which hand over. */
const withGssapi = ignored;
/** ssh -G has applied it; without ssh, configuration files that need it are refused. */
const byConfiguration = ignored;
/** ssh ignores it itself. */
const deprecated = ignored;

/** Every option that ssh knows, as ssh_config(5) spells it, of OpenSSH up to 10 with the patches of distributions. */
const TREATMENTS: Readonly<Record<string, Treatment>> = {
  Host: byConfiguration,
  Match: byConfiguration,
  Include: byConfiguration,
  IgnoreUnknown: byConfiguration,
  Tag: byConfiguration,
  CanonicalDomains: byConfiguration,
  CanonicalizeFallbackLocal: byConfiguration,
  CanonicalizeHostname: byConfiguration,
  CanonicalizeMaxDots: byConfiguration,
  CanonicalizePermittedCNAMEs: byConfiguration,
  // Where and how a connection is made.
  HostName: honoured,
  Port: honoured,
  User: honoured,
  AddressFamily: honoured,
  // ssh takes a name too; the built-in client an address.
  BindAddress: protection((value) => isSet(value) && isIP(value) === 0),
  BindInterface: protection(),
  ConnectTimeout: honoured,
  ProxyCommand: honoured,
  ProxyJump: honoured,
  ProxyUseFdpass: protection(),
  Compression: honoured,
  ServerAliveInterval: honoured,
  ServerAliveCountMax: honoured,
  // It repeats an attempt that failed, which a person does by starting again.
  ConnectionAttempts: ignored,
  // It marks packets for routers.
  IPQoS: ignored,
  // ServerAliveInterval is always on, and notices a dead connection earlier.
  TCPKeepAlive: ignored,
  // The built-in client has one connection for all; ssh is told whether to share.
  ControlMaster: ignored,
  ControlPath: honoured,
  // No connection outlives the trace that made it.
  ControlPersist: ignored,
  RefuseConnection: protection(),
  // It adds words to the version that is sent.
  VersionAddendum: ignored,
  // What protects the connection.
  Ciphers: honoured,
  MACs: honoured,
  KexAlgorithms: honoured,
  RekeyLimit: protection((value) => !/^(default|0)( (none|0))?$/i.test(value)),
  RequiredRSASize: honoured,
  // Who the host is.
  StrictHostKeyChecking: honoured,
  HostKeyAlgorithms: honoured,
  HostKeyAlias: honoured,
  UserKnownHostsFile: honoured,
  GlobalKnownHostsFile: honoured,
  HashKnownHosts: honoured,
  CheckHostIP: honoured,
  NoHostAuthenticationForLocalhost: honoured,
  KnownHostsCommand: protection(),
  RevokedHostKeys: protection(),
  VerifyHostKeyDNS: protection(),
  // It limits certificates; a @cert-authority in known_hosts hands over.
  CASignatureAlgorithms: ignored,
  // It learns further keys of a host that is trusted; a key that was not learned is refused.
  UpdateHostKeys: ignored,
  // The question shows the SHA256 fingerprint, which no other key has.
  FingerprintHash: ignored,
  VisualHostKey: onlyLogs,
  // Who logs in.
  IdentityFile: honoured,
  IdentitiesOnly: honoured,
  IdentityAgent: honoured,
  PreferredAuthentications: honoured,
  PubkeyAuthentication: honoured,
  // The built-in client signs by rsa-sha2-256 where the host knows both.
  PubkeyAcceptedAlgorithms: login(
    (value) => /\brsa-sha2-512\b/.test(value) && !/\brsa-sha2-256\b/.test(value),
  ),
  PasswordAuthentication: honoured,
  KbdInteractiveAuthentication: honoured,
  NumberOfPasswordPrompts: honoured,
  BatchMode: protection(),
  KbdInteractiveDevices: login(),
  CertificateFile: login(),
  PKCS11Provider: login(),
  // It serves security keys, which hand over.
  SecurityKeyProvider: ignored,
  HostbasedAuthentication: login(),
  // It matters with HostbasedAuthentication, which hands over.
  HostbasedAcceptedAlgorithms: ignored,
  // It matters with HostbasedAuthentication, which hands over.
  EnableSSHKeysign: ignored,
  // It keeps a key that was used for later; passphrases are remembered here instead.
  AddKeysToAgent: ignored,
  // It keeps passphrases in the keychain of macOS; they are asked for here.
  UseKeychain: ignored,
  // Debian's configuration allows it for every host: needed only with a ticket, which need.ts looks for.
  GSSAPIAuthentication: honoured,
  GSSAPIKeyExchange: honoured,
  GSSAPIClientIdentity: withGssapi,
  GSSAPIDelegateCredentials: withGssapi,
  GSSAPIKexAlgorithms: withGssapi,
  GSSAPIRenewalForcesRekey: withGssapi,
  GSSAPIServerIdentity: withGssapi,
  GSSAPITrustDns: withGssapi,
  // What a person at a terminal, or who forwards, asks for.
  ClearAllForwardings: noForwarding,
  DynamicForward: noForwarding,
  ExitOnForwardFailure: noForwarding,
  ForwardAgent: noForwarding,
  ForwardX11: noForwarding,
  ForwardX11Timeout: noForwarding,
  ForwardX11Trusted: noForwarding,
  GatewayPorts: noForwarding,
  LocalForward: noForwarding,
  PermitRemoteOpen: noForwarding,
  RemoteForward: noForwarding,
  StreamLocalBindMask: noForwarding,
  StreamLocalBindUnlink: noForwarding,
  Tunnel: noForwarding,
  TunnelDevice: noForwarding,
  XAuthLocation: noForwarding,
  LocalCommand: noCommand,
  PermitLocalCommand: noCommand,
  RemoteCommand: noCommand,
  SessionType: noCommand,
  // Where it is on, ssh -G fails without a command, and says so.
  ForkAfterAuthentication: ignored,
  StdinNull: noCommand,
  RequestTTY: noTerminal,
  EscapeChar: noTerminal,
  EnableEscapeCommandline: noTerminal,
  ObscureKeystrokeTiming: noTerminal,
  // It closes channels that are idle; a trace is never idle longer than its interval.
  ChannelTimeout: ignored,
  // Programs on the host get what they need by their arguments.
  SendEnv: ignored,
  // Programs on the host get what they need by their arguments.
  SetEnv: ignored,
  LogLevel: onlyLogs,
  LogVerbose: onlyLogs,
  SyslogFacility: onlyLogs,
  WarnWeakCrypto: onlyLogs,
  // readconf.c, "Deprecated options" and "Unsupported options".
  AFSTokenPassing: deprecated,
  Cipher: deprecated,
  CompressionLevel: deprecated,
  FallBackToRsh: deprecated,
  GlobalKnownHostsFile2: deprecated,
  KerberosAuthentication: deprecated,
  KerberosTGTPassing: deprecated,
  Protocol: deprecated,
  RhostsAuthentication: deprecated,
  RhostsRSAAuthentication: deprecated,
  RSAAuthentication: deprecated,
  UsePrivilegedPort: deprecated,
  UserKnownHostsFile2: deprecated,
  UseRoaming: deprecated,
  UseRsh: deprecated,
};

/** Former names that readconf.c still takes, and RSAMinSize of Red Hat. */
const FORMER_NAMES: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  tisauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  hostbasedkeytypes: 'hostbasedacceptedalgorithms',
  identityfile2: 'identityfile',
  keepalive: 'tcpkeepalive',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
  rsaminsize: 'requiredrsasize',
  smartcarddevice: 'pkcs11provider',
};

const BY_KEYWORD = new Map(
  Object.entries(TREATMENTS).map(([name, treatment]) => [name.toLowerCase(), { name, treatment }] as const),
);

/** The keyword in lower case, by its present name. */
export function presentKeyword(keyword: string): string {
  const lower = keyword.toLowerCase();
  return FORMER_NAMES[lower] ?? lower;
}

/** The keyword as ssh_config(5) spells it; one that is not known stays as it is. */
export function spelled(keyword: string): string {
  return BY_KEYWORD.get(presentKeyword(keyword))?.name ?? keyword;
}

/** How an option is treated; undefined for one that no ssh known here has. */
export function treatmentOf(keyword: string): Treatment | undefined {
  return BY_KEYWORD.get(presentKeyword(keyword))?.treatment;
}

/** An option that only the system's ssh can follow, as ssh_config(5) spells it. */
export interface Handover {
  readonly option: string;
  readonly purpose: 'protection' | 'login';
}

/** The options among `settings` that only the system's ssh follows, in the order of their names. One that is unknown here may protect: it is among them. */
export function handovers(settings: ReadonlyMap<string, readonly string[]>): Handover[] {
  const found = [...settings].flatMap(([keyword, values]): Handover[] => {
    const known = BY_KEYWORD.get(presentKeyword(keyword));
    if (known === undefined) return values.some(isSet) ? [{ option: keyword, purpose: 'protection' }] : [];
    const { name, treatment } = known;
    if (treatment.kind !== 'handedOver' || !values.some(treatment.isAsked)) return [];
    return [{ option: name, purpose: treatment.purpose }];
  });
  return found.sort((a, b) => a.option.localeCompare(b.option));
}
