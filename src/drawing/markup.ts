import { escapeControl } from '../diagnostics/escape.ts';

/** Finished XML or HTML. Plain strings are not markup, and are escaped. */
export interface Markup {
  readonly markup: string;
}

type Content = Markup | string | number | undefined;
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Text escaped for XML and HTML, in content and in quoted attributes. Control characters become visible. */
export function escapeMarkup(text: string): string {
  return escapeControl(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** An element; undefined attributes and content are left out. Tag and attribute names are ours. */
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

/** Empty SVG shapes. HTML allows this form only inside SVG. */
const selfClosing = new Set(['circle', 'line', 'path', 'rect', 'use']);

function markupOf(content: Content): string {
  if (content === undefined) return '';
  return typeof content === 'object' ? content.markup : escapeMarkup(String(content));
}
