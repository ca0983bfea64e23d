import { escapeControl } from '../diagnostics/escape.ts';
import type { Network } from './network.ts';
import { overlayWords } from './words.ts';

/** Mermaid draws no more links unless its site is configured so; a diagram can't raise that. */
export const mostMermaidLinks = 500;

/** The topology as a flowchart of Mermaid, which GitHub draws in comments and documents. */
export function mermaidFile(network: Network, title: string): string {
  const several = network.overlays.length > 1;
  return [
    '---',
    `title: ${JSON.stringify(escapeControl(title))}`,
    '---',
    'flowchart LR',
    ...network.overlays.map((overlay) => `  %% ${comment(`${overlay.name}: ${overlayWords(overlay)}`)}`),
    ...network.hosts.map((host, i) => {
      const lines = [host.name, host.underlayAddress, ...host.memberships.map((m) => m.bridgeAddress)];
      return `  h${i}["${lines.flatMap((line) => (line === undefined ? [] : [entities(line)])).join('<br/>')}"]`;
    }),
    ...network.links.map(({ a, b, overlay }) =>
      several ? `  h${a} ---|"${entities(overlay)}"| h${b}` : `  h${a} --- h${b}`,
    ),
    '',
  ].join('\n');
}

/** In quotes Mermaid reads entities by number, without the ampersand; its Markdown and HTML are written with these characters. */
function entities(text: string): string {
  return escapeControl(text).replace(/[^\p{L}\p{N} .:,/_-]/gu, (char) => `#${char.codePointAt(0)};`);
}

/** Braces in a comment could be read as a directive. */
function comment(text: string): string {
  return escapeControl(text).replace(/[{}%]/g, ' ');
}
