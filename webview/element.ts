/** Makes an element. Text goes in as text nodes, so what a host sends can never become markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

/** Sets the text of a node where it differs: an unchanged text costs no layout and is not read out again. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
