import type { Phase } from './contestants.ts';
import { type Cost, median, spread } from './measure.ts';

/** Every figure of one contestant's phase, one for each round. */
export interface Series {
  readonly contestant: string;
  readonly phase: Phase;
  readonly costs: readonly Cost[];
}

export const referenceName = 'sh over parallel ssh (the reference)';

/** One table for each fleet size: first the ratios to the reference's same phase, then the seconds. */
export function fleetTable(hosts: number, series: readonly Series[]): string {
  const rows = series.map((one) => {
    const base = series.find(({ contestant, phase }) => contestant === referenceName && phase === one.phase);
    const of = (key: keyof Cost) => median(one.costs.map((cost) => cost[key]));
    const ratio = (key: keyof Cost) => (base === undefined ? '' : `${ratioOf(one, base, key).toFixed(2)}×`);
    return [
      one.contestant,
      one.phase,
      ratio('wall'),
      ratio('cpu'),
      ratio('hosts'),
      of('wall').toFixed(2),
      of('cpu').toFixed(2),
      of('hosts').toFixed(2),
      of('rss').toFixed(0),
      `${Math.round(spread(one.costs.map(({ wall }) => wall)) * 100)} %`,
      `${one.costs.length}`,
    ];
  });
  const heads = [
    '',
    'phase',
    'wall',
    'CPU',
    'hosts',
    'wall, s',
    'CPU, s',
    'hosts, s',
    'RSS, MB',
    'spread',
    'rounds',
  ];
  return `### ${hosts} hosts\n\n${table(heads, rows)}`;
}

/**
 * The median of the rounds' own ratios: both sides of each were measured within seconds of each other, so other work
 * of the machine affects both.
 */
function ratioOf(one: Series, base: Series, key: keyof Cost): number {
  const rounds = Math.min(one.costs.length, base.costs.length);
  const ratios = Array.from(
    { length: rounds },
    (_, i) => (one.costs[i]?.[key] ?? 0) / (base.costs[i]?.[key] ?? 0),
  );
  return median(ratios);
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i < 2 ? '---' : '---:'))), ...rows.map(line), ''].join('\n');
}
