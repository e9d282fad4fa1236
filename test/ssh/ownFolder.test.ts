import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { runAsRoot } from '../../scripts/run';
import { quote } from '../../src/hosts/shell';
import { OWN, ownFunction } from '../../src/loader/folders';
import { makeAccount, type Account } from './account';

let account: Account;
let other: Account;
/** A folder of root, below which each test makes what it needs. */
let root: string;

beforeAll(async () => {
  await ensurePackages(['bash', 'dash', 'busybox-static', 'mksh', 'zsh']);
  account = await makeAccount();
  other = await makeAccount();
  root = await mkdtemp(join(tmpdir(), 'rps-own-'));
  await runAsRoot('chmod', ['755', root]);
});
afterAll(async () => {
  await runAsRoot('rm', ['-rf', root]);
  await account.remove();
  await other.remove();
});

const sh = (script: string) => runAsRoot('sh', ['-ec', script]);

describe.each(['dash', 'bash', 'busybox sh', 'mksh', 'zsh --emulate sh'])('own, read by %s,', (shell) => {
  /** What it says of a folder below `root` that the script has made; `$a` is the account, `$b` another one. */
  async function own(make: string, path: string, how = ''): Promise<{ status: number; said: string }> {
    await sh(`rm -rf ${root}/*; cd ${root}; a=${account.name}; b=${other.name}; umask 022; ${make}`);
    const script = `${ownFunction}; r=$(own "$1" $2); echo "$? $r"`;
    const [status = '', ...said] = (
      await sh(
        `setpriv --reuid=${account.name} --regid=${account.name} --init-groups ` +
          `${shell} -c ${[script, 'sh', path, how].map(quote).join(' ')}`,
      )
    )
      .trim()
      .split(' ');
    return { status: Number(status), said: said.join(' ') };
  }
  const mine = 'install -d -m 700 -o $a';
  /** The second line of the name is what ls prints of a closed folder of the account. */
  const imitation =
    `d="y\ndrwx------ 2 $(id -u $a) "; install -d -o $a "$d"; install -d -m 777 -o $b "$d/f"; ` +
    `${mine} "$d/f/x"; ln -s "$d/f" z`;

  it('tells the path of a folder that nobody else can change', async () => {
    expect(await own(`${mine} 'it is'`, `${root}/it is`)).toEqual({ status: 0, said: `${root}/it is` });
    expect(await own(`install -d -m 1777 all; ${mine} all/x`, `${root}/all/x`)).toMatchObject({ status: 0 });
    expect(await own(`install -d -g $a -m 2755 all; ${mine} all/x`, `${root}/all/x`)).toMatchObject({
      status: 0,
    });
    const below = `${mine} closed; install -d -m 777 closed/all; ${mine} closed/all/x`;
    expect(await own(below, `${root}/closed/all/x`)).toMatchObject({ status: 0 });
  });

  it('tells the path without the links that lead there', async () => {
    const said = { status: 0, said: `${root}/real/x` };
    expect(await own(`mkdir real; ${mine} real/x; ln -s real link`, `${root}/link/x`)).toEqual(said);
  });

  it.each([
    ['is not there', 'true', 'x', OWN.missing],
    ['is below what is not there', 'true', 'y/x', OWN.missing],
    ['is a link', `${mine} real; ln -s real x`, 'x', OWN.foreign],
    ['is a link to nothing', 'ln -s real x', 'x', OWN.foreign],
    ['is a file', 'install -m 700 -o $a /dev/null x', 'x', OWN.missing],
    ['belongs to another account', 'install -d -m 755 -o $b x', 'x', OWN.foreign],
    ['belongs to root', 'install -d -m 777 x', 'x', OWN.foreign],
    ['others may read', 'install -d -m 755 -o $a x', 'x', OWN.open],
    ['others may write to', 'install -d -m 777 -o $a x', 'x', OWN.open],
    ['is below one that others may write to', `install -d -m 777 y; ${mine} y/x`, 'y/x', OWN.open],
    ['is below one that a group may write to', `install -d -m 775 -g $b y; ${mine} y/x`, 'y/x', OWN.open],
    ['is below one of another account', `install -d -m 755 -o $b y; ${mine} y/x`, 'y/x', OWN.open],
    ['is far below one of another account', `install -d -o $b y; ${mine} y/z y/z/x`, 'y/z/x', OWN.open],
    ['is below a link into such a one', `install -d -m 777 y; ${mine} y/x; ln -s y z`, 'z/x', OWN.open],
    ['is below a name that imitates a closed folder', imitation, 'z/x', OWN.open],
  ])('refuses a folder that %s', async (_what, make, path, status) => {
    expect(await own(make, join(root, path))).toEqual({ status, said: '' });
  });

  it('refuses a path that does not begin at the root', async () => {
    expect(await own('true', 'x')).toEqual({ status: OWN.missing, said: '' });
  });

  it('closes a folder that others can only read, when it is to', async () => {
    expect(await own('install -d -m 755 -o $a x', `${root}/x`, 'mend')).toEqual({
      status: 0,
      said: `${root}/x`,
    });
    expect(await sh(`stat -c %a ${root}/x`)).toBe('700\n');
    expect(await own('install -d -m 777 -o $a x', `${root}/x`, 'mend')).toEqual({
      status: OWN.open,
      said: '',
    });
    expect(await sh(`stat -c %a ${root}/x`)).toBe('777\n');
  });
});
