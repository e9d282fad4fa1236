const words = [
  '"${XDG_CACHE_HOME:-$HOME/.cache}/rps-trace"',
  '"/var/tmp/rps-trace-$u"',
  '"/tmp/rps-trace-$u"',
  '"/dev/shm/rps-trace-$u"',
];

/**
 * Folders on the host that may hold the loader, best first, as shell words; `u` is the account's number. The last ones
 * are for a home that is read-only, noexec, full or absent, or where root cannot run programs.
 */
export const folders = words.join(' ');
/** How many they are. */
export const FOLDERS = words.length;

/** As the first word of `ls -l`: a folder that only its owner reads, writes and passes. chmod leaves the s of a set-group-ID parent. */
const CLOSED = 'drwx--[-S]--[-T]*';
/** As there: a folder where only its owner makes, renames and removes things; or each owner its own things, by the sticky bit. */
const UNTOUCHED = 'd????-??-*|d????????[tT]*';

/** Exit statuses of `own`. */
export const OWN = { missing: 1, foreign: 2, open: 3 } as const;

/**
 * Shell function `own FOLDER [mend]`: prints the path of the folder without symbolic links, if no other account but root
 * can change what lies there or what the path leads to, now or later. Everything that is done by that path is safe from
 * other accounts, so nothing has to be held open from its check to its use.
 *
 * test(1) follows symbolic links, and another account may change one between two tests. The shell therefore enters the
 * folder, and looks at where it is: the path of that must be the one that was asked for, and it must belong to the account and
 * be closed. Every folder above must belong to root or the account, and be one where others rename nothing of theirs;
 * what lies below a folder that is closed to others is out of their reach.
 *
 * Status 1: not there. 2: it belongs to another account, or is a symbolic link. 3: others can change it or a folder
 * above. With `mend`, one that others can only read is closed first.
 */
export const ownFunction = [
  `own() { ( case $1 in /*) ;; *) exit ${OWN.missing};; esac`,
  `n=\${1##*/}; cd -P "\${1%/*}/" || exit ${OWN.missing}; w=$(pwd -P)`,
  `[ -d "./$n" ] || [ -L "./$n" ] || exit ${OWN.missing}`,
  `cd -P "./$n" && q=$(pwd -P) && [ "$q" = "\${w%/}/$n" ] && [ -O . ] || exit ${OWN.foreign}`,
  // What ls prints of a name with a line break would pass for another folder, one that is closed.
  `b=$(printf '\\nx'); b=\${b%x}; case $q in *"$b"*) exit ${OWN.open};; esac`,
  `m=$2; set -- $(ls -ldn .)`,
  `case $m,$1 in mend,d????-??-*) chmod 700 . && set -- $(ls -ldn .);; esac`,
  `case $1 in ${CLOSED}) ;; *) exit ${OWN.open};; esac`,
  // In the order of C an upper folder comes before a lower one.
  `o=$3; p=$w; set --; while [ -n "$p" ]; do set -- "$@" "$p"; p=\${p%/*}; done`,
  `l=$(LC_ALL=C ls -ldn / "$@") || exit ${OWN.open}`,
  `printf '%s\\n' "$l" | ( while read -r m z g z; do ` +
    `case $g in 0|$o) ;; *) exit ${OWN.open};; esac; ` +
    `case $m in ${CLOSED}) [ "$g" != "$o" ] || exit 0;; ${UNTOUCHED}) ;; *) exit ${OWN.open};; esac; ` +
    `done ) || exit ${OWN.open}`,
  `printf '%s\\n' "$q" ) 2>/dev/null; }`,
].join('; ');

/** The folder of a file on a host. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
