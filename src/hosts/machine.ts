import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/**
 * Names this machine and its account. Secrets are stored under it: VS Code keeps one store for the windows of all remote
 * machines, and the same alias may be another host seen from another machine. machine-id(5)
 */
export function machineName(): string {
  return JSON.stringify([machineId(), hostname(), userInfo().username]);
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim();
  } catch {
    return '';
  }
}
