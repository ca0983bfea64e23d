import { escapeControl } from '../diagnostics/escape.ts';
import type { Network } from './network.ts';
import { overlayWords } from './words.ts';

/** Mermaid's limit. Only the site's configuration can raise it, GitHub doesn't, and a diagram can't. */
const mostLinks = 500;
const mostCharacters = 50_000;

/** Why Mermaid would show an error instead of this diagram; undefined if it draws it. */
export function tooMuchForMermaid(network: Network, text: string): string | undefined {
  const { length: links } = network.links;
  if (links > mostLinks) return `${links} links, and it takes ${mostLinks} (maxEdges)`;
  if (text.length > mostCharacters)
    return `${text.length} characters, and it takes ${mostCharacters} (maxTextSize)`;
  return undefined;
}

/** The topology as a Mermaid flowchart, which GitHub draws in comments and documents. */
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
    ...outside(network),
    ...network.links.map(({ a, b, overlay }) =>
      several ? `  h${a} ---|"${entities(overlay)}"| h${b}` : `  h${a} --- h${b}`,
    ),
    '',
  ].join('\n');
}

/** Hosts that weren't selected have dashed frames, as in the other forms. */
function outside({ hosts }: Network): string[] {
  const ids = hosts.flatMap(({ state }, i) => (state === 'outside' ? [`h${i}`] : []));
  if (ids.length === 0) return [];
  return ['  classDef outside stroke-dasharray: 6 4', `  class ${ids.join(',')} outside`];
}

/**
 * Inside quotes Mermaid reads numeric entities without the ampersand; these characters are its Markdown and
 * HTML.
 */
function entities(text: string): string {
  return escapeControl(text).replace(/[^\p{L}\p{N} .:,/_-]/gu, (char) => `#${char.codePointAt(0)};`);
}

/** Braces in a comment might be read as a directive. */
function comment(text: string): string {
  return escapeControl(text).replace(/[{}%]/g, ' ');
}
