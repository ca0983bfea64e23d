import { element, type Markup } from '../drawing/markup.ts';
import { foldPlans, hostsOf, type Shape } from '../report/fold.ts';
import { count, hostsAmong } from '../report/host-names.ts';
import { type PlanReport, plansOf } from '../report/plan-report.ts';
import { symbols } from '../report/words.ts';

/** What the run does on all hosts together, step by step: what is shown while no host is chosen. */
export function overview(report: PlanReport): Markup {
  const plans = plansOf(report);
  const all = plans.map(({ host }) => host);
  const steps = foldPlans(plans);
  const loud = steps.filter(({ shapes, unknowns }) => shapes.length + unknowns.length > 0);
  const quiet = steps.length - loud.length;
  return element(
    'div',
    { class: 'overview' },
    element('h2', {}, loud.length > 0 ? 'What would be done' : 'Nothing would be done'),
    loud.map(({ index, name, kind, shapes, unknowns }) =>
      element(
        'section',
        { class: 'step' },
        element('h3', {}, `${index + 1}. ${name} `, element('span', { class: 'soft' }, kind)),
        shapes.map((shape) => shapeLine(shape, all)),
        unknowns.map(({ value, hosts }) =>
          element('p', { class: 'unknown' }, `? ${value}`, where(hosts, all)),
        ),
      ),
    ),
    quiet > 0 ? element('p', { class: 'soft' }, `${count(quiet, 'step')}: no change`) : undefined,
  );
}

function shapeLine(shape: Shape, all: readonly string[]): Markup {
  const { action, noun, target } = shape[0].change;
  const objects = new Set(shape.map(({ change }) => change.target)).size;
  return element(
    'p',
    { class: `change ${action}` },
    element('span', { class: 'sign' }, symbols[action]),
    ` ${objects > 1 ? `${noun} × ${objects}` : `${noun} ${target}`}`,
    where(hostsOf(shape), all),
  );
}

function where(hosts: ReadonlySet<string>, all: readonly string[]): Markup | undefined {
  const names = hostsAmong(hosts, all);
  return names === '' ? undefined : element('span', { class: 'soft' }, ` on ${names}`);
}
