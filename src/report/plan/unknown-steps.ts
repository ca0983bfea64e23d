import { escapeControl } from '../../diagnostics/escape.ts';
import { hang } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { count, hostsAmong } from '../text/host-names.ts';
import type { Paint } from '../text/paint.ts';
import type { FoldedStep, Shared } from './fold.ts';

/** One reason why several steps are unknown on the same hosts. */
interface SharedUnknown extends Shared<string> {
  readonly steps: readonly FoldedStep[];
}

/**
 * Takes out of the steps the unknowns that several of them share: without facts, all steps have the same reason, and a
 * plan would repeat it two hundred times.
 */
export function sharedUnknowns(steps: readonly FoldedStep[]): {
  shared: SharedUnknown[];
  rest: FoldedStep[];
} {
  const all = steps.flatMap((step) => step.unknowns.map((unknown) => ({ step, unknown })));
  const groups = groupBy(all, ({ unknown: { value, hosts } }) => JSON.stringify([value, [...hosts]]));
  const repeated = groups.filter((group) => group.length > 1);
  const taken = new Set(repeated.flat().map(({ unknown }) => unknown));
  return {
    shared: repeated.map((group) => ({ ...group[0].unknown, steps: group.map(({ step }) => step) })),
    rest: steps
      .map((step) => ({ ...step, unknowns: step.unknowns.filter((unknown) => !taken.has(unknown)) }))
      .filter((step, i) => !(isQuiet(step) && (steps[i]?.unknowns.length ?? 0) > 0)),
  };
}

/** Whether a step has nothing to show. */
export function isQuiet({ shapes, unknowns }: FoldedStep): boolean {
  return shapes.length === 0 && unknowns.length === 0;
}

export function sharedUnknownsText(
  shared: readonly SharedUnknown[],
  { paint, width, all }: { paint: Paint; width: number; all: readonly string[] },
): string[] {
  if (shared.length === 0) return [];
  const lines = shared.flatMap(({ value, hosts, steps }) => {
    const on = hostsAmong(hosts, all);
    const where = on === '' ? '' : ` on ${on}`;
    const numbers = ranges(steps.map(({ index }) => index + 1));
    return hang(
      '   ? ',
      `${count(steps.length, 'step')} (${numbers})${where}: ${escapeControl(value)}`,
      width,
    );
  });
  return [paint('bold', 'Unknown'), ...lines.map((line) => paint('magenta', line))];
}

/** `1-4, 6`. */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const n of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && n - last[1] <= 1) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
