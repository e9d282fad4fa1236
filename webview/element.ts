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

/** Hides an element or shows it, where that is another state: hidden once more, it would be styled anew. */
export function hide(node: HTMLElement, hidden: boolean): void {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/**
 * Sets the text of a node where it differs: an unchanged text costs no layout and is not read out again. A node that has a
 * text keeps it and changes what it says: another one in its place would have to be styled and put there anew.
 */
export function setText(node: Node, text: string): void {
  const { firstChild, lastChild } = node;
  if (!(firstChild instanceof Text) || firstChild !== lastChild) {
    if (node.textContent !== text) node.textContent = text;
  } else if (firstChild.data !== text) firstChild.data = text;
}
