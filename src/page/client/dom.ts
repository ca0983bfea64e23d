type Child = Node | string | undefined;

/** An element with text and other elements in it; text is never read as HTML. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.flat().filter((child) => child !== undefined));
  return made;
}

/** An element that the page is known to have. */
export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export function all<T extends Element>(selector: string): T[] {
  return [...document.querySelectorAll<T>(selector)];
}
