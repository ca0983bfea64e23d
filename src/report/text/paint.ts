import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Puts a style on text, or leaves it as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  // Whether to use colours was decided before; the stream must not be asked again.
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}
