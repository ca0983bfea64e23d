import { createHash } from 'node:crypto';
import { layoutOf } from '../drawing/layout.ts';
import { element, escapeMarkup, type Markup } from '../drawing/markup.ts';
import type { Network } from '../drawing/network.ts';
import { picture } from '../drawing/svg.ts';
import { paletteFor, pictureStyle } from '../drawing/svg-style.ts';
import type { PlanReport } from '../report/plan/plan-report.ts';
import { type PageData, pageData } from './data.ts';
import { legend, overlayList } from './legend.ts';
import { overview } from './overview.ts';
import { hostList, summary } from './parts.ts';

/** The page's script and style, built from `client/`. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * One self-contained page: the network, before and after if there is a plan, and each host's plan. Its policy lets it
 * load nothing and run nothing but its own script.
 */
export function pageHtml(
  title: string,
  network: Network,
  report: PlanReport | undefined,
  { script, style }: PageAssets,
): string {
  const layout = layoutOf(network);
  const places = layout.places.map(({ x, y }) => [x, y] as const);
  const data = pageData(network, places, report ?? { hosts: [], unreachable: new Map() });
  const styles = `${paletteFor(':root')}\n${pictureStyle}\n${style}`;
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(styles)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const times = report === undefined ? (['after'] as const) : (['before', 'after'] as const);
  const pictures = times.map((when) =>
    picture(network, layout, {
      id: when,
      title: `${title}${report === undefined ? '' : `, ${when} the run`}`,
      when,
      byOverlay: report === undefined,
    }),
  );
  const body = element(
    'body',
    {},
    element('a', { class: 'skip', href: '#hosts' }, 'Skip to the hosts'),
    summary(title, network, report),
    element(
      'main',
      {},
      element(
        'section',
        { id: 'picture', 'aria-label': 'Network' },
        report === undefined ? undefined : toggle(),
        element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Drawing' }, pictures),
        overlayList(network, report === undefined),
        report === undefined ? undefined : legend(network),
      ),
      hostList(data),
      element(
        'section',
        { id: 'detail', 'aria-label': 'Plan', tabindex: -1 },
        element('p', { class: 'hint' }, 'Select a host in the drawing or in the list to see its plan.'),
        report === undefined ? undefined : overview(report),
      ),
    ),
    element('noscript', {}, element('p', {}, "Scripts are off: the hosts' plans can't be shown.")),
    { markup: `<script type="application/json" id="data">${scriptSafe(data)}</script>` },
    { markup: `<script>${script}</script>` },
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeMarkup(title)}</title>
<style>${styles}</style>
</head>
${body.markup}
</html>
`;
}

function toggle(): Markup {
  const button = (when: string, text: string, pressed: boolean) =>
    element('button', { type: 'button', 'data-when': when, 'aria-pressed': String(pressed) }, text);
  return element(
    'div',
    { class: 'toggle', role: 'group', 'aria-label': 'When' },
    button('before', 'Before', false),
    button('after', 'After', true),
  );
}

/** No text in it can close the script element or open a comment. */
function scriptSafe(data: PageData): string {
  return JSON.stringify(data).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
