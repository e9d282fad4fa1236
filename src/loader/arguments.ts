import { quote } from '../hosts/shell';
import { Problem } from '../problem';
import type { Scope } from '../../shared/scope';

/** Most names that `--interface` takes: CHOICE_INTERFACES in bpf/tracer/device_selection.h. */
const MOST_INTERFACES = 64;

/**
 * The loader's options for a scope, each a word for the shell of the host, none of them read by it.
 * @throws Problem SCOPE_INVALID for names that no interface and no namespace can have.
 */
export function scopeArguments({ filter, interfaces, netns }: Scope): string[] {
  const wrong = interfaces.find((name) => !isInterfaceName(name));
  if (wrong !== undefined) {
    throw invalid(
      `${JSON.stringify(wrong)} is no name of an interface.`,
      'It has 1 to 15 characters, without "/" and white space.',
    );
  }
  if (interfaces.length > MOST_INTERFACES) {
    const message = `${interfaces.length} interfaces are chosen; a trace can be limited to ${MOST_INTERFACES}.`;
    throw invalid(message, 'Choose fewer, or none for all of them.');
  }
  if (CONTROL.test(netns)) {
    const message = `${JSON.stringify(netns)} is no name of a network namespace.`;
    throw invalid(message, 'Take a name as ip netns lists it, or the number of its inode.');
  }
  return [
    ...(filter === '' ? [] : [filterArgument(filter)]),
    ...interfaces.map((name) => quote(`--interface=${name}`)),
    ...(netns === '' ? [] : [quote(`--netns=${netns}`)]),
  ];
}

/** `--filter` as a word for the shell. To libpcap a new line is a space, and csh takes only that in a word; no program takes NUL. */
export function filterArgument(filter: string): string {
  return quote(`--filter=${filter.replace(/[\0\t\n\r]/g, ' ')}`);
}

/** As dev_valid_name() in the kernel's net/core/dev.c has it, without control characters, which not every shell takes. */
const isInterfaceName = (name: string) =>
  Buffer.byteLength(name) <= 15 && /^[^\s/:]+$/.test(name) && !CONTROL.test(name) && !/^\.\.?$/.test(name);

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u001f\u007f]/;

const invalid = (message: string, hint: string) => new Problem('SCOPE_INVALID', message, hint);
