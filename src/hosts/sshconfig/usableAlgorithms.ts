import constants from 'ssh2/lib/protocol/constants.js';
import { defaultAlgorithms, resolveAlgorithms, type Algorithms } from './algorithms';
import type { Handover } from './options';
import type { Settings } from './config';

/** What ssh2 can do here: it depends on what the OpenSSL or BoringSSL of the running Node has. */
const supportedAlgorithms: Algorithms = {
  kexalgorithms: constants.SUPPORTED_KEX,
  hostkeyalgorithms: constants.SUPPORTED_SERVER_HOST_KEY,
  ciphers: constants.SUPPORTED_CIPHER,
  macs: constants.SUPPORTED_MAC,
  // ssh2 signs with the same algorithms that it verifies.
  pubkeyacceptedalgorithms: constants.SUPPORTED_SERVER_HOST_KEY,
};

/** What the configuration allows and ssh2 has, in the configuration's order. */
export function usableAlgorithms(settings: Settings): Algorithms {
  const usable = (keyword: keyof Algorithms) => {
    const supported = supportedAlgorithms[keyword];
    const allowed = resolveAlgorithms(settings.get(keyword)?.[0], defaultAlgorithms[keyword], supported);
    return allowed.filter((name) => supported.includes(name));
  };
  return {
    kexalgorithms: usable('kexalgorithms'),
    hostkeyalgorithms: usable('hostkeyalgorithms'),
    ciphers: usable('ciphers'),
    macs: usable('macs'),
    pubkeyacceptedalgorithms: usable('pubkeyacceptedalgorithms'),
  };
}

/** The options of whose algorithms ssh2 has none. */
export function withoutAlgorithm(algorithms: Algorithms): Handover[] {
  const options = {
    KexAlgorithms: algorithms.kexalgorithms,
    HostKeyAlgorithms: algorithms.hostkeyalgorithms,
    Ciphers: algorithms.ciphers,
    MACs: algorithms.macs,
  };
  const empty = Object.entries(options).filter(([, names]) => names.length === 0);
  return empty.map(([option]) => ({ option, purpose: 'protection' }));
}
