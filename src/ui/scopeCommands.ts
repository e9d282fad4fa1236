import * as vscode from 'vscode';
import type { Scope } from '../../shared/scope';
import type { Trace } from '../trace/trace';
import type { CommandContext } from './commands';
import { askInterfaces, askNamespace } from './devicePick';
import { askFilter } from './filterInput';
import { pickHost } from './hostPick';
import { withProgress } from './progress';

/** Sets the filter of the host in front, which a person is asked for unless it is given. */
export function setFilter(given: unknown, context: CommandContext): Promise<void> {
  return change(context, async (trace) => {
    const { recentFilters } = context.scopes;
    const filter = typeof given === 'string' ? given.trim() : await askFilter(trace, recentFilters);
    return filter === undefined ? undefined : { filter };
  });
}

/** Sets the interfaces that are told on the host in front. */
export function setInterfaces(context: CommandContext): Promise<void> {
  return change(context, async (trace) => {
    const interfaces = await askInterfaces(trace);
    return interfaces && { interfaces };
  });
}

/** Sets the network namespace whose interfaces are told on the host in front. */
export function setNamespace(context: CommandContext): Promise<void> {
  return change(context, async (trace) => {
    const netns = await askNamespace(trace);
    return netns === undefined ? undefined : { netns };
  });
}

/** Changes a part of what is counted; a trace that runs starts again with it. Undefined: the person gave up. */
async function change(
  { traces, memory, scopes, log }: CommandContext,
  ask: (trace: Trace) => Promise<Partial<Scope> | undefined>,
): Promise<void> {
  let trace = traces.front;
  if (!trace) {
    const target = await pickHost(memory, log, vscode.l10n.t('Choose what is counted on which host?'));
    if (!target) return;
    trace = traces.show(target);
  }
  const chosen = trace;
  const part = await ask(chosen);
  if (!part) return;
  await scopes.change(chosen.target, part);
  await withProgress(chosen, (signal) => chosen.rescope(signal));
}
