import { escapeControl } from '../diagnostics/escape.ts';

/** Finished XML or HTML. What isn't made by the functions here is a plain string, and is escaped. */
export interface Markup {
  readonly markup: string;
}

type Content = Markup | string | number | undefined;
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Text as XML and HTML take it, in content and in quoted attributes. Control characters become visible. */
export function escapeMarkup(text: string): string {
  return escapeControl(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** An element; attributes and content that are undefined are left out. Tags and attributes' names are ours. */
export function element(
  tag: string,
  attributes: Attributes,
  ...content: readonly (Content | readonly Content[])[]
): Markup {
  const named = Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeMarkup(String(value))}"`))
    .join('');
  const inside = content.flat().map(markupOf).join('');
  return {
    markup:
      inside === '' && selfClosing.has(tag) ? `<${tag}${named}/>` : `<${tag}${named}>${inside}</${tag}>`,
  };
}

/** Shapes of SVG, which hold nothing. HTML has no such form, and knows it for SVG's elements alone. */
const selfClosing = new Set(['circle', 'line', 'path', 'rect', 'use']);

function markupOf(content: Content): string {
  if (content === undefined) return '';
  return typeof content === 'object' ? content.markup : escapeMarkup(String(content));
}
