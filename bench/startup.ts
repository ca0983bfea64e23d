import { join } from 'node:path';
import { type Cost, measure, median } from './measure.ts';
import { table } from './report.ts';

/** What meshbook costs before it does anything, compared with Node itself. */
export async function startup(rounds: number, folder: string): Promise<string> {
  const meshbook = join(import.meta.dirname, '../bin/meshbook');
  const programs: readonly (readonly [string, readonly string[]])[] = [
    ['node -e 0', [process.execPath, '-e', '0']],
    ['meshbook --version', [meshbook, '--version']],
    ['meshbook --help', [meshbook, '--help']],
    [
      'meshbook validate',
      [
        meshbook,
        'validate',
        '-i',
        join(import.meta.dirname, '../inventory/lab.yml'),
        join(import.meta.dirname, 'mesh.yml'),
      ],
    ],
  ];
  const costs = new Map<string, Cost[]>(programs.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, argv] of programs) costs.get(name)?.push(await measure(argv, { folder }));
  }
  const of = (name: string, key: keyof Cost) => median((costs.get(name) ?? []).map((cost) => cost[key]));
  const rows = programs.map(([name]) => [
    name,
    `${rounds} rounds`,
    `${(of(name, 'wall') / of('node -e 0', 'wall')).toFixed(2)}×`,
    `${(of(name, 'cpu') / of('node -e 0', 'cpu')).toFixed(2)}×`,
    of(name, 'wall').toFixed(3),
    of(name, 'cpu').toFixed(3),
    of(name, 'rss').toFixed(0),
  ]);
  return `### Start-up\n\n${table(['', '', 'wall', 'CPU', 'wall, s', 'CPU, s', 'RSS, MB'], rows)}`;
}
