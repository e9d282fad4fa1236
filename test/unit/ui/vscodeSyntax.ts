/** Links that VS Code makes of a text: src/vs/base/common/linkedText.ts, `LINK_REGEX`. */
export function links(text: string): string[] {
  const syntax = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
  return text.match(syntax) ?? [];
}

/** Icons that VS Code makes of a text, escaped or not: src/vs/base/common/iconLabels.ts, `labelWithIconsRegex`. */
export function icons(text: string): string[] {
  return text.match(/\$\([a-z0-9-]+(~[a-z]+)?\)/gi) ?? [];
}
