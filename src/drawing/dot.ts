import { escapeControl } from '../diagnostics/escape.ts';
import { layoutOf, type Place } from './layout.ts';
import type { Network } from './network.ts';
import { overlayWords } from './words.ts';

const colors = ['#0969da', '#1a7f37', '#8250df', '#bc4c00', '#bf3989', '#1b7c83'];

/**
 * The topology for Graphviz with fixed positions: `dot -Tsvg` draws it like our own SVG. Host names appear
 * only in labels; ids are ours.
 */
export function dotFile(network: Network, title: string): string {
  const layout = layoutOf(network);
  const overlays = network.overlays.map((overlay) => `${overlay.name}: ${overlayWords(overlay)}`);
  const hosts = network.hosts.map((host, i) => {
    const { x, y } = layout.places[i] as Place;
    const lines = [host.name, host.underlayAddress, ...host.memberships.map((m) => m.bridgeAddress)];
    // Graphviz's y axis points up.
    const position = `${round(x * 0.75)},${round((layout.height - y) * 0.75)}!`;
    const style = host.state === 'outside' ? ', style="rounded,dashed"' : '';
    return `  h${i} [label=${label(lines.flatMap((line) => line ?? []))}, pos="${position}"${style}];`;
  });
  const color = new Map(network.overlays.map(({ name }, i) => [name, colors[i % colors.length]]));
  const links = network.links.map(
    ({ a, b, overlay }) => `  h${a} -- h${b} [color="${color.get(overlay)}", tooltip=${label([overlay])}];`,
  );
  return [
    'graph {',
    // With inputscale=72, positions are in points.
    `  graph [layout=neato, inputscale=72, splines=line, label=${label([title, ...overlays])}, labelloc=t, fontname="sans-serif"];`,
    '  node [shape=box, style=rounded, fontname="sans-serif", fontsize=11];',
    ...hosts,
    ...links,
    '}',
    '',
  ].join('\n');
}

/** Graphviz expands backslashes in labels, such as `\N`, and HTML entities. */
function label(lines: readonly string[]): string {
  const text = lines.map((line) => escapeControl(line).replaceAll('&', '&amp;').replace(/["\\]/g, '\\$&'));
  return `"${text.join('\\n')}"`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
