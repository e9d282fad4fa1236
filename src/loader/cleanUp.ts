import type { Connection } from '../hosts/connection';
import { execText } from '../hosts/shell';
import { Problem } from '../problem';
import { folders, OWN, ownFunction } from './folders';

/**
 * Removes what was ever uploaded, and the folders when nothing else is in them. A folder of the account that others can
 * change is told as kept: they could have put something else in its place.
 */
const script = `
${ownFunction}
u=$(id -u)
for d in ${folders}; do
  o=$d; d=$(own "$d" mend); s=$?
  [ $s != ${OWN.open} ] || { echo "kept $o"; echo 'other accounts can change it or a folder above' >&2; }
  [ $s = 0 ] || continue
  for f in "$d"/rpstrace-* "$d"/btf-* "$d"/upload.* "$d"/try.*; do
    [ -e "$f" ] || continue
    if rm -f "$f"; then echo "removed $f"; else echo "kept $f"; fi
  done
  rmdir "$d" 2>/dev/null && echo "removed $d"
done
echo finished`;

/**
 * Removes everything that was uploaded from a host: what is in the loader's folders. Returns the removed paths.
 * @throws Problem HOST_ANSWER when the host could not do it, CONNECTION_LOST; Cancelled
 */
export async function cleanUp(connection: Connection, signal: AbortSignal): Promise<string[]> {
  const { stdout, stderr } = await execText(connection, 'sh -s', { input: script, signal });
  const lines = stdout.split('\n');
  const [kept] = lines.flatMap((line) => /^kept (\/.*)$/.exec(line)?.[1] ?? []);
  if (kept !== undefined || !lines.includes('finished')) {
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new Problem(
      'HOST_ANSWER',
      `${connection.label} could not remove ${kept ?? 'what was uploaded'}${said === '' ? '.' : `: ${said}`}`,
      'Remove it by hand, as the account that traced.',
    );
  }
  return lines.flatMap((line) => /^removed (\/.*)$/.exec(line)?.[1] ?? []);
}
