import type { HostConfig } from '../sshconfig/config';
import type { Identity, SigningHash } from './identities';
import { rsaBits } from '../login/knownHosts';

const RSA_ALGORITHMS = { sha512: 'rsa-sha2-512', sha256: 'rsa-sha2-256', sha1: 'ssh-rsa' } as const;

/**
 * Keeps a user's key within RequiredRSASize and PubkeyAcceptedAlgorithms: it is passed over when no algorithm of its type
 * is allowed, and does not sign by another one. Without `ssh-rsa` in the list there is no signature by SHA-1.
 */
export function withinLimits(
  identity: Identity,
  { algorithms, requiredRsaSize }: Pick<HostConfig, 'algorithms' | 'requiredRsaSize'>,
): Identity {
  const allowed = algorithms.pubkeyacceptedalgorithms;
  const publicKey = async () => {
    const key = await identity.publicKey();
    if (key === undefined) return undefined;
    const names = key.type === 'ssh-rsa' ? Object.values(RSA_ALGORITHMS) : [key.type];
    const isLongEnough = (rsaBits(key.getPublicSSH()) ?? Infinity) >= requiredRsaSize;
    return isLongEnough && names.some((name) => allowed.includes(name)) ? key : undefined;
  };
  const sign = async (data: Buffer, hash: SigningHash | undefined) => {
    const key = await publicKey();
    const algorithm = key?.type === 'ssh-rsa' ? RSA_ALGORITHMS[hash ?? 'sha1'] : key?.type;
    if (algorithm === undefined || !allowed.includes(algorithm)) {
      throw new Error(`PubkeyAcceptedAlgorithms does not allow ${algorithm ?? 'this key'}`);
    }
    return identity.sign(data, hash);
  };
  return { name: identity.name, publicKey, sign };
}
