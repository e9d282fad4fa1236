import type { Destination } from '../target';
import type { SshEnvironment } from './environment';

/** The arguments of ssh that name a destination as it was typed, and the configuration to use; a command may follow. */
export function destinationArgs({ host, user, port }: Destination, environment: SshEnvironment): string[] {
  return [
    ...(environment.configFile === undefined ? [] : ['-F', environment.configFile]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ];
}
