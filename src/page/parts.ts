import type { Risk } from '../changes/change.ts';
import { element, type Markup } from '../drawing/markup.ts';
import type { Network } from '../drawing/network.ts';
import { hostSigns, hostWords } from '../drawing/words.ts';
import { askedLines, askedTitle } from '../report/plan/asked-words.ts';
import { checkShapes } from '../report/plan/check-shapes.ts';
import { type FoldedStep, foldPlans } from '../report/plan/fold.ts';
import { originWords } from '../report/plan/origin-words.ts';
import { peerLines } from '../report/plan/peer-words.ts';
import { countPlan, type PlanReport, plansOf } from '../report/plan/plan-report.ts';
import { containersAtRisk, risksOf } from '../report/plan/plan-risks.ts';
import { reachLines, reachTitle } from '../report/plan/reach-words.ts';
import { shapeText } from '../report/plan/shape-text.ts';
import { warningWords } from '../report/plan/warning-words.ts';
import { count, hostNames, hostsAmong } from '../report/text/host-names.ts';
import { Lists } from '../report/text/many-rows.ts';
import { painter } from '../report/text/paint.ts';
import { inventoryWords, riskWords } from '../report/text/words.ts';
import type { PageData, PageHost } from './data.ts';

/** The page's head: title, counts, risks and unknowns. */
export function summary(title: string, network: Network, report: PlanReport | undefined): Markup {
  if (report === undefined) {
    const size = `${count(network.hosts.length, 'host')}, ${count(network.links.length, 'tunnel')}`;
    return element('header', {}, element('h1', {}, title), element('p', { class: 'soft' }, size));
  }
  const origin = originWords(report);
  const steps = foldPlans(plansOf(report));
  return element(
    'header',
    {},
    element('h1', {}, title),
    element(
      'p',
      { class: 'soft' },
      'Plan of ',
      element('code', {}, report.playbook),
      ' for ',
      element('code', {}, inventoryWords(report)),
    ),
    origin.map((line) => element('p', { class: 'note' }, line)),
    counts(report),
    riskList(report, steps),
    peerList(report),
    warningList(report),
    more(reachTitle, reachLines(report)),
    more('New leases', report.newLeases),
    more(askedTitle, asked(report, steps)),
    checkList(report),
  );
}

function counts(report: PlanReport): Markup {
  const {
    hosts,
    changes,
    create,
    update,
    delete: gone,
    run,
    unchanged,
    unknown,
    unreachable,
  } = countPlan(report);
  const shown: [string, number, string][] = [
    ['', hosts, hosts === 1 ? 'host' : 'hosts'],
    ['', changes, changes === 1 ? 'change' : 'changes'],
    ['create', create, '+ create'],
    ['update', update, '~ update'],
    ['delete', gone, '− delete'],
    ['run', run, '▶ run'],
    ['', unchanged, '= without change'],
    ['unknown', unknown, '? unknown'],
    ['unreachable', unreachable, '✕ unreachable'],
  ];
  return element(
    'ul',
    { class: 'counts', 'aria-label': 'Summary' },
    shown.flatMap(([state, number, what], i) =>
      number === 0 && i > 1
        ? []
        : [element('li', { class: state }, element('b', {}, number.toLocaleString('en')), ` ${what}`)],
    ),
  );
}

function riskList(report: PlanReport, steps: readonly FoldedStep[]): Markup | undefined {
  const plans = plansOf(report);
  const all = plans.map(({ host }) => host);
  const risks = [...risksOf(steps)];
  if (risks.length === 0) return undefined;
  return element(
    'ul',
    { class: 'risks', 'aria-label': 'Risks' },
    risks.map(([risk, hosts]) => {
      const where = hostsAmong(hosts, all);
      return element(
        'li',
        {},
        where === '' ? undefined : [element('b', {}, where), ': '],
        `${riskWords[risk]}${containersAtRisk(risk, hosts, report)}`,
      );
    }),
  );
}

function warningList({ warnings }: PlanReport): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return element(
    'section',
    { class: 'risks', 'aria-label': 'Warnings' },
    element('p', { class: 'title' }, count(warnings.length, 'warning')),
    element(
      'ul',
      {},
      warningWords(warnings).map((line) => element('li', {}, line)),
    ),
  );
}

/** With --limit: hosts outside the selection that would need a change as well. */
function peerList(report: PlanReport): Markup | undefined {
  const lines = peerLines(report.peers ?? []);
  if (lines.length === 0) return undefined;
  return element(
    'section',
    { class: 'risks', 'aria-label': 'Peers' },
    element('p', { class: 'title' }, 'Peers that would also change'),
    element(
      'ul',
      {},
      lines.map(({ sign, text }) => element('li', { class: sign === '?' ? 'unknown' : undefined }, text)),
    ),
  );
}

function asked(report: PlanReport, steps: readonly FoldedStep[]): string[] {
  return askedLines(report, steps).map(
    ({ step, command, hosts }) => `${step}, on ${hostNames([...hosts])}: ${command}`,
  );
}

/** The checks before a run is confirmed, with everything that runs for them. */
function checkList(report: PlanReport): Markup | undefined {
  const { checks } = report;
  if (checks.length === 0) return undefined;
  const all = report.hosts.map(({ plan }) => plan.host);
  const options = { paint: painter(false), width: 100, diff: true, lists: new Lists(true), all };
  const lines = checkShapes(report).flatMap((shape) => shapeText(shape, options));
  return element(
    'details',
    {},
    element('summary', {}, `Checked before it is confirmed (${checks.length})`),
    element('pre', {}, lines.join('\n')),
  );
}

function more(title: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return element(
    'details',
    {},
    element('summary', {}, `${title} (${lines.length})`),
    element(
      'ul',
      {},
      lines.map((line) => element('li', {}, line)),
    ),
  );
}

/** Search, filters and all hosts; filters only if hosts differ in what they filter by. */
export function hostList({ hosts }: PageData): Markup {
  const risks = [...new Set(hosts.flatMap((host) => host.risks))].sort();
  const kinds = [...new Set(hosts.flatMap((host) => host.steps.map(({ kind }) => kind)))].sort();
  const states = [...new Set(hosts.map(({ state }) => state))];
  return element(
    'section',
    { id: 'hosts', 'aria-label': 'Hosts' },
    element(
      'div',
      { class: 'filters', role: 'search' },
      element(
        'label',
        { class: 'wide' },
        element('span', {}, 'Search'),
        element('input', {
          type: 'search',
          id: 'search',
          autocomplete: 'off',
          placeholder: 'name, address, object',
        }),
      ),
      risks.length > 0
        ? select(
            'risk',
            'Risk',
            risks.map((risk) => [risk, riskNames[risk]]),
          )
        : undefined,
      kinds.length > 1
        ? select(
            'kind',
            'Kind',
            kinds.map((kind) => [kind, kind]),
          )
        : undefined,
      states.length > 1
        ? select(
            'state',
            'State',
            states.map((state) => [state, hostWords[state]]),
          )
        : undefined,
    ),
    element('p', { id: 'found', class: 'soft', role: 'status' }, count(hosts.length, 'host')),
    element('ul', { id: 'list' }, hosts.map(listed)),
  );
}

/** A risk in one or two words. */
export const riskNames: Readonly<Record<Risk, string>> = {
  'ssh-path': "SSH's own way",
  'restarts-docker': 'restarts Docker',
  'drops-traffic': 'interrupts traffic',
  'installs-package': 'installs packages',
};

function select(id: string, label: string, options: readonly (readonly [string, string])[]): Markup {
  return element(
    'label',
    {},
    element('span', {}, label),
    element(
      'select',
      { id },
      element('option', { value: '' }, 'any'),
      options.map(([value, text]) => element('option', { value }, text)),
    ),
  );
}

function listed(host: PageHost, index: number): Markup {
  const { name, state, changes, risks } = host;
  const said = state === 'changes' ? count(changes, 'change') : hostWords[state];
  return element(
    'li',
    {},
    element(
      'button',
      { type: 'button', 'data-host': index },
      hostSigns[state] === ''
        ? undefined
        : element('span', { class: `badge ${state}`, 'aria-hidden': 'true' }, hostSigns[state]),
      element('span', { class: 'name' }, name),
      element('span', { class: 'soft' }, said),
      risks.length === 0
        ? undefined
        : element('span', { class: 'risk' }, `! ${risks.map((risk) => riskNames[risk]).join(', ')}`),
    ),
  );
}
