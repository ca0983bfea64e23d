import type { LinkState } from './ends.ts';
import { type Stroke, signPlaces, strokesOf } from './geometry.ts';
import { type Layout, mostMemberships, type Place } from './layout.ts';
import { element, type Markup } from './markup.ts';
import type { Network, NetworkHost } from './network.ts';
import { hostSigns, hostWords, linkSigns, linkWords } from './words.ts';

export interface PictureOptions {
  readonly when: 'before' | 'after';
  /** One colour for each overlay, if there is no plan with states to show. */
  readonly byOverlay: boolean;
}

/** Above this number, all links of a state are one path, thin and translucent, without titles. */
const mostSingle = 300;
const mostSigns = 40;
const signRadius = 9;

/** The network as an SVG element without its style, `pictureStyle`. The id is unique in the document. */
export function picture(
  network: Network,
  layout: Layout,
  { id, title, ...options }: PictureOptions & { readonly id: string; readonly title: string },
): Markup {
  const { width, height } = layout;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'network',
      'data-when': options.when,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-labelledby': `${id}-title ${id}-desc`,
    },
    element('title', { id: `${id}-title` }, title),
    element('desc', { id: `${id}-desc` }, description(network)),
    pictureContent(network, layout, options),
  );
}

/** Everything in the picture, in the layout's coordinates. */
export function pictureContent(network: Network, layout: Layout, options: PictureOptions): Markup {
  return element(
    'g',
    {},
    linkGroup(network, strokesOf(network, layout, options.when), options),
    element(
      'g',
      { class: 'hosts' },
      network.hosts.map((host, i) => hostGroup(host, i, layout)),
    ),
  );
}

const order: readonly LinkState[] = ['unchanged', 'unknown', 'delete', 'update', 'create'];

/** The picture in words, for screen readers. */
export function description({ hosts, links, overlays }: Network): string {
  const names = overlays.map(({ name }) => name).join(', ');
  return `${hosts.length} hosts, ${links.length} tunnels${names === '' ? '' : `, overlays: ${names}`}`;
}

function linkGroup(network: Network, all: readonly Stroke[], { byOverlay }: PictureOptions): Markup {
  // Changed links are drawn over unchanged ones.
  const strokes = [...all].sort((x, y) => order.indexOf(x.state) - order.indexOf(y.state));
  const many = strokes.length > mostSingle;
  const hue = new Map(network.overlays.map(({ name }, i) => [name, i % hues]));
  const classOf = ({ link, state }: Stroke) => (byOverlay ? `o${hue.get(link.overlay)}` : state);
  const name = (i: number) => network.hosts[i]?.name ?? '';
  const signs = byOverlay || strokes.length > mostSigns ? [] : signPlaces(strokes, 2 * signRadius + 2);
  if (!many) {
    return element(
      'g',
      { class: strokes.length > mostSigns ? 'links some' : 'links' },
      strokes.map((stroke) => {
        const { link, state, path } = stroke;
        const said = byOverlay ? link.overlay : `${link.overlay}: ${linkWords[state]}`;
        const title = element('title', {}, `${name(link.a)} – ${name(link.b)}, ${said}`);
        return element('g', { class: `link ${classOf(stroke)}` }, title, element('path', { d: path }));
      }),
      // No line crosses a sign.
      signs.map(({ x, y }, i) => {
        const stroke = strokes[i] as Stroke;
        return element(
          'g',
          { class: `link-sign ${classOf(stroke)}` },
          element('circle', { cx: round(x), cy: round(y), r: signRadius }),
          element('text', { x: round(x), y: round(y) + 5 }, linkSigns[stroke.state]),
        );
      }),
    );
  }
  const groups = groupBy(strokes, classOf).map(([className, same]) =>
    element(
      'g',
      { class: `link ${className}`, 'stroke-opacity': faintness(same.length) },
      // Within one path, overlapping strokes don't add up: places where many meet wouldn't stand out.
      groupBy(same, ({ link }) => link.a).map(([, ofHost]) =>
        element('path', { d: ofHost.map(({ path }) => path).join('') }),
      ),
    ),
  );
  return element('g', { class: 'links many' }, groups);
}

/** Fainter with more strokes, so that a few changes stand out among thousands of unchanged links. */
function faintness(strokes: number): number {
  return Math.round(Math.min(0.9, Math.max(0.04, 9 / Math.sqrt(strokes))) * 100) / 100;
}

function groupBy<T, K>(items: readonly T[], key: (item: T) => K): [K, T[]][] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups];
}

/** The number of colours that are distinguishable. */
const hues = 6;

function hostGroup(host: NetworkHost, index: number, layout: Layout): Markup {
  const place = layout.places[index] as Place;
  const said = [host.name, hostWords[host.state], host.underlayAddress].filter(Boolean).join(', ');
  const attributes = {
    class: `host ${host.state}`,
    'data-host': index,
    transform: `translate(${place.x} ${place.y})`,
  };
  const body = layout.style === 'card' ? card(host, layout) : dot(host, place, layout);
  return element('g', attributes, element('title', {}, said), body);
}

function card(host: NetworkHost, { card: { width, height } }: Layout): Markup[] {
  const [left, top] = [-width / 2, -height / 2];
  const sign = hostSigns[host.state];
  const lines = host.memberships.slice(0, mostMemberships).flatMap(({ bridgeAddress, fixedCidr }) => [
    ['bridge', bridgeAddress],
    ['containers', fixedCidr],
  ]);
  return [
    element('rect', { class: 'body', x: left, y: top, width, height, rx: 10 }),
    element('text', { class: 'name', x: left + 14, y: top + 24 }, shorten(host.name, (width - 52) / 8)),
    element('text', { class: 'soft', x: left + 14, y: top + 42 }, host.underlayAddress ?? ''),
    ...lines.map(([what, value], i) =>
      element(
        'text',
        { class: 'soft', x: left + 14, y: top + 62 + i * 17 },
        element('tspan', { class: 'label' }, `${what} `),
        value,
      ),
    ),
    ...(sign === '' ? [] : badge(sign, -left - 20, top + 20)),
  ];
}

function dot(host: NetworkHost, place: Place, { style }: Layout): Markup[] {
  const sign = hostSigns[host.state];
  const mark = sign === '' ? [element('circle', { class: 'badge', r: 6 })] : badge(sign, 0, 0);
  if (!place.named) return mark;
  return [...mark, ...(style === 'around' ? [labelAround(host, place)] : labelFlat(host, place, style))];
}

function badge(sign: string, x: number, y: number): Markup[] {
  return [
    element('circle', { class: 'badge', cx: x, cy: y, r: 8 }),
    element('text', { class: 'sign', x, y: y + 4.5 }, sign),
  ];
}

/** The label follows the line from the middle, and is never upside down. */
function labelAround(host: NetworkHost, { angle }: Place): Markup {
  const flipped = Math.cos(angle) < -1e-6;
  const degrees = Math.round((angle * 180) / Math.PI) + (flipped ? 180 : 0);
  return element(
    'text',
    {
      class: 'name small',
      transform: `rotate(${degrees})`,
      x: flipped ? -13 : 13,
      y: 4,
      'text-anchor': flipped ? 'end' : 'start',
    },
    host.name,
  );
}

function labelFlat(host: NetworkHost, { angle }: Place, style: Layout['style']): Markup[] {
  if (style === 'below') {
    return [element('text', { class: 'name small', x: 0, y: 26, 'text-anchor': 'middle' }, host.name)];
  }
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const x = round(dx * 18);
  const y = round(dy * 26 - 2);
  const anchor = Math.abs(dx) < 0.2 ? 'middle' : dx > 0 ? 'start' : 'end';
  return [
    element('text', { class: 'name small', x, y, 'text-anchor': anchor }, host.name),
    element('text', { class: 'soft', x, y: y + 14, 'text-anchor': anchor }, host.underlayAddress ?? ''),
  ];
}

function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.floor(length) - 1).join('')}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
