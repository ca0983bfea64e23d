import { layoutOf } from './layout.ts';
import { element } from './markup.ts';
import type { Network } from './network.ts';
import { description, pictureContent } from './svg.ts';
import { paletteFor, pictureStyle } from './svg-style.ts';
import { overlayWords } from './words.ts';

const margin = 24;
const lineHeight = 22;
/** A title and the overlays must fit. */
const leastWidth = 420;

/**
 * The topology alone as an SVG file, light or dark by its viewer's choice. Self-contained, without scripts.
 */
export function svgFile(network: Network, title: string): string {
  const layout = layoutOf(network);
  const header = margin + 30 + network.overlays.length * lineHeight;
  const width = Math.max(leastWidth, layout.width + 2 * margin);
  const height = header + layout.height + margin;
  const lines = network.overlays.map((overlay, i) => {
    const y = margin + 36 + i * lineHeight;
    return element(
      'g',
      { class: `link o${i % 6}` },
      element('path', { d: `M${margin} ${y - 4}h26` }),
      element(
        'text',
        { class: 'legend', x: margin + 36, y },
        element('tspan', { class: 'strong' }, overlay.name),
        `: ${overlayWords(overlay)}`,
      ),
    );
  });
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'network',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    element('title', { id: 'title' }, title),
    element('desc', { id: 'desc' }, description(network)),
    { markup: `<style>${paletteFor('.network')}\n${pictureStyle}\n${ownStyle}</style>` },
    element('rect', { class: 'ground', width, height }),
    element('text', { class: 'heading', x: margin, y: margin + 10 }, title),
    lines,
    element(
      'g',
      { transform: `translate(${(width - layout.width) / 2} ${header})` },
      pictureContent(network, layout, { when: 'after', byOverlay: true }),
    ),
  );
  return `${svg.markup}\n`;
}

const ownStyle =
  '.network .ground{fill:var(--ground)}.network .heading{font-size:17px;font-weight:600}.network .link .legend{font-size:13px;font-weight:400;text-anchor:start;fill:var(--soft)}.network .strong{font-weight:600;fill:var(--ink)}';
