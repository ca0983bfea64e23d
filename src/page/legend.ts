import { element, type Markup } from '../drawing/markup.ts';
import type { Network } from '../drawing/network.ts';
import { hostSigns, hostWords, linkSigns, linkWords, overlayWords } from '../drawing/words.ts';

/** A key to the states that occur in this picture. */
export function legend({ hosts, links }: Network): Markup {
  const found = new Set(links.flatMap(({ states }) => states));
  const states = (['create', 'update', 'delete', 'unchanged', 'unknown'] as const).filter((s) =>
    found.has(s),
  );
  const hostStates = [...new Set(hosts.map(({ state }) => state))];
  return element(
    'ul',
    { class: 'legend', 'aria-label': 'Legend' },
    states.map((state) =>
      element(
        'li',
        {},
        line(state),
        element('b', { class: state }, linkSigns[state]),
        ` tunnel ${linkWords[state]}`,
      ),
    ),
    hostStates.map((state) =>
      element('li', {}, element('b', { class: `badge ${state}` }, hostSigns[state]), ` ${hostWords[state]}`),
    ),
  );
}

/** The overlays, with their colours if links are drawn in them. */
export function overlayList({ overlays }: Network, colored: boolean): Markup {
  return element(
    'ul',
    { class: 'overlays', 'aria-label': 'Overlays' },
    overlays.map((overlay, i) =>
      element(
        'li',
        {},
        colored ? line(`o${i % 6}`) : undefined,
        element('strong', {}, overlay.name),
        ` ${overlayWords(overlay)}`,
      ),
    ),
  );
}

function line(state: string): Markup {
  return element(
    'svg',
    { class: 'network sample', width: 30, height: 10, viewBox: '0 0 30 10', 'aria-hidden': 'true' },
    element('g', { class: `link ${state}` }, element('path', { d: 'M2 5h26' })),
  );
}
