import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { bootGuest } from './guest';
import { kernelNames } from './kernels';

/** `npx tsx test/guest/shell.ts [kernel] [-- command]`: boots a guest until Ctrl-C, or runs one command in it. */
async function main(): Promise<number> {
  const separator = process.argv.indexOf('--');
  const command = separator === -1 ? undefined : process.argv.slice(separator + 1).join(' ');
  const named = process.argv.slice(2, separator === -1 ? undefined : separator)[0] ?? '6.12';
  const kernel = kernelNames.find((name) => name === named);
  if (kernel === undefined) throw new Error(`${named} is none of the kernels ${kernelNames.join(', ')}`);

  await using guest = await bootGuest({ kernel });
  const login = [
    ...['-p', String(guest.port), '-i', guest.privateKeyPath, '-o', 'StrictHostKeyChecking=no'],
    ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', `root@${guest.host}`],
  ];
  if (command !== undefined) {
    const ssh = spawn('ssh', [...login, command], { stdio: 'inherit' });
    const [code] = (await once(ssh, 'close')) as [number | null];
    return code ?? 1;
  }
  console.log(`QEMU is process ${guest.pid}, the console is in ${guest.consolePath}`);
  console.log(`ssh ${login.join(' ')}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  return 0;
}

process.exitCode = await main();
