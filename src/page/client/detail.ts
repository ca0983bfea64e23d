import { linkSigns, linkWords } from '../../drawing/words.ts';
import { riskWords, symbols } from '../../report/text/words.ts';
import type { PageChange, PageData, PageHost, PageStep } from '../data.ts';
import { h } from './dom.ts';

/** A step with more changes, or a change with more fields, is collapsed at first. */
const mostOpen = 40;

/** Everything known about one host. */
export function detailOf(data: PageData, index: number): Node[] {
  const host = data.hosts[index] as PageHost;
  return [
    h('h2', { id: 'chosen' }, host.name),
    host.trouble === undefined ? undefined : h('p', { class: 'trouble' }, `✕ ${host.trouble}`),
    host.peer === undefined
      ? undefined
      : h(
          'p',
          { class: 'peer' },
          `${host.state === 'peer' ? 'Would have to change, too: ' : ''}${host.peer}`,
        ),
    facts(host),
    host.risks.length === 0
      ? undefined
      : h(
          'ul',
          { class: 'risks' },
          host.risks.map((risk) => h('li', {}, riskWords[risk])),
        ),
    ...host.steps.map(stepOf),
    host.quiet === 0
      ? undefined
      : h('p', { class: 'soft' }, `${host.quiet} ${host.quiet === 1 ? 'step' : 'steps'}: no change`),
    peers(data, index),
  ].filter((part) => part !== undefined);
}

function facts(host: PageHost): HTMLElement {
  const rows: (readonly [string, string | undefined])[] = [
    ['SSH', host.address],
    ['Underlay', host.underlay],
    ...host.memberships.flatMap(({ overlay, bridgeAddress, fixedCidr }) => [
      [`${overlay}: bridge`, bridgeAddress] as const,
      [`${overlay}: containers`, fixedCidr] as const,
    ]),
    ['Groups', host.groups.join(', ') || undefined],
    ['Running containers', host.containers?.toString()],
  ];
  return h(
    'dl',
    {},
    rows.flatMap(([name, value]) => (value === undefined ? [] : [h('dt', {}, name), h('dd', {}, value)])),
  );
}

function stepOf(step: PageStep): HTMLElement {
  const size = step.changes.reduce((sum, { fields, texts }) => sum + fields.length + texts.length + 1, 0);
  return h(
    'details',
    { class: 'step', ...(size > mostOpen ? {} : { open: '' }) },
    h(
      'summary',
      {},
      `${step.number === undefined ? '' : `${step.number}. `}${step.name} `,
      h('span', { class: 'soft' }, step.kind),
    ),
    step.unknowns.map((reason) => h('p', { class: 'unknown' }, `? unknown: ${reason}`)),
    step.changes.map(changeOf),
  );
}

function changeOf({ action, what, risks, afterwards, fields, texts }: PageChange): HTMLElement {
  return h(
    'div',
    { class: `change ${action}` },
    h('h3', {}, h('span', { class: 'sign' }, symbols[action]), ` ${action} ${what}`),
    fields.length === 0 ? undefined : table(action, fields),
    texts.map(({ name, diff }) =>
      h('figure', {}, h('figcaption', {}, name), h('pre', { tabindex: '0' }, diff.map(diffLine))),
    ),
    risks.map((risk) => h('p', { class: 'risk' }, `! ${riskWords[risk]}`)),
    afterwards.length === 0 ? undefined : h('p', { class: 'soft' }, `then once: ${afterwards.join(', ')}`),
  );
}

function table(action: PageChange['action'], fields: PageChange['fields']): HTMLElement {
  return h(
    'table',
    {},
    h(
      'tbody',
      {},
      fields.map(([name, before, after]) =>
        h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, ...values(action, before, after))),
      ),
    ),
  );
}

function values(
  action: PageChange['action'],
  before: string | null,
  after: string | null,
): (Node | string)[] {
  if (action !== 'update') return [after ?? before ?? ''];
  const value = (tag: string, text: string | null) =>
    text === null ? h('i', {}, '(none)') : h(tag, {}, text);
  return [value('del', before), ' → ', value('ins', after)];
}

function diffLine(line: string): HTMLElement {
  const tag = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : 'span';
  return h(tag, line.startsWith('@@') ? { class: 'soft' } : {}, `${line}\n`);
}

/** The host's tunnels from its side, with buttons that lead to the other end. */
function peers({ hosts, links, overlays }: PageData, index: number): HTMLElement | undefined {
  const own = links.filter(([a, b]) => a === index || b === index);
  if (own.length === 0) return undefined;
  const several = overlays.length > 1;
  return h(
    'details',
    { class: 'step', ...(own.length > mostOpen ? {} : { open: '' }) },
    h('summary', {}, `Tunnels `, h('span', { class: 'soft' }, String(own.length))),
    h(
      'table',
      { class: 'peers' },
      h(
        'tbody',
        {},
        own.map(([a, b, overlay, atA, atB]) => {
          const [peer, state] = a === index ? [b, atA] : [a, atB];
          return h(
            'tr',
            { class: state },
            h(
              'th',
              { scope: 'row' },
              h('button', { type: 'button', 'data-go': String(peer) }, hosts[peer]?.name),
            ),
            several ? h('td', {}, overlays[overlay]) : undefined,
            h('td', {}, `${linkSigns[state]} ${linkWords[state]}`),
          );
        }),
      ),
    ),
  );
}
