import constants from 'ssh2/lib/protocol/constants.js';
import { type Algorithms } from '../sshconfig/algorithms';

/** What ssh2 can do here: it depends on what the OpenSSL or BoringSSL of the running Node has. */
export const supportedAlgorithms: Algorithms = {
  kexalgorithms: constants.SUPPORTED_KEX,
  hostkeyalgorithms: constants.SUPPORTED_SERVER_HOST_KEY,
  ciphers: constants.SUPPORTED_CIPHER,
  macs: constants.SUPPORTED_MAC,
  // ssh2 signs with the same algorithms that it verifies.
  pubkeyacceptedalgorithms: constants.SUPPORTED_SERVER_HOST_KEY,
};
