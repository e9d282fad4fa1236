import type * as vscode from 'vscode';
import { targetText, type Target } from '../hosts/target';
import type { Scope } from '../../shared/scope';

const SCOPES_KEY = 'scopes';
const RECENT_KEY = 'recentFilters';
const RECENT_MOST = 10;

/** What is counted on each host: what was set for it in this window's workspace, and the settings for the rest. */
export class Scopes {
  constructor(
    private readonly workspace: vscode.Memento,
    private readonly everywhere: vscode.Memento,
    private readonly settings: () => vscode.WorkspaceConfiguration,
  ) {}

  of(target: Target): Scope {
    const settings = this.settings();
    return {
      filter: text(settings.get('filter')) ?? '',
      interfaces: texts(settings.get('interfaces')) ?? [],
      netns: text(settings.get('netns')) ?? '',
      ...this.#set(target),
    };
  }

  /** Sets parts of a host's scope; what is missing stays as it is. */
  async change(target: Target, part: Partial<Scope>): Promise<void> {
    const all = fields(this.workspace.get(SCOPES_KEY));
    await this.workspace.update(SCOPES_KEY, {
      ...all,
      [targetText(target)]: { ...this.#set(target), ...part },
    });
    const { filter = '' } = part;
    if (filter === '') return;
    const others = this.recentFilters.filter((other) => other !== filter);
    await this.everywhere.update(RECENT_KEY, [filter, ...others].slice(0, RECENT_MOST));
  }

  /** Filters that were set before, in any window, latest first. */
  get recentFilters(): string[] {
    return texts(this.everywhere.get(RECENT_KEY)) ?? [];
  }

  #set(target: Target): Partial<Scope> {
    const { filter, interfaces, netns } = fields(fields(this.workspace.get(SCOPES_KEY))[targetText(target)]);
    const set = { filter: text(filter), interfaces: texts(interfaces), netns: text(netns) };
    return {
      ...(set.filter !== undefined && { filter: set.filter }),
      ...(set.interfaces && { interfaces: set.interfaces }),
      ...(set.netns !== undefined && { netns: set.netns }),
    };
  }
}

// What is stored, and what stands in the settings, may be anything.
const text = (value: unknown) => (typeof value === 'string' ? value.trim() : undefined);
const texts = (value: unknown) =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : undefined;
const fields = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
