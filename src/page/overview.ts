import { escapeControl } from '../diagnostics/escape.ts';
import { element, type Markup } from '../drawing/markup.ts';
import { foldPlans, hostsOf, type Shape } from '../report/plan/fold.ts';
import {
  formerHostLines,
  formerHostsTitle,
  leftOverLines,
  leftOverTitle,
  pruneWords,
  stepTitle,
} from '../report/plan/left-over-words.ts';
import { type PlanReport, plansOf } from '../report/plan/plan-report.ts';
import { count, hostsAmong } from '../report/text/host-names.ts';
import { symbols } from '../report/text/words.ts';

/** What the run does on all hosts together, step by step. Shown while no host is selected. */
export function overview(report: PlanReport): Markup {
  const plans = plansOf(report);
  const all = plans.map(({ host }) => host);
  const steps = foldPlans(plans);
  const loud = steps.filter(({ shapes, unknowns }) => shapes.length + unknowns.length > 0);
  const quiet = steps.length - loud.length;
  const leftOver = leftOverLines(report);
  return element(
    'div',
    { class: 'overview' },
    element('h2', {}, loud.length > 0 ? 'What would be done' : 'Nothing would be done'),
    loud.map(({ shapes, unknowns, ...step }) => {
      const { title, kind } = stepTitle(step);
      return element(
        'section',
        { class: 'step' },
        element('h3', {}, `${title} `, element('span', { class: 'soft' }, kind)),
        shapes.map((shape) => shapeLine(shape, all)),
        unknowns.map(({ value, hosts }) =>
          element('p', { class: 'unknown' }, `? ${value}`, where(hosts, all)),
        ),
      );
    }),
    notes(leftOverTitle, [...leftOver.map(({ text }) => text), ...pruneWords(leftOver)]),
    notes(formerHostsTitle, formerHostLines(report)),
    quiet > 0 ? element('p', { class: 'soft' }, `${count(quiet, 'step')}: no change`) : undefined,
  );
}

function notes(title: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return element(
    'section',
    { class: 'step' },
    element('h3', {}, title),
    lines.map((line) => element('p', {}, escapeControl(line))),
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
