import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Styles text, or returns it unchanged if there are no colours. */
export type Paint = (style: Style, text: string) => string;

export function painter(color: boolean): Paint {
  if (!color) return (_, text) => text;
  // Whether to use colours is already decided, so the stream isn't asked again.
  return (style, text) => (text === '' ? '' : styleText(style, text, { validateStream: false }));
}
