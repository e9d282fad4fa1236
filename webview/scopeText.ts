import type { Scope } from '../shared/scope';
import { words } from './words';

/** What is counted, in one line; empty when it is everything. */
export function scopeText({ filter, interfaces, netns }: Scope): string {
  const parts = [
    filter,
    interfaces.length === 0 ? '' : words.onInterfaces(interfaces.join(', ')),
    netns === '' ? '' : words.inNamespace(netns),
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
