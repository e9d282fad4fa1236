import type { BuildOptions, Message } from 'esbuild';

export const extensionBundle: BuildOptions;
export const webviewBundle: BuildOptions;
export const forDevelopment: BuildOptions;
export function lineOf(message: Pick<Message, 'location' | 'text'>, severity: 'error' | 'warning'): string;
