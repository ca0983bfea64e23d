type Child = Node | string | undefined;

/** An element with text and child elements; text is never parsed as HTML. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  for (const child of children.flat()) {
    if (typeof child === 'string') made.append(...breakable(child));
    else if (child !== undefined) made.append(child);
  }
  return made;
}

/** Long words may break after punctuation. Copied text is unchanged. */
function breakable(text: string): (Node | string)[] {
  if (!/\S{16}/.test(text)) return [text];
  return text
    .split(/(?<=[\w)}\]][/:,=@|])(?=\S)/)
    .flatMap((part, i) => (i === 0 ? [part] : [document.createElement('wbr'), part]));
}

/** An element that the page is known to contain. */
export function byId<T extends HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

export function all<T extends Element>(selector: string): T[] {
  return [...document.querySelectorAll<T>(selector)];
}
